namespace Rollbook.Web.Tests.Site;

/// <summary>The real time, and what a test adds to it.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private TimeSpan shift;

    public void Pass(TimeSpan time) => shift += time;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
}
