using CsCheck;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Schedule;

/// <summary>Random schedules, zones and moments, of which many lie where a clock is turned.</summary>
internal static class Schedules
{
    private static readonly TimeZoneInfo[] Zones =
    [
        .. new[]
        {
            "UTC",
            "America/Los_Angeles",
            "America/New_York",
            "America/Phoenix",
            "America/Anchorage",
            "America/St_Johns",
            "Pacific/Honolulu",
            "Pacific/Guam",
            "Australia/Lord_Howe",
            "Europe/Dublin",
            "Africa/Casablanca",
            "Asia/Kathmandu",
        }.Select(TimeZoneInfo.FindSystemTimeZoneById),
    ];

    private static readonly (TimeZoneInfo Zone, DateTimeOffset At)[] Turns = [.. Zones.SelectMany(zone => TurnsOf(zone).Select(at => (zone, at)))];

    internal static Gen<TimeZoneInfo> Zone { get; } = Gen.OneOf(Zones);

    /// <summary>Any moment of some years, to the second.</summary>
    internal static Gen<DateTimeOffset> Instant { get; } =
        Gen.Int[0, 4 * 366 * 86_400].Select(seconds => new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds));

    /// <summary>A zone that turns its clock, and a moment from a day before a turn to some hours after it.</summary>
    internal static Gen<(TimeZoneInfo Zone, DateTimeOffset Instant)> AtTurn { get; } =
        Gen.Select(Gen.OneOf(Turns), Gen.Int[-24 * 3600, 6 * 3600], (turn, seconds) => (turn.Zone, turn.At.AddSeconds(seconds)));

    /// <summary>The moments of 2026, to the hour, at which a zone's clock is turned.</summary>
    private static IEnumerable<DateTimeOffset> TurnsOf(TimeZoneInfo zone) =>
        Enumerable
            .Range(0, 365 * 24)
            .Select(hour => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hour))
            .Where(at => zone.GetUtcOffset(at) != zone.GetUtcOffset(at.AddHours(1)));

    private static Gen<IReadOnlyList<TimeOnly>> Times { get; } =
        // Half of the times lie in the small hours, when clocks are turned.
        Gen.OneOf(Gen.Int[0, 24 * 12 - 1], Gen.Int[0, 4 * 12])
            .Array[1, 5]
            .Select(slots => (IReadOnlyList<TimeOnly>)[.. slots.Distinct().Order().Select(slot => TimeOnly.MinValue.AddMinutes(slot * 5))]);

    private static Gen<DateOnly?> Until { get; } =
        Gen.OneOf<DateOnly?>(Gen.Const((DateOnly?)null), Gen.Int[0, 1_500].Select(days => (DateOnly?)new DateOnly(2025, 1, 1).AddDays(days)));

    private static Gen<string> Cron { get; } =
        Gen.OneOf(
            Gen.OneOf("0 0/15 * * * ?", "0 30 1-3 * * ?", "0 0 2 L * ?", "0 0 2 ? * 6#3", "0 0 23 LW * ?", "0 59 1 15W * ?", "0 0 2 1 * MON"),
            Gen.Select(Gen.Int[0, 59], Gen.Int[0, 23], Gen.OneOf("*", "MON-FRI", "SUN"), (minute, hour, days) => $"0 {minute} {hour} ? * {days}")
        );

    /// <summary>Every kind of schedule; none that the rules refuse.</summary>
    internal static Gen<SyncSchedule> Any { get; } =
        Gen.OneOf(
            Gen.Select(Times, Until, (times, until) => new SyncSchedule { Times = times, Until = until }),
            Gen.Select(
                Times,
                Until,
                Gen.Int[0, 6].Array[1, 4],
                (times, until, days) =>
                    new SyncSchedule
                    {
                        Days = ScheduleDays.Weekly,
                        Weekdays = [.. days.Distinct().Order().Select(day => (DayOfWeek)day)],
                        Times = times,
                        Until = until,
                    }
            ),
            Gen.Select(
                Times,
                Until,
                Gen.OneOf(Gen.Int[1, 31], Gen.Int[28, 31]).Array[1, 4],
                (times, until, days) =>
                    new SyncSchedule
                    {
                        Days = ScheduleDays.Monthly,
                        MonthDays = [.. days.Distinct().Order()],
                        Times = times,
                        Until = until,
                    }
            ),
            Gen.Select(Cron, Until, (cron, until) => new SyncSchedule { Cron = cron, Until = until })
        );
}
