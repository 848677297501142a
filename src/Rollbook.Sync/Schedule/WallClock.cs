namespace Rollbook.Sync.Schedule;

/// <summary>
/// The clock on the wall of a time zone, which is what people mean by "at 02:00". A reading that the wall clock shows twice, when it is turned back, means the first
/// time; one that it skips, when it is turned forward, means the moment of the turn. So a later reading never comes before an earlier one.
/// </summary>
/// <remarks>
/// Only the way from an instant to a reading is asked of <see cref="TimeZoneInfo"/>. The clock is taken to be turned at most once within two days, which holds for every
/// zone of the IANA database since 1970.
/// </remarks>
internal sealed class WallClock(TimeZoneInfo zone)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What it shows at an instant.</summary>
    internal DateTime At(DateTimeOffset instant) => DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(instant, zone).DateTime, DateTimeKind.Unspecified);

    /// <summary>When it shows a reading for the first time, or skips it.</summary>
    internal WallInstant When(DateTime reading)
    {
        var before = Offset(new DateTimeOffset(reading, TimeSpan.Zero) - Day);
        var after = Offset(new DateTimeOffset(reading, TimeSpan.Zero) + Day);
        var (early, late) = before > after ? (before, after) : (after, before);
        var first = new DateTimeOffset(reading, early).ToUniversalTime();
        var second = new DateTimeOffset(reading, late).ToUniversalTime();
        if (At(first) == reading)
        {
            return new(first, first != second && At(second) == reading ? ClockTurn.Back : ClockTurn.None);
        }

        return At(second) == reading ? new(second, ClockTurn.None) : new(Turn(first, second), ClockTurn.Forward);
    }

    /// <summary>The moment, to the second, at which the clock is turned between two instants.</summary>
    private DateTimeOffset Turn(DateTimeOffset before, DateTimeOffset after)
    {
        var (low, high) = (before.ToUnixTimeSeconds(), after.ToUnixTimeSeconds());
        var old = Offset(before);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Offset(DateTimeOffset.FromUnixTimeSeconds(middle)) == old ? (middle, high) : (low, middle);
        }

        return DateTimeOffset.FromUnixTimeSeconds(high);
    }

    private TimeSpan Offset(DateTimeOffset instant) => zone.GetUtcOffset(instant);
}

/// <summary>The instant that a reading of the wall clock means.</summary>
/// <param name="Instant">In UTC.</param>
/// <param name="Turn">Whether the clock is turned just then.</param>
internal readonly record struct WallInstant(DateTimeOffset Instant, ClockTurn Turn);

/// <summary>What daylight saving does to a time of a schedule.</summary>
public enum ClockTurn
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The clock is turned forward over the time: it runs right after the turn.</summary>
    Forward,

    /// <summary>The clock is turned back and shows the time twice: it runs the first time.</summary>
    Back,
}
