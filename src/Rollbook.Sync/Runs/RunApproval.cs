using Rollbook.Model;

namespace Rollbook.Sync.Runs;

/// <summary>A wish to publish a run that waits, or to look anew at what it would change.</summary>
/// <param name="Decision">Who, when and why; null where its changes are only to be shown anew.</param>
/// <param name="Shown">The run's report as it was shown; of its changes and of no others is the wish.</param>
/// <param name="Left">What is left out of it.</param>
internal sealed record RunApproval(RunDecision? Decision, RunReport Shown, LeftChanges Left)
{
    /// <summary>The state in which the run waited, and waits again when there are changes by now that were not shown.</summary>
    internal RunState WaitsAs => Shown.WaitsAs!.Value;
}

/// <summary>Changes that are left out of what is published.</summary>
/// <param name="Records">The records that are to stay as they are.</param>
/// <param name="Counts">How many changes, by kind.</param>
internal sealed record LeftChanges(IReadOnlySet<(Family Family, RollbookId Id)> Records, IReadOnlyDictionary<Kind, ChangeCounts> Counts)
{
    /// <summary>None.</summary>
    internal static LeftChanges None { get; } = new(new HashSet<(Family, RollbookId)>(), new Dictionary<Kind, ChangeCounts>());
}
