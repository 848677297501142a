using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Quality;

/// <summary>The runs of an app that say how good its data is.</summary>
/// <param name="Run">The last run whose upload was accepted, whatever it was for.</param>
/// <param name="Import">The last of them that read the source; null when the app's data was removed since.</param>
public sealed record AcceptedRuns(RunRecord Run, RunRecord? Import)
{
    private const int AtOnce = 30;

    /// <summary>What they found. A run that did not read the source has no findings of its files; those of the last one that did still hold.</summary>
    public RunReport Report { get; } =
        RunReport.FromJson(Run.Report) with
        {
            Findings = Import is null ? [] : RunReport.FromJson(Import.Report).Findings,
        };

    /// <summary>Finds them, however many runs failed since; null before the first import.</summary>
    public static async Task<AcceptedRuns?> ReadAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (
            await store.Uploads.AcceptedAsync(app, cancellationToken) is not { } accepted
            || await store.Runs.GetAsync(accepted.Run, cancellationToken) is not { } run
        )
        {
            return null;
        }

        for (IReadOnlyList<RunRecord> runs = [run]; runs.Count > 0; )
        {
            if (runs.FirstOrDefault(each => IsAccepted(each) && Purpose(each) != RunPurpose.Uniting) is { } found)
            {
                return new AcceptedRuns(run, Purpose(found) == RunPurpose.Import ? found : null);
            }

            runs = await store.Runs.ListAsync(app, runs[^1].Number, AtOnce, cancellationToken);
        }

        return new AcceptedRuns(run, Import: null);
    }

    /// <summary>What is wrong, what costs most first.</summary>
    public async Task<IReadOnlyList<RootCause>> CausesAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var counts = await store.Issues.CountAsync(Run.App, cancellationToken);
        return RootCauses.Of(counts, await store.Issues.TargetsAsync(Run.App, cancellationToken), Report);
    }

    /// <summary>Whether a run's upload was accepted.</summary>
    public static bool IsAccepted(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return RunStates.FromWord(run.State) is RunState.Published or RunState.Unchanged;
    }

    private static RunPurpose Purpose(RunRecord run) => RunReport.FromJson(run.Report).Purpose;
}
