using System.Data.Common;

namespace Rollbook.Sync.Runs;

/// <summary>
/// Does something small again and again beside a run, from its begin to its end. That the store could not be reached once ends neither the run nor the beat.
/// </summary>
internal sealed class Beat : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly Task beating;

    private Beat(TimeSpan every, TimeProvider time, Func<CancellationToken, Task<bool>> once)
    {
        beating = Task.Run(() => GoOnAsync(every, time, once));
    }

    /// <summary>Begins at once.</summary>
    /// <param name="every">How long from one time to the next.</param>
    /// <param name="time">The clock.</param>
    /// <param name="once">Does it; false when it need not be done again.</param>
    internal static Beat Start(TimeSpan every, TimeProvider time, Func<CancellationToken, Task<bool>> once) => new(every, time, once);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await beating;
        end.Dispose();
    }

    private async Task GoOnAsync(TimeSpan every, TimeProvider time, Func<CancellationToken, Task<bool>> once)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            while (await OnceAsync(once) && await timer.WaitForNextTickAsync(end.Token)) { }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The run has ended.
            return;
        }
    }

    private async Task<bool> OnceAsync(Func<CancellationToken, Task<bool>> once)
    {
        try
        {
            return await once(end.Token);
        }
        catch (Exception exception) when (exception is DbException or ObjectDisposedException)
        {
            // A store that is being closed is as far away as one that can't be reached.
            return true;
        }
    }
}
