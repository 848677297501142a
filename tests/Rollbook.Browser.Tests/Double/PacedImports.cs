using System.Collections.Concurrent;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Runs;

namespace Rollbook.Browser.Tests.Double;

/// <summary>Imports that read nothing and go on only when a test says so.</summary>
internal sealed class PacedImports(IInstallationStore installation, TimeProvider time) : IImports
{
    private readonly ConcurrentDictionary<(string, string), long> atWork = new();

    public Task<StartResult> MigrateAsync(string district, long run, CancellationToken cancellationToken) =>
        Task.FromResult<StartResult>(new StartResult.Refused("These imports read no source."));

    /// <inheritdoc/>
    public async Task<string?> SeparateAsync(string district, long run, RollbookId key, bool isSeparate, CancellationToken cancellationToken)
    {
        var store = (await installation.OpenAsync(district, cancellationToken))!;
        var app = (await store.Runs.GetAsync(run, cancellationToken))!.App;
        return await store.Successors.DecideAsync(app, [key], isSeparate, cancellationToken) > 0 ? null : "There is no such pair.";
    }

    /// <inheritdoc/>
    public async Task<string?> ChooseAsync(
        string district,
        long run,
        string? hash,
        IReadOnlyList<PartChoice> choices,
        CancellationToken cancellationToken
    )
    {
        var store = (await installation.OpenAsync(district, cancellationToken))!;
        foreach (var (which, isLeft) in choices)
        {
            await store.Staged.LeaveAsync(run, which, isLeft, cancellationToken);
        }

        return null;
    }

    public Task<string> ShownAsync(IDistrictStore store, RunRecord run, CancellationToken cancellationToken) =>
        Task.FromResult(RunReport.FromJson(run.Report).ChangeHash ?? "");

    public async Task<StartResult> StartAsync(string district, string app, string trigger, string startedBy, CancellationToken cancellationToken)
    {
        if (atWork.TryGetValue((district, app), out var other))
        {
            return new StartResult.AlreadyRunning(other);
        }

        var store = (await installation.OpenAsync(district, cancellationToken))!;
        if (app == "directory")
        {
            return new StartResult.Refused("The directory app is not set up. Finish its configuration first.");
        }

        var run = await store.Runs.AddAsync(app, trigger, startedBy, 1, time.GetUtcNow(), cancellationToken);
        atWork[(district, app)] = run.Number;
        await store.Runs.MoveAsync(run.Number, "queued", "reading", null, null, cancellationToken);
        await ReadAsync(district, run.Number, users: 0);
        return new StartResult.Started(run.Number);
    }

    public async Task<StartResult> StartRemovalAsync(string district, string app, string startedBy, CancellationToken cancellationToken)
    {
        var result = await StartAsync(district, app, "console", startedBy, cancellationToken);
        if (result is StartResult.Started started)
        {
            var report = new RunReport { Purpose = RunPurpose.Removal }.ToJson();
            var store = (await installation.OpenAsync(district, cancellationToken))!;
            await store.Runs.MoveAsync(started.Run, "reading", "reading", report, null, cancellationToken);
        }

        return result;
    }

    public Task<StartResult> StartUnitingAsync(string district, string app, string startedBy, CancellationToken cancellationToken) =>
        StartAsync(district, app, Imports.DecisionTrigger, startedBy, cancellationToken);

    /// <summary>Stages what leads back, as a rollback does, and has it wait.</summary>
    public async Task<StartResult> StartRollbackAsync(
        string district,
        int version,
        string trigger,
        string startedBy,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var store = (await installation.OpenAsync(district, cancellationToken))!;
        var latest = (await store.Roster.LatestAsync(cancellationToken))!.Number;
        var changes = new Site.SampleChanges();
        foreach (var kind in Kinds.All)
        {
            await foreach (var change in store.Roster.BackAsync(latest, version, kind.Kind, cancellationToken))
            {
                changes.Add(change);
            }
        }

        var run = await store.Runs.AddAsync(RunRecord.NoApp, trigger, startedBy, 1, time.GetUtcNow(), cancellationToken);
        var report = new RunReport
        {
            Purpose = RunPurpose.Rollback,
            Rollback = new RollbackWish(version, reason),
            Changes = changes.Counts,
            ChangeHash = "rollback",
            WaitsAs = RunState.Waiting,
        };
        await store.Staged.KeepAsync(run.Number, "queued", "waiting", changes, report.ToJson(), cancellationToken);
        return new StartResult.Started(run.Number);
    }

    public async Task<StartResult> AcceptAsync(
        string district,
        long run,
        string? hash,
        string acceptedBy,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var store = (await installation.OpenAsync(district, cancellationToken))!;
        var record = (await store.Runs.GetAsync(run, cancellationToken))!;
        if (atWork.TryGetValue((district, record.App), out var other))
        {
            return new StartResult.AlreadyRunning(other);
        }

        atWork[(district, record.App)] = run;
        var report = RunReport.FromJson(record.Report) with { Decision = new RunDecision(IsAccepted: true, acceptedBy, time.GetUtcNow(), reason) };
        await store.Runs.MoveAsync(run, record.State, "deriving", report.ToJson(), null, cancellationToken);
        return new StartResult.Started(run);
    }

    public async Task<string?> DeclineAsync(
        string district,
        long run,
        string? hash,
        string declinedBy,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var store = (await installation.OpenAsync(district, cancellationToken))!;
        var record = (await store.Runs.GetAsync(run, cancellationToken))!;
        var report = RunReport.FromJson(record.Report) with { Decision = new RunDecision(IsAccepted: false, declinedBy, time.GetUtcNow(), reason) };
        await store.Runs.MoveAsync(run, record.State, "declined", report.ToJson(), time.GetUtcNow(), cancellationToken);
        await store.Staged.RemoveAsync(run, cancellationToken);
        return null;
    }

    public async Task<bool> CancelAsync(string district, long run, CancellationToken cancellationToken)
    {
        var store = (await installation.OpenAsync(district, cancellationToken))!;
        if (!await store.Runs.RequestCancelAsync(run, cancellationToken))
        {
            return false;
        }

        await EndAsync(district, run, "cancelled", new RunReport());
        return true;
    }

    public Task WaitAsync(string district, long run, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Says that so many users were read.</summary>
    internal async Task ReadAsync(string district, long run, long users)
    {
        var store = (await installation.OpenAsync(district, CancellationToken.None))!;
        var progress = new RunProgress
        {
            At = time.GetUtcNow(),
            Collections =
            [
                .. Collections.InOrder.Select(collection =>
                    collection switch
                    {
                        < Collection.Demographics => new CollectionProgress(collection, CollectionState.Complete, 120, 120, 2400),
                        Collection.Demographics => new CollectionProgress(collection, CollectionState.Unavailable, 0, null, 0),
                        Collection.Users => new CollectionProgress(collection, CollectionState.Reading, users, 46_250, 1_830),
                        _ => new CollectionProgress(collection, CollectionState.Pending, 0, 210_400, 0),
                    }
                ),
            ],
            Notices = ["Demographics are not licensed for this client. What is known of them stays."],
        };
        await store.Runs.ReportProgressAsync(run, progress.ToJson(), CancellationToken.None);
    }

    /// <summary>Leaves nothing at work for the next test.</summary>
    internal async Task StopAllAsync()
    {
        foreach (var ((district, _), run) in atWork)
        {
            await CancelAsync(district, run, CancellationToken.None);
        }
    }

    /// <summary>Ends a run that has no effect on the roster.</summary>
    internal async Task EndAsync(string district, long run, string state, RunReport report)
    {
        var store = (await installation.OpenAsync(district, CancellationToken.None))!;
        var record = (await store.Runs.GetAsync(run, CancellationToken.None))!;
        report = report with { Quality = Site.SampleDistrict.Quality };
        await store.Runs.MoveAsync(run, record.State, state, report.ToJson(), time.GetUtcNow(), CancellationToken.None);
        atWork.TryRemove((district, record.App), out _);
    }
}
