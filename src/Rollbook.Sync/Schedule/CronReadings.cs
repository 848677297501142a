using Quartz;

namespace Rollbook.Sync.Schedule;

/// <summary>
/// A cron expression in Quartz's syntax: seconds, minutes, hours, day of the month, month, day of the week, and perhaps the year. It is read against the wall clock, so
/// that daylight saving does to it what it does to any other schedule.
/// </summary>
internal sealed class CronReadings : IReadings
{
    private readonly CronExpression expression;

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It can't be read; the message says why.</exception>
    internal CronReadings(string cron) => expression = new CronExpression(cron, TimeZoneInfo.Utc);

    /// <inheritdoc/>
    public DateTime? After(DateTime reading) =>
        expression.GetNextValidTimeAfter(new DateTimeOffset(reading, TimeSpan.Zero)) is { } next
            ? DateTime.SpecifyKind(next.UtcDateTime, DateTimeKind.Unspecified)
            : null;
}
