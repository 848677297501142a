using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Setup;

/// <summary>
/// Does work in the background for a page, at most one of an app and kind at a time: its progress and its result go into the district's
/// store, where every node finds them. A job whose program died shows itself by its silence.
/// </summary>
public sealed partial class BackgroundJobs(TimeProvider time, ILogger<BackgroundJobs> logger) : IAsyncDisposable
{
    /// <summary>How often a job gives a sign of life.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>A job that was silent for so long died with its program.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string District, string App, string Kind), StoppableWork> working = new();
    private readonly CancellationTokenSource stopping = new();

    // One begins after the other, so that of two at the same moment the later one stops the earlier.
    private readonly SemaphoreSlim beginning = new(1, 1);
    private bool disposed;

    /// <summary>Whether a job is at work as far as one can tell.</summary>
    public bool IsAtWork(JobRecord? job) => job is { State: JobState.Working } && time.GetUtcNow() - job.ReportedAt < Silence;

    /// <summary>Begins a job in place of the one of the same app and kind, which is stopped when it is at work: what it was asked is out of date.</summary>
    /// <param name="store">The district.</param>
    /// <param name="app">The app.</param>
    /// <param name="kind">What is done, a word.</param>
    /// <param name="startedBy">Who asks.</param>
    /// <param name="work">
    /// Does it: takes a place for progress, in words for people, and gives the result, a JSON document. A <see cref="SourceException"/> fails the job with its message.
    /// </param>
    /// <param name="cancellationToken">Stops the beginning, not the work.</param>
    /// <returns>The job's number.</returns>
    public async Task<long> StartAsync(
        IDistrictStore store,
        string app,
        string kind,
        string startedBy,
        Func<IProgress<string>, CancellationToken, Task<string>> work,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(work);
        await beginning.WaitAsync(cancellationToken);
        try
        {
            await StopAsync(store, app, kind);
            var number = await store.Jobs.AddAsync(app, kind, startedBy, time.GetUtcNow(), cancellationToken);
            var entry = new StoppableWork(stopping.Token);
            working[(store.District.Id, app, kind)] = entry;
            entry.End = Task.Run(() => DoToEndAsync(store, app, number, kind, work, entry), CancellationToken.None);
            return number;
        }
        finally
        {
            beginning.Release();
        }
    }

    /// <summary>Stops an app's job of a kind, when this program has one at work.</summary>
    public async Task StopAsync(IDistrictStore store, string app, string kind)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (working.TryGetValue((store.District.Id, app, kind), out var before))
        {
            await before.CancelAsync();
            await before.End;
        }
    }

    /// <summary>Stops all of them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
        {
            return;
        }

        await stopping.CancelAsync();
        await Task.WhenAll(working.Values.Select(entry => entry.End));
        stopping.Dispose();
        beginning.Dispose();
    }

    private async Task DoToEndAsync(
        IDistrictStore store,
        string app,
        long number,
        string kind,
        Func<IProgress<string>, CancellationToken, Task<string>> work,
        StoppableWork entry
    )
    {
        await using var ended = entry;
        try
        {
            await DoAsync(store, number, kind, work, entry);
        }
        finally
        {
            working.TryRemove(KeyValuePair.Create((store.District.Id, app, kind), entry));
        }
    }

    private async Task DoAsync(
        IDistrictStore store,
        long number,
        string kind,
        Func<IProgress<string>, CancellationToken, Task<string>> work,
        StoppableWork entry
    )
    {
        var board = new Board();
        var doing = Task.Run(() => work(board, entry.Token), CancellationToken.None);
        await using (
            Beat.Start(
                Every,
                time,
                async token =>
                {
                    // No longer kept: another took its place, maybe in another program, or its app is gone.
                    var isKept = await store.Jobs.ReportAsync(number, board.Latest, time.GetUtcNow(), token);
                    _ = isKept ? Task.CompletedTask : entry.CancelAsync();
                    return isKept;
                }
            )
        )
        {
            await ((Task)doing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var (state, result) = await EndOfAsync(doing, kind, number);
        try
        {
            await store.Jobs.EndAsync(number, state, result, time.GetUtcNow(), CancellationToken.None);
        }
        catch (Exception exception) when (exception is DbException or ObjectDisposedException)
        {
            LogFailed(exception, kind, number);
        }
    }

    private async Task<(JobState State, string Result)> EndOfAsync(Task<string> doing, string kind, long number)
    {
        try
        {
            return (JobState.Done, await doing);
        }
        catch (OperationCanceledException)
        {
            return (JobState.Failed, "It was stopped. Begin it again.");
        }
        catch (SourceException exception)
        {
            return (JobState.Failed, exception.Message);
        }
        catch (Exception exception)
        {
            LogFailed(exception, kind, number);
            return (JobState.Failed, "Something went wrong in Rollbook itself; your operator finds it in the log. Try again.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Kind} of job {Number} failed")]
    private partial void LogFailed(Exception exception, string kind, long number);

    private sealed class Board : IProgress<string>
    {
        private volatile string? latest;

        internal string? Latest => latest;

        public void Report(string value) => latest = value;
    }
}
