namespace Rollbook.Sync.Runs;

/// <summary>A run or a job that this program is at work on, and the one way to stop it. Stopping one that has ended does nothing.</summary>
internal sealed class StoppableWork : IAsyncDisposable
{
    private readonly CancellationTokenSource cancel;
    private readonly Lock gate = new();
    private Task cancelling = Task.CompletedTask;
    private bool ended;

    /// <summary>Begins; the end of the program stops it too.</summary>
    internal StoppableWork(CancellationToken stopping)
    {
        cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Token = cancel.Token;
    }

    /// <summary>The wish to stop, for whatever the work does.</summary>
    internal CancellationToken Token { get; }

    /// <summary>Ends when the work has ended.</summary>
    internal Task End { get; set; } = Task.CompletedTask;

    /// <summary>Asks it to stop.</summary>
    internal Task CancelAsync()
    {
        lock (gate)
        {
            if (!ended && !cancel.IsCancellationRequested)
            {
                cancelling = cancel.CancelAsync();
            }

            return cancelling;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (gate)
        {
            ended = true;
            last = cancelling;
        }

        await last;
        cancel.Dispose();
    }
}
