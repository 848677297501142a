using Rollbook.Storage;

namespace Rollbook.Sync.Runs;

/// <summary>The end of a run that publishes nothing.</summary>
internal static class RunEnd
{
    /// <summary>How the notice begins that tells of a publication which went wrong.</summary>
    internal const string NotPublished = "It could not be published: ";

    /// <summary>How the notice begins that tells that nothing was known again.</summary>
    internal const string NotPaired = "SIS Migration: ";

    /// <summary>Has a run whose publication went wrong wait for a person as before, with what went wrong among its notices.</summary>
    internal static async Task ReturnAsync(IDistrictStore store, long run, RunApproval approval, string? trouble)
    {
        var current = await store.Runs.GetAsync(run, CancellationToken.None);
        if (current is not null && RunStates.IsActive(current))
        {
            var report = approval.Shown with
            {
                Notices = trouble is null
                    ? approval.Shown.Notices
                    : [trouble.StartsWith(NotPaired, StringComparison.Ordinal) ? trouble : NotPublished + trouble, .. approval.Shown.Notices],
            };
            await store.Runs.MoveAsync(
                run,
                current.State,
                RunStates.ToWord(approval.WaitsAs),
                report.ToJson(),
                endedAt: null,
                CancellationToken.None
            );
        }
    }

    /// <summary>Ends a run that waits for a person: what it had read and what it would have changed is thrown away.</summary>
    internal static async Task<bool> CloseAsync(
        IDistrictStore store,
        RunRecord run,
        RunState end,
        Func<RunReport, RunReport> tell,
        DateTimeOffset endedAt,
        CancellationToken cancellationToken
    )
    {
        var report = tell(RunReport.FromJson(run.Report));
        if (
            !RunStates.CanMove(RunStates.FromWord(run.State), end)
            || !await store.Runs.MoveAsync(run.Number, run.State, RunStates.ToWord(end), report.ToJson(), endedAt, cancellationToken)
        )
        {
            return false;
        }

        await store.Uploads.DiscardAsync(run.Number, CancellationToken.None);
        await store.Staged.RemoveAsync(run.Number, CancellationToken.None);
        return true;
    }

    /// <summary>
    /// Writes it down and throws away what the run appended. The roster may have been published all the same, when the end came at the very last
    /// moment; then that stands.
    /// </summary>
    internal static async Task WriteAsync(IDistrictStore store, long run, RunState end, RunFailure? failure, DateTimeOffset endedAt)
    {
        var current = await store.Runs.GetAsync(run, CancellationToken.None);
        if (current is not null && RunStates.IsUndecided(current))
        {
            // It came to wait for a person at the very last moment; then that stands.
            return;
        }

        if (current is not null && !RunStates.IsEnd(RunStates.FromWord(current.State)))
        {
            var progress = RunProgress.FromJson(current.Progress);
            var report = RunReport.FromJson(current.Report) with { Failure = failure, Notices = progress.Notices };
            await store.Runs.MoveAsync(run, current.State, RunStates.ToWord(end), report.ToJson(), endedAt, CancellationToken.None);
        }

        // Also when someone else has ended the run because its lock was lost: this program may have appended since.
        await store.Uploads.DiscardAsync(run, CancellationToken.None);
        await store.Staged.RemoveAsync(run, CancellationToken.None);
    }
}
