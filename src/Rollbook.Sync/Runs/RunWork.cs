using Microsoft.Extensions.Logging;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Setup.Schools;
using Rollbook.Sync.WhatIf;

namespace Rollbook.Sync.Runs;

/// <summary>The work of one run from its turn to its end, whatever becomes of it: what is written of it, and what is thrown away.</summary>
internal sealed partial class RunWork(ImportOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan[] PausesOfEnd = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.Zero];

    private readonly WaitingRuns waiting = new(time, logger);

    /// <summary>Does a run. Answers what is to be done at once about one that came to wait, and which apps' runs have to follow.</summary>
    /// <param name="store">The district.</param>
    /// <param name="run">The run.</param>
    /// <param name="order">What it does.</param>
    /// <param name="source">What it reads.</param>
    /// <param name="appLock">Its app's lock, free at the end.</param>
    /// <param name="work">Stops it.</param>
    /// <param name="stopping">The end of the program.</param>
    internal async Task<(WaitingStep Next, IReadOnlyCollection<string> Followers)> DoAsync(
        IDistrictStore store,
        RunRecord run,
        RunOrder order,
        IAsyncEnumerable<SourceMessage> source,
        IAsyncDisposable appLock,
        StoppableWork work,
        CancellationToken stopping
    )
    {
        await using var ended = work;
        await using var held = appLock;
        var folder = options.FolderOf(store.District.Id, run.Number);
        try
        {
            await using var watch = CancelWatch.Start(store.Runs, run.Number, work, time);
            await using var turn = await TakeTurnAsync(store, "import", time, work.Token);
            PrivateFolder.Create(folder);
            var board = new ProgressBoard(time);
            await using var writer = ProgressWriter.Start(store.Runs, run.Number, board, time);
            if (order.Rollback is not null)
            {
                await RollBackAsync(store, run, order, folder, board, work, stopping);
                return (WaitingStep.None, []);
            }

            if (order.Start is { } start)
            {
                board.Step(start.Words);
                await start.DoAsync(work.Token);
            }

            var import = new Import(store, run, order, source, folder, board, time);
            var result = await import.RunAsync(work.Token);
            if (result is null or PublishResult.Published or PublishResult.Unchanged)
            {
                await waiting.SupersedeAsync(store, run.App);
            }

            if (result is null)
            {
                return (import.Next, []);
            }

            if (result is PublishResult.Published or PublishResult.Unchanged)
            {
                if (order.Purpose == RunPurpose.Removal)
                {
                    await store.Successors.RemoveAsync(run.App, CancellationToken.None);

                    // Samples of what is removed.
                    await store.Jobs.RemoveAsync(run.App, Surveys.Kind, CancellationToken.None);
                    await store.Jobs.RemoveAsync(run.App, WhatIfJob.Kind, CancellationToken.None);
                    await store.Jobs.RemoveAsync(run.App, Rehearsals.Kind, CancellationToken.None);

                    // What was decided about records that are no more.
                    var others = await store.Duplicates.RemoveAsync(run.App, CancellationToken.None);
                    return (WaitingStep.None, [.. import.Followers.Union(others, StringComparer.Ordinal)]);
                }

                return (WaitingStep.None, import.Followers);
            }

            await EndAsync(store, run, order, RunState.Failed, RunFailures.Overtaken(order.Purpose), stopping);
        }
        catch (OperationCanceledException) when (work.Token.IsCancellationRequested)
        {
            await EndAsync(store, run, order, RunState.Cancelled, null, stopping);
        }
        catch (Exception exception)
        {
            var failure = RunFailures.Of(exception);
            if (failure.Part is RunFailures.Program)
            {
                LogDefect(store.District.Id, run.Number, exception.GetType().FullName, exception.StackTrace);
            }

            await EndAsync(store, run, order, RunState.Failed, failure, stopping);
        }
        finally
        {
            PrivateFolder.Delete(folder);
        }

        return (WaitingStep.None, []);
    }

    /// <summary>Does a rollback. A newer one takes the place of one that waits.</summary>
    private async Task RollBackAsync(
        IDistrictStore store,
        RunRecord run,
        RunOrder order,
        string folder,
        ProgressBoard board,
        StoppableWork work,
        CancellationToken stopping
    )
    {
        var result = await new Rollback(store, run, order, folder, board, time).RunAsync(work.Token);
        if (result is null or PublishResult.Published or PublishResult.Unchanged)
        {
            await waiting.SupersedeAsync(store, run.App);
        }
        else
        {
            await EndAsync(store, run, order, RunState.Failed, RunFailures.Overtaken(order.Purpose), stopping);
        }
    }

    /// <summary>Waits until nobody else in the district does the like.</summary>
    internal static async Task<IAsyncDisposable> TakeTurnAsync(
        IDistrictStore store,
        string name,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            if (await store.TryLockAsync(name, cancellationToken) is { } turn)
            {
                return turn;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken);
        }
    }

    /// <summary>
    /// Ends a run that publishes nothing; one that a person approved waits again. While the database is gone it tries again; a run that can't
    /// be ended is found by the next start.
    /// </summary>
    private async Task EndAsync(IDistrictStore store, RunRecord run, RunOrder order, RunState end, RunFailure? failure, CancellationToken stopping)
    {
        foreach (var pause in PausesOfEnd)
        {
            try
            {
                if (order.Approval is { } approval)
                {
                    await RunEnd.ReturnAsync(store, run.Number, approval, failure?.Message);
                }
                else
                {
                    await RunEnd.WriteAsync(store, run.Number, end, failure, time.GetUtcNow());
                }

                return;
            }
            catch (Exception exception)
            {
                LogNotEnded(store.District.Id, run.Number, exception.GetType().FullName, exception.StackTrace);
            }

            if (stopping.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "District {District}: the end of run {Run} could not be written: {Exception}. The next start finds it as cut off.\n{StackTrace}"
    )]
    private partial void LogNotEnded(string district, long run, string? exception, string? stackTrace);

    // Not the exception's own words: they may quote a value of the source.
    [LoggerMessage(Level = LogLevel.Error, Message = "District {District}: run {Run} failed unexpectedly: {Exception}\n{StackTrace}")]
    private partial void LogDefect(string district, long run, string? exception, string? stackTrace);
}
