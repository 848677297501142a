using Rollbook.Storage;

namespace Rollbook.Sync.Runs;

/// <summary>The end of a run that publishes nothing.</summary>
internal static class RunEnd
{
    /// <summary>
    /// Writes it down and throws away what the run appended. The roster may have been published all the same, when the end came at the very last
    /// moment; then that stands.
    /// </summary>
    internal static async Task WriteAsync(IDistrictStore store, long run, RunState end, RunFailure? failure, DateTimeOffset endedAt)
    {
        var current = await store.Runs.GetAsync(run, CancellationToken.None);
        if (current is not null && !RunStates.IsEnd(RunStates.FromWord(current.State)))
        {
            var progress = RunProgress.FromJson(current.Progress);
            var report = RunReport.FromJson(current.Report) with { Failure = failure, Notices = progress.Notices };
            await store.Runs.MoveAsync(run, current.State, RunStates.ToWord(end), report.ToJson(), endedAt, CancellationToken.None);
        }

        // Also when someone else has ended the run because its lock was lost: this program may have appended since.
        await store.Uploads.DiscardAsync(run, CancellationToken.None);
    }
}
