using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Schedule;

namespace Rollbook.Host.Output;

/// <summary>A schedule and its next times for the command line; the document is described in docs/guide/schedule.md.</summary>
internal static class ScheduleOutput
{
    internal static JsonObject Json(string app, SyncSchedule? schedule, TimeZoneInfo zone, IReadOnlyList<ScheduledTime> next) =>
        new()
        {
            ["app"] = app,
            ["schedule"] = schedule is null ? null : Json(schedule),
            ["timeZone"] = zone.Id,
            ["next"] = new JsonArray([.. next.Select(time => (JsonNode)time.At.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture))]),
        };

    /// <summary>As in the configuration file, in one line.</summary>
    internal static string Words(SyncSchedule schedule)
    {
        var until = schedule.Until is { } end ? $", until {Day(end)}" : "";
        return schedule.Cron is { } cron ? cron + until : $"{Days(schedule)} at {string.Join(", ", schedule.Times.Select(Time))}{until}";
    }

    internal static string Words(ScheduledTime time, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(time.At, zone).ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return time.Turn switch
        {
            ClockTurn.Forward => local + " (the clock is turned forward)",
            ClockTurn.Back => local + " (the first of two)",
            _ => local,
        };
    }

    private static JsonObject Json(SyncSchedule schedule)
    {
        var document = new JsonObject();
        if (schedule.Cron is { } cron)
        {
            document["cron"] = cron;
        }
        else
        {
            document["days"] = schedule.Days switch
            {
                ScheduleDays.Weekly => new JsonArray([.. schedule.Weekdays.Select(day => (JsonNode)Word(day))]),
                ScheduleDays.Monthly => new JsonArray([.. schedule.MonthDays.Select(day => (JsonNode)day)]),
                _ => "daily",
            };
            document["times"] = new JsonArray([.. schedule.Times.Select(time => (JsonNode)Time(time))]);
        }

        document["until"] = schedule.Until is { } until ? Day(until) : null;
        return document;
    }

    private static string Days(SyncSchedule schedule) =>
        schedule.Days switch
        {
            ScheduleDays.Weekly => string.Join(", ", schedule.Weekdays.Select(Word)),
            ScheduleDays.Monthly => "day " + string.Join(", ", schedule.MonthDays),
            _ => "daily",
        };

    private static string Word(DayOfWeek day) => day.ToString().ToLowerInvariant();

    private static string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
