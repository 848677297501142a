using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Schedule;

/// <summary>
/// When an app is imported by itself: the one calculation behind the scheduler, the page, the tile and the command line (product.md 3.8). Times are those of the wall
/// clock in the district's time zone; <see cref="ClockTurn"/> says what becomes of them when the clock is turned.
/// </summary>
public sealed class ScheduleTimes
{
    private readonly SyncSchedule schedule;
    private readonly WallClock clock;
    private readonly IReadings readings;

    /// <summary>The times of a schedule that <see cref="ScheduleRules"/> has not refused.</summary>
    /// <exception cref="FormatException">The cron expression can't be read.</exception>
    public ScheduleTimes(SyncSchedule schedule, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(zone);
        (this.schedule, clock) = (schedule, new WallClock(zone));
        readings = schedule.Cron is { } cron ? new CronReadings(cron) : new DayReadings(schedule);
    }

    /// <summary>The first time after an instant; null when there is none, since the schedule has ended.</summary>
    public DateTimeOffset? After(DateTimeOffset instant) => TimeAfter(instant)?.At;

    /// <summary>The next times after an instant, at most <paramref name="count"/>.</summary>
    public IReadOnlyList<ScheduledTime> Next(DateTimeOffset instant, int count)
    {
        var times = new List<ScheduledTime>(count);
        while (times.Count < count && TimeAfter(instant) is { } time)
        {
            times.Add(time);
            instant = time.At;
        }

        return times;
    }

    private ScheduledTime? TimeAfter(DateTimeOffset instant)
    {
        // While the clock shows an hour for the second time, the rest of that hour has run already; hence the loop.
        for (var reading = readings.After(clock.At(instant)); reading is { } next; reading = readings.After(next))
        {
            if (schedule.Until is { } until && DateOnly.FromDateTime(next) > until)
            {
                return null;
            }

            var time = clock.When(next);
            if (time.Instant > instant)
            {
                return new ScheduledTime(time.Instant, time.Turn);
            }
        }

        return null;
    }
}

/// <summary>One time of a schedule.</summary>
/// <param name="At">The instant, in UTC.</param>
/// <param name="Turn">Whether daylight saving has a say in it.</param>
public sealed record ScheduledTime(DateTimeOffset At, ClockTurn Turn);

/// <summary>The readings of the wall clock at which a schedule runs.</summary>
internal interface IReadings
{
    /// <summary>The first reading after one; null when there is none.</summary>
    DateTime? After(DateTime reading);
}
