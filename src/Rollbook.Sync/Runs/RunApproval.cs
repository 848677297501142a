namespace Rollbook.Sync.Runs;

/// <summary>A person's wish to publish a run that waits.</summary>
/// <param name="Hash">Of the change set that the person saw: no other one is published by it.</param>
/// <param name="Decision">Who, when and why.</param>
/// <param name="WaitedAs">The state in which the run waited, and waits again when its change set is another by now.</param>
/// <param name="Shown">The run's report as it was shown.</param>
internal sealed record RunApproval(string Hash, RunDecision Decision, RunState WaitedAs, RunReport Shown);
