using Rollbook.Sync.Schedule;

namespace Rollbook.Sync.Configuration;

/// <summary>Which schedules can be carried out: one rule for the file and for the console.</summary>
/// <param name="shortestInterval">How soon after each other two imports of an app may begin; the operator's setting <c>Schedule:ShortestInterval</c>, a day at most.</param>
public sealed class ScheduleRules(TimeSpan shortestInterval)
{
    /// <summary>Every five minutes: an import that is begun more often would only get in its own way.</summary>
    public static TimeSpan DefaultShortestInterval { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The rules that hold where the operator says nothing.</summary>
    public static ScheduleRules Default { get; } = new(DefaultShortestInterval);

    /// <summary>Why a schedule can't be carried out; null when it can.</summary>
    public ScheduleRefusal? Refuse(SyncSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (schedule.Cron is { } cron)
        {
            return schedule.Times.Count > 0 || schedule.Days != ScheduleDays.Daily
                ? new(SchedulePart.Cron, "expected either days and times or cron, not both.")
                : RefuseCron(cron);
        }

        return schedule switch
        {
            { Times.Count: 0 } => new(SchedulePart.Times, "expected at least one time, such as times: [\"02:00\"]."),
            { Days: ScheduleDays.Weekly, Weekdays.Count: 0 } => new(SchedulePart.Days, "expected at least one day of the week."),
            { Days: ScheduleDays.Monthly, MonthDays.Count: 0 } => new(SchedulePart.Days, "expected at least one day of the month."),
            _ => TooOften(new DayReadings(schedule), SchedulePart.Times),
        };
    }

    private ScheduleRefusal? RefuseCron(string cron)
    {
        var fields = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length;
        if (fields is not (6 or 7) && !cron.TrimStart().StartsWith('@'))
        {
            return new(
                SchedulePart.Cron,
                $"expected six fields (second, minute, hour, day of the month, month, day of the week) and perhaps a year, such as \"0 0 2 * * ?\" for every day at 02:00, found {fields}."
            );
        }

        CronReadings readings;
        try
        {
            readings = new CronReadings(cron);
        }
        catch (FormatException exception)
        {
            return new(SchedulePart.Cron, $"this cron expression can't be read: {exception.Message.TrimEnd('.')}.");
        }

        return readings.After(Readings.Start) is null
            ? new(SchedulePart.Cron, "this cron expression names a time that never comes, such as the 30th of February.")
            : TooOften(readings, SchedulePart.Cron);
    }

    private ScheduleRefusal? TooOften(IReadings readings, SchedulePart part) =>
        Readings.CloserThan(readings, shortestInterval) is { } pair
            ? new(
                part,
                FormattableString.Invariant(
                    $"two imports need at least {Words(shortestInterval)} between them; {pair.First:HH:mm:ss} and {pair.Second:HH:mm:ss} are closer."
                )
            )
            : null;

    private static string Words(TimeSpan time) =>
        time.TotalMinutes >= 1 && time.Ticks % TimeSpan.TicksPerMinute == 0
            ? FormattableString.Invariant($"{time.TotalMinutes:0} minutes")
            : FormattableString.Invariant($"{time.TotalSeconds:0.###} seconds");
}

/// <summary>Why a schedule can't be carried out.</summary>
/// <param name="Part">Where the reason lies.</param>
/// <param name="Message">What was expected, and what to write.</param>
public sealed record ScheduleRefusal(SchedulePart Part, string Message);

/// <summary>A part of a schedule.</summary>
public enum SchedulePart
{
    /// <summary>Days of the week or of the month.</summary>
    Days,

    /// <summary>Times of the day.</summary>
    Times,

    /// <summary>The cron expression.</summary>
    Cron,
}
