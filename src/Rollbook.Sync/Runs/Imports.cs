using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Duplicates;
using Rollbook.Sync.Guard;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Setup.Schools;
using Rollbook.Sync.WhatIf;

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
    /// <summary>The trigger of a run that nobody asked for but the schedule (<see cref="RunRecord.Trigger"/>).</summary>
    public const string Schedule = "schedule";

    /// <summary>The trigger of a run that nobody asked for but a package that came.</summary>
    public const string Package = "package";

    /// <summary>What starts a run that follows another app's.</summary>
    public const string UnitingTrigger = "uniting";

    /// <summary>What starts a run that a decision about duplicates asks for.</summary>
    public const string DecisionTrigger = "decision";

    private readonly RunOrders orders = new(connectors, secrets, time);
    private readonly RunRecovery recovery = new(options, time, logger);
    private readonly RunWork runs = new(options, time, logger);
    private readonly ConcurrentDictionary<(string District, long Run), StoppableWork> working = new();
    private readonly CancellationTokenSource stopping = new();
    private bool disposed;

    /// <inheritdoc/>
    public Task<StartResult> StartAsync(string district, string app, string trigger, string startedBy, CancellationToken cancellationToken) =>
        BeginAsync(district, app, trigger, startedBy, store => orders.OfImportAsync(store, app, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<StartResult> StartRemovalAsync(string district, string app, string startedBy, CancellationToken cancellationToken) =>
        BeginAsync(district, app, Console, startedBy, store => RunOrders.OfRemovalAsync(store, app, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<StartResult> StartUnitingAsync(string district, string app, string startedBy, CancellationToken cancellationToken) =>
        BeginAsync(district, app, DecisionTrigger, startedBy, store => RunOrders.OfUnitingAsync(store, app, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<StartResult> StartRollbackAsync(
        string district,
        int version,
        string trigger,
        string startedBy,
        string reason,
        CancellationToken cancellationToken
    ) =>
        RunDecision.Refuse(reason) is { } refusal
            ? new StartResult.Refused(refusal)
            : await BeginAsync(
                district,
                RunRecord.NoApp,
                trigger,
                startedBy,
                store => RunOrders.OfRollbackAsync(store, new RollbackWish(version, reason.Trim()), cancellationToken),
                cancellationToken
            );

    /// <inheritdoc/>
    public async Task<StartResult> AcceptAsync(
        string district,
        long run,
        string? hash,
        string acceptedBy,
        string reason,
        CancellationToken cancellationToken
    )
    {
        if (RunDecision.Refuse(reason) is { } refusal)
        {
            return new StartResult.Refused(refusal);
        }

        return await FindAsync(district, run, cancellationToken) is var (store, app)
            ? await LaunchAsync(
                store,
                app,
                () => recovery.Waiting.ApproveAsync(store, run, hash, acceptedBy, reason, asksSecond: true, cancellationToken),
                order => WaitingRuns.TakeAsync(store, run, order.Approval!, cancellationToken),
                whenRefused: null,
                cancellationToken
            )
            : new StartResult.Refused(NoRun(run));
    }

    /// <inheritdoc/>
    public async Task<string?> ChooseAsync(
        string district,
        long run,
        string? hash,
        IReadOnlyList<PartChoice> choices,
        CancellationToken cancellationToken
    ) =>
        await DecideAsync(
            district,
            run,
            async store =>
            {
                await WaitingRuns.ChooseAsync(store, run, hash, choices, cancellationToken);
                return null;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public async Task<StartResult> MigrateAsync(string district, long run, CancellationToken cancellationToken) =>
        await FindAsync(district, run, cancellationToken) is var (store, app)
            ? await LaunchAsync(
                store,
                app,
                async () => await WaitingRuns.MigrateAsync(store, run, cancellationToken),
                order => WaitingRuns.TakeAsync(store, run, order.Approval!, cancellationToken),
                whenRefused: null,
                cancellationToken
            )
            : new StartResult.Refused(NoRun(run));

    /// <inheritdoc/>
    public async Task<string?> SeparateAsync(string district, long run, RollbookId key, bool isSeparate, CancellationToken cancellationToken) =>
        await DecideAsync(
            district,
            run,
            async store =>
            {
                await WaitingRuns.SeparateAsync(store, run, key, isSeparate, cancellationToken);
                return null;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<string> ShownAsync(IDistrictStore store, RunRecord run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(run);
        return ShownChanges.HashAsync(store.Staged, run.Number, RunReport.FromJson(run.Report), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string?> DeclineAsync(
        string district,
        long run,
        string? hash,
        string declinedBy,
        string reason,
        CancellationToken cancellationToken
    )
    {
        if (RunDecision.Refuse(reason) is { } refusal)
        {
            return refusal;
        }

        return await DecideAsync(
            district,
            run,
            store => recovery.Waiting.DeclineAsync(store, run, hash, declinedBy, reason, cancellationToken),
            cancellationToken
        );
    }

    /// <summary>Does something about a run that waits, under its app's lock. Answers null when done; else why not, for a person.</summary>
    private async Task<string?> DecideAsync(
        string district,
        long run,
        Func<IDistrictStore, Task<string?>> decideAsync,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(district, run, cancellationToken) is not var (store, app))
        {
            return NoRun(run);
        }

        if (await store.TryLockAsync(LockOf(app), cancellationToken) is not { } appLock)
        {
            return app.Length == 0 ? "A rollback is at work. Decide when it has ended." : $"An import of {app} is at work. Decide when it has ended.";
        }

        await using (appLock)
        {
            await recovery.RecoverAsync(store, app, cancellationToken);
            try
            {
                return await decideAsync(store);
            }
            catch (SourceException refusal)
            {
                return refusal.Message;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> CancelAsync(string district, long run, CancellationToken cancellationToken)
    {
        // A run of this program is told at once.
        if (working.TryGetValue((district, run), out var work))
        {
            await work.CancelAsync();
            return true;
        }

        // One that waits for a person is declined, not stopped.
        return await installation.OpenAsync(district, cancellationToken) is { } store
            && await store.Runs.GetAsync(run, cancellationToken) is { } record
            && !RunStates.IsUndecided(record)
            && await store.Runs.RequestCancelAsync(run, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WaitAsync(string district, long run, CancellationToken cancellationToken)
    {
        if (working.TryGetValue((district, run), out var work))
        {
            await work.End.WaitAsync(cancellationToken);
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
            var active = (await store.Runs.UnendedAsync(null, cancellationToken)).Select(run => run.App);
            var apps = DistrictConfiguration.FromDocument(configuration.Document).Apps;
            foreach (var app in apps.Keys.Union(active, StringComparer.Ordinal))
            {
                if (await store.TryLockAsync(LockOf(app), cancellationToken) is { } appLock)
                {
                    await using (appLock)
                    {
                        await recovery.RecoverAsync(store, app, cancellationToken);
                        if (!apps.ContainsKey(app) && !string.Equals(app, RunRecord.NoApp, StringComparison.Ordinal))
                        {
                            await recovery.Waiting.CloseAsync(
                                store,
                                await store.Runs.UndecidedAsync(app, cancellationToken),
                                "The app was taken out."
                            );
                        }
                    }
                }
            }

            await recovery.RemoveSpoolsAsync(store, cancellationToken);
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
        await Task.WhenAll(working.Values.Select(work => work.End));
        stopping.Dispose();
    }

    /// <summary>What starts the publication of what a held run adds and updates.</summary>
    public const string AdditionsTrigger = "additions";

    private const string RolloverReason = "Data Rollover disables data deletion: what would be deleted stays.";

    private const string Console = "console";

    private static string LockOf(string app) => "app-" + app;

    private static string NoRun(long run) => $"There is no run {run}.";

    /// <summary>The district and the app of a run; null when there is none.</summary>
    private async Task<(IDistrictStore Store, string App)?> FindAsync(string district, long run, CancellationToken cancellationToken) =>
        await installation.OpenAsync(district, cancellationToken) is { } store && await store.Runs.GetAsync(run, cancellationToken) is { } found
            ? (store, found.App)
            : null;

    /// <summary>
    /// Begins what <paramref name="orderAsync"/> asks for, or says why not. It is asked under the app's lock: what is configured then is what runs, and whoever has
    /// changed the configuration and then had the lock knows that nothing runs with the old one.
    /// </summary>
    private async Task<StartResult> BeginAsync(
        string district,
        string app,
        string trigger,
        string startedBy,
        Func<IDistrictStore, Task<RunOrder>> orderAsync,
        CancellationToken cancellationToken
    )
    {
        if (await installation.OpenAsync(district, cancellationToken) is not { } store)
        {
            return new StartResult.Refused($"There is no district {district}.");
        }

        return await LaunchAsync(
            store,
            app,
            async () => await orderAsync(store),
            order => AddAsync(store, app, trigger, startedBy, order, cancellationToken),
            whenRefused: trigger is Schedule or Package
                ? refusal =>
                    refusal is SuspendedException ? Task.CompletedTask : AddRefusedAsync(store, app, trigger, startedBy, refusal, cancellationToken)
                : null,
            cancellationToken
        );
    }

    /// <summary>Takes the app's lock and begins to carry out what <paramref name="orderAsync"/> says under it, as the run that <paramref name="runAsync"/> gives; or says why not.</summary>
    private async Task<StartResult> LaunchAsync(
        IDistrictStore store,
        string app,
        Func<Task<RunOrder?>> orderAsync,
        Func<RunOrder, Task<RunRecord>> runAsync,
        Func<SourceException, Task>? whenRefused,
        CancellationToken cancellationToken
    )
    {
        if (await store.TryLockAsync(LockOf(app), cancellationToken) is not { } appLock)
        {
            var newest = (await store.Runs.ListAsync(app, null, 1, cancellationToken)).FirstOrDefault();
            return new StartResult.AlreadyRunning(newest is not null && RunStates.IsActive(newest) ? newest.Number : null);
        }

        StoppableWork? work = null;
        var isBegun = false;
        try
        {
            await recovery.RecoverAsync(store, app, cancellationToken);
            await recovery.RemoveSpoolsAsync(store, cancellationToken);
            var decided = await store.Duplicates.RevisionAsync(cancellationToken);
            if (await orderAsync() is not { } order)
            {
                return new StartResult.Agreed();
            }

            work = new StoppableWork(stopping.Token);
            var source = order.Open(work.Token);
            var run = await runAsync(order);
            working[(store.District.Id, run.Number)] = work;
            var atWork = work;
            work.End = Task.Run(() => WorkToEndAsync(store, run, order, decided, source, appLock, atWork), CancellationToken.None);
            isBegun = true;
            return new StartResult.Started(run.Number);
        }
        catch (SourceException exception)
        {
            if (whenRefused is not null)
            {
                await whenRefused(exception);
            }

            return new StartResult.Refused(exception.Message) { IsSuspended = exception is SuspendedException };
        }
        finally
        {
            if (!isBegun)
            {
                await using var held = appLock;
                await (work?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
        }
    }

    /// <summary>An import that nobody watches and that can't begin is a failed run, which people find where they look for what failed.</summary>
    private async Task AddRefusedAsync(
        IDistrictStore store,
        string app,
        string trigger,
        string startedBy,
        SourceException refusal,
        CancellationToken cancellationToken
    )
    {
        var version = await store.Configuration.LatestNumberAsync(cancellationToken);
        var run = await store.Runs.AddAsync(app, trigger, startedBy, version, time.GetUtcNow(), cancellationToken);
        await RunEnd.WriteAsync(store, run.Number, RunState.Failed, RunFailures.Of(refusal), time.GetUtcNow());
    }

    private async Task<RunRecord> AddAsync(
        IDistrictStore store,
        string app,
        string trigger,
        string startedBy,
        RunOrder order,
        CancellationToken cancellationToken
    )
    {
        var run = await store.Runs.AddAsync(app, trigger, startedBy, order.ConfigurationVersion, time.GetUtcNow(), cancellationToken);
        if (order.Purpose != RunPurpose.Import)
        {
            // Known from the start what it is, also to a page that looks while it runs and when it is cut off.
            await store.Runs.MoveAsync(
                run.Number,
                run.State,
                run.State,
                new RunReport { Purpose = order.Purpose, Rollback = order.Rollback }.ToJson(),
                endedAt: null,
                cancellationToken
            );
        }

        return run;
    }

    /// <summary>Whoever waits for the run waits until its lock is free as well, so that the next import can begin at once.</summary>
    /// <param name="store">The district.</param>
    /// <param name="run">The run.</param>
    /// <param name="order">What it does.</param>
    /// <param name="decided">The decisions about duplicates that were there when it began.</param>
    /// <param name="source">What it reads.</param>
    /// <param name="appLock">Its app's lock.</param>
    /// <param name="work">Stops it.</param>
    private async Task WorkToEndAsync(
        IDistrictStore store,
        RunRecord run,
        RunOrder order,
        long decided,
        IAsyncEnumerable<SourceMessage> source,
        IAsyncDisposable appLock,
        StoppableWork work
    )
    {
        try
        {
            var (next, followers) = await runs.DoAsync(store, run, order, source, appLock, work, stopping.Token);
            await GoOnAsync(store, run, next);
            foreach (var follower in followers)
            {
                await FollowAsync(store, follower, UnitingTrigger, run.StartedBy);
            }

            await AfterwardsAsync(store, run, order, decided);
        }
        finally
        {
            // Somebody may have accepted it meanwhile: then the entry is the approval's.
            working.TryRemove(KeyValuePair.Create((store.District.Id, run.Number), work));
        }
    }

    /// <summary>
    /// Carries out what was decided about duplicates while the run was at work, and looks who agrees with whom now. What the run did stands, whatever becomes of this. A
    /// run that follows another leaves it to that one.
    /// </summary>
    private async Task AfterwardsAsync(IDistrictStore store, RunRecord run, RunOrder order, long decided)
    {
        try
        {
            // The lock is free: whoever decides from now on begins a run; for whoever decided before, one begins here.
            if (
                order.Purpose != RunPurpose.Removal
                && await store.Duplicates.RevisionAsync(stopping.Token) != decided
                && await store.Uploads.AcceptedAsync(run.App, stopping.Token) is not null
            )
            {
                await FollowAsync(store, run.App, DecisionTrigger, run.StartedBy);
            }

            if (!string.Equals(run.Trigger, UnitingTrigger, StringComparison.Ordinal))
            {
                // Two at once would each read all people, and the older could take the place of the newer.
                await using var turn = await RunWork.TakeTurnAsync(store, "duplicates", time, stopping.Token);
                await DuplicateSearches.EnsureAsync(store, time, stopping.Token);
            }
        }
        catch (Exception exception)
        {
            if (!stopping.IsCancellationRequested)
            {
                LogNotSearched(store.District.Id, exception.GetType().FullName, exception.StackTrace);
            }
        }
    }

    /// <summary>
    /// Runs an app from its kept upload, because people of it are the same as another app's now, or no longer. When it is at work already, it finds that out by
    /// itself.
    /// </summary>
    private async Task FollowAsync(IDistrictStore store, string app, string trigger, string startedBy)
    {
        try
        {
            var started = await BeginAsync(
                store.District.Id,
                app,
                trigger,
                startedBy,
                district => RunOrders.OfUnitingAsync(district, app, stopping.Token),
                stopping.Token
            );
            if (started is StartResult.Started following && working.TryGetValue((store.District.Id, following.Run), out var work))
            {
                await work.End;
            }
        }
        catch (Exception exception)
        {
            // The import itself is published. While the program ends it is no surprise that nothing can begin any more.
            if (!stopping.IsCancellationRequested)
            {
                LogNotFollowed(store.District.Id, app, exception.GetType().FullName, exception.StackTrace);
            }
        }
    }

    /// <summary>Does at once what is to be done about a run that came to wait. Whatever becomes of this, it waits, and a person can decide about it as about any other.</summary>
    private async Task GoOnAsync(IDistrictStore store, RunRecord run, WaitingStep next)
    {
        if (next == WaitingStep.None)
        {
            return;
        }

        try
        {
            if (next == WaitingStep.AcceptForRollover)
            {
                await FinishAsync(
                    () =>
                        recovery.Waiting.ApproveAsync(store, run.Number, null, RunSteps.Rollover, RolloverReason, asksSecond: false, stopping.Token),
                    order => WaitingRuns.TakeAsync(store, run.Number, order.Approval!, stopping.Token)
                );
                return;
            }

            var additions = await FinishAsync(
                async () => await RunOrders.OfAdditionsAsync(store, run, stopping.Token),
                order => AddAsync(store, run.App, AdditionsTrigger, run.StartedBy, order, stopping.Token)
            );
            if (
                additions is { } number
                && await store.Runs.GetAsync(number, stopping.Token) is { Version: not null } published
                && RunStates.FromWord(published.State) is RunState.Published
            )
            {
                var notice = FormattableString.Invariant($"What it adds and updates was published by run {number}. What it removes waits.");
                await FinishAsync(
                    async () => await WaitingRuns.ShowAnewAsync(store, run.Number, notice, stopping.Token),
                    order => WaitingRuns.TakeAsync(store, run.Number, order.Approval!, stopping.Token)
                );
            }
        }
        catch (Exception exception)
        {
            if (!stopping.IsCancellationRequested)
            {
                LogNotGoneOn(store.District.Id, run.Number, exception.GetType().FullName, exception.StackTrace);
            }
        }

        async Task<long?> FinishAsync(Func<Task<RunOrder?>> orderAsync, Func<RunOrder, Task<RunRecord>> runAsync)
        {
            if (await LaunchAsync(store, run.App, orderAsync, runAsync, whenRefused: null, stopping.Token) is not StartResult.Started begun)
            {
                return null;
            }

            if (working.TryGetValue((store.District.Id, begun.Run), out var work))
            {
                await work.End;
            }

            return begun.Run;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "District {District}: run {Run} waits, and what was to be done about it at once could not be done: {Exception}. A person can decide about it.\n{StackTrace}"
    )]
    private partial void LogNotGoneOn(string district, long run, string? exception, string? stackTrace);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "District {District}: the run of {App} that had to follow another app's could not begin: {Exception}. Its next run does what it had to.\n{StackTrace}"
    )]
    private partial void LogNotFollowed(string district, string app, string? exception, string? stackTrace);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "District {District}: duplicates could not be searched: {Exception}. The next run does it.\n{StackTrace}"
    )]
    private partial void LogNotSearched(string district, string? exception, string? stackTrace);
}

/// <summary>Where imports work.</summary>
/// <param name="WorkFolder">A folder for the spools of running imports; holds pupils' data while they run, readable by this user only.</param>
public sealed record ImportOptions(string WorkFolder)
{
    /// <summary>The folder of a run.</summary>
    internal string FolderOf(string district, long run) => Path.Combine(WorkFolder, FormattableString.Invariant($"{district}-{run}"));
}
