namespace Rollbook.Sources.OneRoster;

/// <summary>What the next step over an endpoint gave.</summary>
internal abstract record WalkStep
{
    /// <summary>A page of at least one row.</summary>
    public sealed record Rows(Page Page) : WalkStep;

    /// <summary>There is no more, and that was made sure of.</summary>
    public sealed record End : WalkStep;

    /// <summary>Offsets do not mean what they should: what was read may have gaps.</summary>
    public sealed record Unstable(string Why) : WalkStep;

    /// <summary>The endpoint can't be read at all (not there, or forbidden).</summary>
    public sealed record Refused(RequestFailure Failure) : WalkStep;
}
