using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Schedule;

/// <summary>Days and times: at each of the times, on every day, on some days of the week, or on some days of the month.</summary>
internal sealed class DayReadings(SyncSchedule schedule) : IReadings
{
    /// <summary>Two months hold every day of the week and every day of the month.</summary>
    private const int LongestPause = 62;

    private readonly TimeOnly[] times = [.. schedule.Times.Order()];

    /// <inheritdoc/>
    public DateTime? After(DateTime reading)
    {
        var today = DateOnly.FromDateTime(reading);
        for (var day = today; day <= today.AddDays(LongestPause); day = day.AddDays(1))
        {
            if (!Runs(day))
            {
                continue;
            }

            foreach (var time in times)
            {
                if (day.ToDateTime(time) is var next && next > reading)
                {
                    return next;
                }
            }
        }

        return null;
    }

    private bool Runs(DateOnly day) =>
        schedule.Days switch
        {
            ScheduleDays.Weekly => schedule.Weekdays.Contains(day.DayOfWeek),
            ScheduleDays.Monthly => schedule.MonthDays.Contains(day.Day) || (IsLastOfMonth(day) && schedule.MonthDays.Any(other => other > day.Day)),
            _ => true,
        };

    /// <summary>A day that a shorter month does not have is its last day (product.md 3.8).</summary>
    private static bool IsLastOfMonth(DateOnly day) => day.Day == DateTime.DaysInMonth(day.Year, day.Month);
}
