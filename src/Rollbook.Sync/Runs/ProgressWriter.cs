using System.Data.Common;
using Rollbook.Storage;

namespace Rollbook.Sync.Runs;

/// <summary>Writes a run's progress down twice a second, and once more at its end.</summary>
internal sealed class ProgressWriter : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private readonly IRunStore runs;
    private readonly long run;
    private readonly ProgressBoard board;
    private readonly Beat beat;

    private ProgressWriter(IRunStore runs, long run, ProgressBoard board, TimeProvider time)
    {
        (this.runs, this.run, this.board) = (runs, run, board);
        beat = Beat.Start(
            Every,
            time,
            async token =>
            {
                await runs.ReportProgressAsync(run, board.Snapshot().ToJson(), token);
                return true;
            }
        );
    }

    internal static ProgressWriter Start(IRunStore runs, long run, ProgressBoard board, TimeProvider time) => new(runs, run, board, time);

    public async ValueTask DisposeAsync()
    {
        await beat.DisposeAsync();
        try
        {
            await runs.ReportProgressAsync(run, board.Snapshot().ToJson(), CancellationToken.None);
        }
        catch (Exception exception) when (exception is DbException or ObjectDisposedException)
        {
            // Progress is for the eye: that it could not be written must not end a run.
            return;
        }
    }
}
