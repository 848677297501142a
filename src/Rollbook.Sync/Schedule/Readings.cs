namespace Rollbook.Sync.Schedule;

/// <summary>What can be told of the readings of any schedule.</summary>
internal static class Readings
{
    /// <summary>Days that are looked at for two readings on both sides of a midnight: enough for every pair of days of the week or of the month.</summary>
    private const int Midnights = 64;

    /// <summary>Before every reading that matters.</summary>
    internal static DateTime Start { get; } = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    /// <summary>Two readings that are closer than an interval of a day at most; null when there are none.</summary>
    /// <remarks>Days differ in whether they have readings, never in which, so that one day is looked at as a whole and of others only the end.</remarks>
    internal static (DateTime First, DateTime Second)? CloserThan(IReadings readings, TimeSpan interval)
    {
        if (readings.After(Start) is not { } first)
        {
            return null;
        }

        for (var reading = first; readings.After(reading) is { } next; reading = next)
        {
            if (next - reading < interval)
            {
                return (reading, next);
            }

            if (next.Date != first.Date)
            {
                break;
            }
        }

        var day = first.Date;
        for (var i = 0; i < Midnights; i++)
        {
            var end = day.AddDays(1);
            var last = readings.After(end - interval);
            if (last < end && readings.After(last.Value) is { } next && next - last < interval)
            {
                return (last.Value, next);
            }

            if (readings.After(end.AddTicks(-1)) is not { } later)
            {
                break;
            }

            day = later.Date;
        }

        return null;
    }
}
