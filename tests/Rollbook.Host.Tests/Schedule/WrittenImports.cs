using System.Collections.Concurrent;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Tests.Schedule;

/// <summary>Imports that do nothing but be at work as long as they are told, with runs and locks in the real store.</summary>
internal sealed class WrittenImports(IInstallationStore installation, TimeProvider time) : IImports
{
    private readonly ConcurrentDictionary<long, (TaskCompletionSource<string> End, Task Work)> working = new();

    /// <summary>When each import began, in the order of their beginning.</summary>
    internal ConcurrentQueue<DateTimeOffset> Begun { get; } = new();

    /// <summary>Whether imports go on until they are ended or stopped.</summary>
    internal bool IsSlow { get; set; }

    /// <summary>What an import that has been stopped still waits for.</summary>
    internal Task BeforeEnd { get; set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public Task<StartResult> MigrateAsync(string district, long run, CancellationToken cancellationToken) =>
        Task.FromResult<StartResult>(new StartResult.Refused("These imports read no source."));

    /// <inheritdoc/>
    public async Task<string?> SeparateAsync(
        string district,
        long run,
        Rollbook.Model.RollbookId key,
        bool isSeparate,
        CancellationToken cancellationToken
    )
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

    /// <inheritdoc/>
    public Task<string> ShownAsync(IDistrictStore store, RunRecord run, CancellationToken cancellationToken) =>
        Task.FromResult(RunReport.FromJson(run.Report).ChangeHash ?? "");

    /// <inheritdoc/>
    public async Task<StartResult> StartAsync(string district, string app, string trigger, string startedBy, CancellationToken cancellationToken)
    {
        var store = (await installation.OpenAsync(district, cancellationToken))!;
        if (await store.TryLockAsync("app-" + app, cancellationToken) is not { } taken)
        {
            return new StartResult.AlreadyRunning((await store.Runs.ListAsync(app, null, 1, cancellationToken))[0].Number);
        }

        var run = await store.Runs.AddAsync(app, trigger, startedBy, 1, time.GetUtcNow(), cancellationToken);
        var end = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Begun.Enqueue(run.StartedAt);
        working[run.Number] = (end, WorkAsync());
        if (!IsSlow)
        {
            end.TrySetResult("unchanged");
        }

        return new StartResult.Started(run.Number);

        async Task WorkAsync()
        {
            var state = await end.Task;
            await BeforeEnd;
            await store.Runs.MoveAsync(run.Number, "queued", state, null, time.GetUtcNow(), CancellationToken.None);
            await taken.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public Task<StartResult> StartRemovalAsync(string district, string app, string startedBy, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No schedule removes an app's data.");

    /// <inheritdoc/>
    public Task<StartResult> StartUnitingAsync(string district, string app, string startedBy, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No schedule decides about duplicates.");

    /// <summary>Lets everything that is at work come to its end.</summary>
    internal void End()
    {
        foreach (var (end, _) in working.Values)
        {
            end.TrySetResult("unchanged");
        }
    }

    /// <inheritdoc/>
    public Task<StartResult> StartRollbackAsync(
        string district,
        int version,
        string trigger,
        string startedBy,
        string reason,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task<StartResult> AcceptAsync(
        string district,
        long run,
        string? hash,
        string acceptedBy,
        string reason,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<string?> DeclineAsync(
        string district,
        long run,
        string? hash,
        string declinedBy,
        string reason,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> CancelAsync(string district, long run, CancellationToken cancellationToken) =>
        Task.FromResult(working.TryGetValue(run, out var work) && work.End.TrySetResult("cancelled"));

    /// <inheritdoc/>
    public Task WaitAsync(string district, long run, CancellationToken cancellationToken) =>
        working.TryGetValue(run, out var work) ? work.Work.WaitAsync(cancellationToken) : Task.CompletedTask;
}
