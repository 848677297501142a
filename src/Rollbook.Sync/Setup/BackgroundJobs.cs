using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Derive.Schools;

namespace Rollbook.Sync.Setup;

/// <summary>
/// Does work in the background for a page, at most one of an app and kind at a time in this program: its progress and its result go into the district's
/// store, where every node finds them. A job whose program died shows itself by its silence.
/// </summary>
public sealed partial class BackgroundJobs(TimeProvider time, ILogger<BackgroundJobs> logger) : IAsyncDisposable
{
    /// <summary>How often a job gives a sign of life.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>A job that was silent for so long died with its program.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string District, string App, string Kind), Work> working = new();
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Whether a job is at work as far as one can tell.</summary>
    public bool IsAtWork(JobRecord? job) => job is { State: JobState.Working } && time.GetUtcNow() - job.ReportedAt < Silence;

    /// <summary>Begins a job; one of the same app and kind that this program has at work is stopped, since what it was asked is out of date.</summary>
    /// <param name="store">The district.</param>
    /// <param name="app">The app.</param>
    /// <param name="kind">What is done, a word.</param>
    /// <param name="startedBy">Who asks.</param>
    /// <param name="work">Does it: takes a place for progress, in words for people, and gives the result, a JSON document.</param>
    /// <param name="cancellationToken">Stops the beginning, not the work.</param>
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
        var key = (store.District.Id, app, kind);
        await StopAsync(key);
        var number = await store.Jobs.AddAsync(app, kind, startedBy, time.GetUtcNow(), cancellationToken);
        var entry = new Work(CancellationTokenSource.CreateLinkedTokenSource(stopping.Token));
        working[key] = entry;
        entry.Task = Task.Run(() => DoAsync(store, number, kind, work, entry, key), CancellationToken.None);
        return number;
    }

    /// <summary>Stops an app's job of a kind, when this program has one at work.</summary>
    public Task StopAsync(IDistrictStore store, string app, string kind)
    {
        ArgumentNullException.ThrowIfNull(store);
        return StopAsync((store.District.Id, app, kind));
    }

    /// <summary>Stops all of them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!stopping.IsCancellationRequested)
        {
            await stopping.CancelAsync();
            await Task.WhenAll(working.Values.Select(entry => entry.Task));
            stopping.Dispose();
        }
    }

    private async Task StopAsync((string, string, string) key)
    {
        if (working.TryGetValue(key, out var before))
        {
            await before.Cancel.CancelAsync();
            await before.Task;
        }
    }

    private async Task DoAsync(
        IDistrictStore store,
        long number,
        string kind,
        Func<IProgress<string>, CancellationToken, Task<string>> work,
        Work entry,
        (string, string, string) key
    )
    {
        var board = new Board();
        var (state, result) = (JobState.Failed, "It was stopped.");
        try
        {
            var cancel = entry.Cancel.Token;
            var doing = Task.Run(() => work(board, cancel), CancellationToken.None);
            while (await Task.WhenAny(doing, Task.Delay(Every, time, CancellationToken.None)) != doing)
            {
                await store.Jobs.ReportAsync(number, board.Latest, time.GetUtcNow(), CancellationToken.None);
            }

            (state, result) = (JobState.Done, await doing);
        }
        catch (OperationCanceledException)
        {
            LogStopped(kind, number);
        }
        catch (Exception exception) when (exception is SourceException or SchoolsMappingException)
        {
            result = exception.Message;
        }
        catch (Exception exception)
        {
            LogFailed(exception, kind, number);
            result = "Something went wrong in Rollbook itself; your operator finds it in the log. Try again.";
        }

        try
        {
            await store.Jobs.EndAsync(number, state, result, time.GetUtcNow(), CancellationToken.None);
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or ObjectDisposedException)
        {
            LogFailed(exception, kind, number);
        }

        working.TryRemove(KeyValuePair.Create(key, entry));
        entry.Cancel.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Kind} of job {Number} was stopped")]
    private partial void LogStopped(string kind, long number);

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Kind} of job {Number} failed")]
    private partial void LogFailed(Exception exception, string kind, long number);

    private sealed class Work(CancellationTokenSource cancel)
    {
        internal CancellationTokenSource Cancel { get; } = cancel;

        internal Task Task { get; set; } = Task.CompletedTask;
    }

    private sealed class Board : IProgress<string>
    {
        internal string? Latest { get; private set; }

        public void Report(string value) => Latest = value;
    }
}
