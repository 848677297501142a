using System.Globalization;
using Rollbook.Sync.Configuration;

namespace Rollbook.Web.Features.Setup;

/// <summary>A schedule in a sentence.</summary>
internal static class ScheduleWords
{
    internal static string Of(SyncSchedule schedule, TimeZoneInfo zone)
    {
        var until = schedule.Until is { } end ? $", until {end.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture)}" : "";
        if (schedule.Cron is { } cron)
        {
            return $"By the cron expression {cron}{until}, {zone.Id}.";
        }

        var days = schedule.Days switch
        {
            ScheduleDays.Weekly => "Every " + string.Join(", ", schedule.Weekdays),
            ScheduleDays.Monthly => "Every month on day " + string.Join(", ", schedule.MonthDays),
            _ => "Every day",
        };
        var times = string.Join(", ", schedule.Times.Select(time => time.ToString("HH:mm", CultureInfo.InvariantCulture)));
        return $"{days} at {times}{until}, {zone.Id}.";
    }
}
