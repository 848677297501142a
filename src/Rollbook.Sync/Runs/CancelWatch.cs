using Rollbook.Storage;

namespace Rollbook.Sync.Runs;

/// <summary>Looks, from a run's begin to its end, whether someone asked it to stop, in this program or another. Apart from writing progress, which may have to wait.</summary>
internal static class CancelWatch
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    internal static Beat Start(IRunStore runs, long run, StoppableWork work, TimeProvider time) =>
        Beat.Start(
            Every,
            time,
            async token =>
            {
                if (!await runs.IsCancelRequestedAsync(run, token))
                {
                    return true;
                }

                // Not awaited: what the run does on being stopped may be to wait for this watch to end.
                _ = work.CancelAsync();
                return false;
            }
        );
}
