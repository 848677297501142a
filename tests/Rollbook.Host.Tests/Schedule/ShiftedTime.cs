namespace Rollbook.Host.Tests.Schedule;

/// <summary>A clock that goes as fast as the real one and shows another time, so that a night or a change of the clock is a second away.</summary>
internal sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
{
    private readonly long began = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(began);
}
