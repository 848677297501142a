using Quartz;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Schedule;

/// <summary>
/// The reference: somebody who looks at the clock on the wall every minute and writes down the furthest reading so far. What the schedule asks for between that and
/// the next further one, runs now; while the clock shows an hour again, nothing does.
/// </summary>
internal static class SlowTimes
{
    internal static IEnumerable<DateTimeOffset> After(SyncSchedule schedule, TimeZoneInfo zone, DateTimeOffset instant, TimeSpan span)
    {
        // Two days before, so that the furthest reading is known when the span begins.
        var minute = new DateTimeOffset(instant.Ticks - (instant.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero).AddDays(-2);
        var furthest = Reading(minute, zone);
        for (var now = minute.AddMinutes(1); now <= instant + span; now = now.AddMinutes(1))
        {
            var reading = Reading(now, zone);
            if (reading <= furthest)
            {
                continue;
            }

            var runs = false;
            for (var asked = furthest.AddMinutes(1); asked <= reading; asked = asked.AddMinutes(1))
            {
                runs |= Asks(schedule, asked);
            }

            furthest = reading;
            if (runs && now > instant)
            {
                yield return now;
            }
        }
    }

    private static DateTime Reading(DateTimeOffset instant, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    private static bool Asks(SyncSchedule schedule, DateTime reading)
    {
        var day = DateOnly.FromDateTime(reading);
        if (day > (schedule.Until ?? DateOnly.MaxValue))
        {
            return false;
        }

        if (schedule.Cron is { } cron)
        {
            return new CronExpression(cron, TimeZoneInfo.Utc).IsSatisfiedBy(new DateTimeOffset(reading, TimeSpan.Zero));
        }

        var days = DateTime.DaysInMonth(day.Year, day.Month);
        return schedule.Times.Contains(TimeOnly.FromDateTime(reading))
            && schedule.Days switch
            {
                ScheduleDays.Weekly => schedule.Weekdays.Contains(day.DayOfWeek),
                ScheduleDays.Monthly => schedule.MonthDays.Any(wanted => Math.Min(wanted, days) == day.Day),
                _ => true,
            };
    }
}
