using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Generation;

/// <summary>When a generated record was last changed: some moment of the sixty days before school starts, as offices enter data in summer.</summary>
internal sealed class InitialStamp(int seed, DateOnly schoolYearStart)
{
    private const long Minute = 60_000;
    private readonly long start = new DateTimeOffset(schoolYearStart, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Unix milliseconds.</summary>
    public long Of(Kind kind, int row)
    {
        var dice = Dice.For(seed, Throw.Modified, ((long)kind << 32) | (uint)row);
        return start - Minute - (dice.Below(60 * 24 * 60) * Minute) + dice.Below(60_000);
    }
}
