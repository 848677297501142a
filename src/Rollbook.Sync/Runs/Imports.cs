using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Runs;

/// <summary>
/// Runs imports in the background. One import of an app runs at a time (a lock that dies with the program), and the imports of a district run one after
/// the other, so that two runs at the same moment give what one after the other gives (sync-safety.md section 8).
/// </summary>
public sealed partial class Imports(
    IInstallationStore installation,
    IEnumerable<IConnector> connectors,
    ISecrets secrets,
    ImportOptions options,
    TimeProvider time,
    ILogger<Imports> logger
) : IImports, IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string District, long Run), Work> working = new();
    private readonly CancellationTokenSource stopping = new();
    private bool disposed;

    /// <inheritdoc/>
    public async Task<StartResult> StartAsync(string district, string app, string trigger, string startedBy, CancellationToken cancellationToken)
    {
        if (await installation.OpenAsync(district, cancellationToken) is not { } store)
        {
            return NoDistrict(district);
        }

        var version = await store.Configuration.LatestAsync(cancellationToken);
        var configuration = version is null ? null : DistrictConfiguration.FromDocument(version.Document);
        if (version is null || configuration is null || !configuration.Apps.TryGetValue(app, out var settings))
        {
            return new StartResult.Refused(
                $"The district has no app {app}. Write it into the configuration file and apply it, or activate it in the Application Gallery."
            );
        }

        if (connectors.FirstOrDefault(connector => string.Equals(connector.Type, settings.Type, StringComparison.Ordinal)) is not { } connector)
        {
            return new StartResult.Refused($"The app {app} is of type {settings.Type}, which is not one that imports.");
        }

        return await BeginAsync(
            store,
            new RunOrder(app, trigger, startedBy, version.Number, configuration, RunPurpose.Import),
            async token =>
            {
                var delivery = await SecretSettings.ReadAsync(store.Configuration, secrets, app, settings, cancellationToken);
                var ids = new IdScopes(district, app, settings.Advanced.SisIdPrefix);
                return connector.ReadAsync(new ReadRequest(delivery, family => ids[family]), token);
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async Task<StartResult> StartRemovalAsync(string district, string app, string startedBy, CancellationToken cancellationToken)
    {
        if (await installation.OpenAsync(district, cancellationToken) is not { } store)
        {
            return NoDistrict(district);
        }

        var version = await store.Configuration.LatestAsync(cancellationToken);
        if (version is null || await store.Uploads.AcceptedAsync(app, cancellationToken) is null)
        {
            return new StartResult.Refused($"The app {app} has not been imported, so there is nothing of it to remove.");
        }

        var configuration = Removal.Of(DistrictConfiguration.FromDocument(version.Document), app);
        return await BeginAsync(
            store,
            new RunOrder(app, "console", startedBy, version.Number, configuration, RunPurpose.Removal),
            _ => Task.FromResult(Removal.Source()),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async Task<bool> CancelAsync(string district, long run, CancellationToken cancellationToken)
    {
        // A run of this program is told at once: the store may be busy with its publication, which is what has to stop.
        if (working.TryGetValue((district, run), out var work))
        {
            await work.Cancel.CancelAsync();
            return true;
        }

        return await installation.OpenAsync(district, cancellationToken) is { } store && await store.Runs.RequestCancelAsync(run, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WaitAsync(string district, long run, CancellationToken cancellationToken)
    {
        if (working.TryGetValue((district, run), out var work))
        {
            await work.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Looks for runs whose program died: they have failed, and say so; what they had staged is thrown away. Called at the start of a program; every new
    /// import does it for its app as well. Spools that a run left on this machine go too, whoever found it cut off.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        HeldFolder.Sweep(options.WorkFolder);
        foreach (var district in await installation.ListAsync(cancellationToken))
        {
            var store = await installation.OpenAsync(district.Id, cancellationToken);
            var configuration = store is null ? null : await store.Configuration.LatestAsync(cancellationToken);
            if (store is null || configuration is null)
            {
                continue;
            }

            // An app may have been taken out of the configuration while its run was cut off.
            var active = (await store.Runs.ListAsync(null, null, RecentRuns, cancellationToken)).Where(IsActive).Select(run => run.App);
            foreach (var app in DistrictConfiguration.FromDocument(configuration.Document).Apps.Keys.Union(active, StringComparer.Ordinal))
            {
                if (await store.TryLockAsync(LockOf(app), cancellationToken) is { } appLock)
                {
                    await using (appLock)
                    {
                        await RecoverAsync(store, app, cancellationToken);
                    }
                }
            }

            await RemoveSpoolsAsync(store, cancellationToken);
        }
    }

    /// <summary>Stops what runs; each run ends as cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
        {
            return;
        }

        await stopping.CancelAsync();
        await Task.WhenAll(working.Values.Select(work => work.Task));
        stopping.Dispose();
    }

    private const int RecentRuns = 50;

    private static bool IsActive(RunRecord run) => RunStates.Active.Contains(RunStates.FromWord(run.State));

    private static string LockOf(string app) => "app-" + app;

    private string FolderOf(IDistrictStore store, RunRecord run) =>
        Path.Combine(options.WorkFolder, FormattableString.Invariant($"{store.District.Id}-{run.Number}"));

    private static StartResult.Refused NoDistrict(string district) => new($"There is no district {district}.");

    private async Task<StartResult> BeginAsync(
        IDistrictStore store,
        RunOrder order,
        Func<CancellationToken, Task<IAsyncEnumerable<SourceMessage>>> openAsync,
        CancellationToken cancellationToken
    )
    {
        if (await store.TryLockAsync(LockOf(order.App), cancellationToken) is not { } appLock)
        {
            var newest = (await store.Runs.ListAsync(order.App, null, 1, cancellationToken)).FirstOrDefault();
            return new StartResult.AlreadyRunning(newest is { EndedAt: null } ? newest.Number : null);
        }

        var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        try
        {
            await RecoverAsync(store, order.App, cancellationToken);
            await RemoveSpoolsAsync(store, cancellationToken);
            var source = await openAsync(cancel.Token);
            var run = await AddAsync(store, order, cancellationToken);
            var work = new Work(cancel);
            working[(store.District.Id, run.Number)] = work;
            work.Task = Task.Run(() => WorkAsync(store, run, order, source, appLock, cancel), CancellationToken.None);
            return new StartResult.Started(run.Number);
        }
        catch (Exception exception)
        {
            cancel.Dispose();
            await appLock.DisposeAsync();
            if (exception is SourceException)
            {
                return new StartResult.Refused(exception.Message);
            }

            throw;
        }
    }

    private async Task<RunRecord> AddAsync(IDistrictStore store, RunOrder order, CancellationToken cancellationToken)
    {
        var run = await store.Runs.AddAsync(
            order.App,
            order.Trigger,
            order.StartedBy,
            order.ConfigurationVersion,
            time.GetUtcNow(),
            cancellationToken
        );
        if (order.Purpose != RunPurpose.Import)
        {
            // Known from the start what it is, also to a page that looks while it runs and when it is cut off.
            await store.Runs.MoveAsync(
                run.Number,
                run.State,
                run.State,
                new RunReport { Purpose = order.Purpose }.ToJson(),
                endedAt: null,
                cancellationToken
            );
        }

        return run;
    }

    private async Task RecoverAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        foreach (var run in (await store.Runs.ListAsync(app, null, RecentRuns, cancellationToken)).Where(IsActive))
        {
            PrivateFolder.Delete(FolderOf(store, run));
            await store.Uploads.DiscardAsync(run.Number, cancellationToken);
            var report = RunReport.FromJson(run.Report);
            report = report with { Failure = RunFailures.CutOff(report.Purpose) };
            await store.Runs.MoveAsync(
                run.Number,
                run.State,
                RunStates.ToWord(RunState.Failed),
                report.ToJson(),
                time.GetUtcNow(),
                cancellationToken
            );
            LogRecovered(store.District.Id, run.Number);
        }
    }

    private async Task RemoveSpoolsAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var prefix = store.District.Id + "-";
        foreach (var folder in Directory.Exists(options.WorkFolder) ? Directory.GetDirectories(options.WorkFolder, prefix + "*") : [])
        {
            if (
                long.TryParse(Path.GetFileName(folder).AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && await store.Runs.GetAsync(number, cancellationToken) is { } run
                && !IsActive(run)
            )
            {
                PrivateFolder.Delete(folder);
            }
        }
    }

    private async Task WorkAsync(
        IDistrictStore store,
        RunRecord run,
        RunOrder order,
        IAsyncEnumerable<SourceMessage> source,
        IAsyncDisposable appLock,
        CancellationTokenSource cancel
    )
    {
        var folder = FolderOf(store, run);
        await using (appLock)
        {
            try
            {
                await using var turn = await TakeTurnAsync(store, run, cancel);
                PrivateFolder.Create(folder);
                var board = new ProgressBoard(time);
                await using var writer = ProgressWriter.Start(store.Runs, run.Number, board, cancel, time);
                var result = await new Import(store, run, order.Configuration, order.Purpose, source, folder, board, time).RunAsync(cancel.Token);
                if (result is PublishResult.Outdated or PublishResult.Refused)
                {
                    await EndAsync(store, run, RunState.Failed, RunFailures.Overtaken(order.Purpose));
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                await EndAsync(store, run, RunState.Cancelled, null);
            }
            catch (Exception exception)
            {
                var failure = RunFailures.Of(exception);
                if (failure.Part is RunFailures.Program)
                {
                    LogDefect(store.District.Id, run.Number, exception.GetType().FullName, exception.StackTrace);
                }

                await EndAsync(store, run, RunState.Failed, failure);
            }
            finally
            {
                PrivateFolder.Delete(folder);
                working.TryRemove((store.District.Id, run.Number), out _);
            }
        }
    }

    /// <summary>Waits until no other import of the district is at work; a wish to cancel is heard while waiting.</summary>
    private async Task<IAsyncDisposable> TakeTurnAsync(IDistrictStore store, RunRecord run, CancellationTokenSource cancel)
    {
        while (true)
        {
            if (await store.TryLockAsync("import", cancel.Token) is { } turn)
            {
                return turn;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancel.Token);
            if ((await store.Runs.GetAsync(run.Number, cancel.Token))?.CancelRequested == true)
            {
                await cancel.CancelAsync();
            }
        }
    }

    /// <summary>Ends a run that publishes nothing. The roster may have been published all the same, when the end came at the very last moment; then that stands.</summary>
    private async Task EndAsync(IDistrictStore store, RunRecord run, RunState end, RunFailure? failure)
    {
        // Also when someone else has ended the run because its lock was lost: this program may have appended since.
        await store.Uploads.DiscardAsync(run.Number, CancellationToken.None);
        var current = await store.Runs.GetAsync(run.Number, CancellationToken.None);
        if (current is null || RunStates.IsEnd(RunStates.FromWord(current.State)))
        {
            return;
        }

        var progress = RunProgress.FromJson(current.Progress);
        var report = RunReport.FromJson(current.Report) with { Failure = failure, Notices = progress.Notices };
        await store.Runs.MoveAsync(run.Number, current.State, RunStates.ToWord(end), report.ToJson(), time.GetUtcNow(), CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "District {District}: run {Run} was cut off by the end of its program and has failed.")]
    private partial void LogRecovered(string district, long run);

    // Not the exception's own words: they may quote a value of the source.
    [LoggerMessage(Level = LogLevel.Error, Message = "District {District}: run {Run} failed unexpectedly: {Exception}\n{StackTrace}")]
    private partial void LogDefect(string district, long run, string? exception, string? stackTrace);

    /// <summary>What is to be run.</summary>
    private sealed record RunOrder(
        string App,
        string Trigger,
        string StartedBy,
        int ConfigurationVersion,
        DistrictConfiguration Configuration,
        RunPurpose Purpose
    );

    private sealed class Work(CancellationTokenSource cancel)
    {
        internal CancellationTokenSource Cancel { get; } = cancel;

        internal Task Task { get; set; } = Task.CompletedTask;
    }
}

/// <summary>Where imports work.</summary>
/// <param name="WorkFolder">A folder for the spools of running imports; holds pupils' data while they run, readable by this user only.</param>
public sealed record ImportOptions(string WorkFolder);
