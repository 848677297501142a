namespace Rollbook.Sync.Runs;

/// <summary>A person's wish to publish a run that waits.</summary>
/// <param name="Decision">Who, when and why.</param>
/// <param name="Shown">The run's report as it was shown; of its change set and of no other one is the wish.</param>
internal sealed record RunApproval(RunDecision Decision, RunReport Shown)
{
    /// <summary>The state in which the run waited, and waits again when its change set is another by now.</summary>
    internal RunState WaitsAs => Shown.WaitsAs!.Value;
}
