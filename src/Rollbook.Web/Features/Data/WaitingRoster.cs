using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.History;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Data;

/// <summary>The roster as it would be after a run that waits: what is said of it, and why it can't be looked at when it can't.</summary>
public sealed class WaitingRoster
{
    private readonly RunReport report;
    private readonly IReadOnlyList<StagedCount> left;

    private WaitingRoster(RunRecord run, IReadOnlyList<StagedCount> left, string? problem)
    {
        (Run, report, this.left, Problem) = (run, RunReport.FromJson(run.Report), left, problem);
    }

    /// <summary>The run.</summary>
    internal RunRecord Run { get; }

    /// <summary>Why the roster after it can't be looked at, and what to do; null when it can.</summary>
    internal string? Problem { get; }

    /// <summary>Whether some of the changes are left out.</summary>
    internal bool HasLeft => left.Count > 0;

    /// <summary>The run of this number; null when there is none.</summary>
    internal static async Task<WaitingRoster?> FindAsync(IDistrictStore store, long number, CancellationToken cancellationToken)
    {
        if (await store.Runs.GetAsync(number, cancellationToken) is not { } run)
        {
            return null;
        }

        var problem =
            !RunStates.IsUndecided(run) ? "Only the roster after a run that waits can be looked at. The run's page says what became of this one."
            : !await store.Staged.HasRosterAsync(number, cancellationToken)
                ? "Its changes were kept by an earlier Rollbook, which did not keep what a list of them needs. They are listed on the run's page; what the next import brings can be looked at here."
            : null;
        return new WaitingRoster(run, problem is null ? await store.Staged.LeftOfChangesAsync(number, cancellationToken) : [], problem);
    }

    /// <summary>How many records of a kind the run would change, without those that are left out.</summary>
    internal ChangeCounts Changes(Kind kind) => Changes(report, left, kind);

    /// <summary>How many records of a kind a run would change, without those of its changes that are left out.</summary>
    internal static ChangeCounts Changes(RunReport report, IReadOnlyList<StagedCount> left, Kind kind)
    {
        var all = report.Changes.GetValueOrDefault(kind) ?? new ChangeCounts();
        return new ChangeCounts(
            all.Create - Left(Operation.Create),
            all.Update - Left(Operation.Update),
            all.Delete - Left(Operation.Delete),
            all.Rekey - Left(Operation.Rekey)
        );

        long Left(Operation operation) => left.Where(count => count.Kind == kind && count.Operation == operation).Sum(count => count.Count);
    }

    /// <summary>How many records of a kind there would be.</summary>
    internal long Total(RosterVersion? newest, Kind kind)
    {
        var changes = Changes(kind);
        return (newest?.Totals.GetValueOrDefault(kind) ?? 0) + changes.Create - changes.Delete;
    }

    /// <summary>What a record is marked with that the run would change.</summary>
    internal static string Mark(Operation operation) =>
        operation switch
        {
            Operation.Create => "New",
            Operation.Delete => "Would be deleted",
            _ => "Changed",
        };

    /// <summary>
    /// What must stay the same while a long list is read: the run waits with the same changes, the same are left out, and nothing else was published. Otherwise the end of the list would be of
    /// another roster than its beginning.
    /// </summary>
    internal static async Task<string?> StampAsync(IDistrictStore store, IImports imports, long number, CancellationToken cancellationToken)
    {
        var newest = await store.Roster.LatestAsync(cancellationToken);
        return await store.Runs.GetAsync(number, cancellationToken) is { } run && RunStates.IsUndecided(run)
            ? FormattableString.Invariant($"{newest?.Number} {await imports.ShownAsync(store, run, cancellationToken)}")
            : null;
    }
}
