using System.Data.Common;
using Rollbook.Storage;

namespace Rollbook.Sync.Runs;

/// <summary>Looks, from a run's begin to its end, whether someone asked it to stop, in this program or another. Apart from writing progress, which may have to wait.</summary>
internal sealed class CancelWatch : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource end = new();
    private readonly Task watching;

    private CancelWatch(IRunStore runs, long run, RunAtWork work, TimeProvider time)
    {
        watching = Task.Run(() => WatchAsync(runs, run, work, time));
    }

    internal static CancelWatch Start(IRunStore runs, long run, RunAtWork work, TimeProvider time) => new(runs, run, work, time);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await watching;
        end.Dispose();
    }

    private async Task WatchAsync(IRunStore runs, long run, RunAtWork work, TimeProvider time)
    {
        using var timer = new PeriodicTimer(Beat, time);
        try
        {
            while (await timer.WaitForNextTickAsync(end.Token))
            {
                if (await IsAskedAsync(runs, run))
                {
                    // Not awaited: what the run does on being stopped may be to wait for this watch to end.
                    _ = work.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The run has ended.
            return;
        }
    }

    // That the store could not be asked once must not make the run deaf.
    private async Task<bool> IsAskedAsync(IRunStore runs, long run)
    {
        try
        {
            return await runs.IsCancelRequestedAsync(run, end.Token);
        }
        catch (DbException)
        {
            return false;
        }
    }
}
