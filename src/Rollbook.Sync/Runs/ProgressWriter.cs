using System.Data.Common;
using Rollbook.Storage;

namespace Rollbook.Sync.Runs;

/// <summary>Writes a run's progress down twice a second.</summary>
internal sealed class ProgressWriter : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource end = new();
    private readonly Task writing;

    private ProgressWriter(IRunStore runs, long run, ProgressBoard board, TimeProvider time)
    {
        writing = Task.Run(() => WriteAsync(runs, run, board, time));
    }

    internal static ProgressWriter Start(IRunStore runs, long run, ProgressBoard board, TimeProvider time) => new(runs, run, board, time);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await writing;
        end.Dispose();
    }

    private async Task WriteAsync(IRunStore runs, long run, ProgressBoard board, TimeProvider time)
    {
        using var timer = new PeriodicTimer(Beat, time);
        try
        {
            do
            {
                await ReportAsync(runs, run, board, end.Token);
            } while (await timer.WaitForNextTickAsync(end.Token));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            await ReportAsync(runs, run, board, CancellationToken.None);
        }
    }

    // Progress is for the eye: that it could not be written once must not end a run.
    private static async Task ReportAsync(IRunStore runs, long run, ProgressBoard board, CancellationToken cancellationToken)
    {
        try
        {
            await runs.ReportProgressAsync(run, board.Snapshot().ToJson(), cancellationToken);
        }
        catch (DbException)
        {
            return;
        }
    }
}
