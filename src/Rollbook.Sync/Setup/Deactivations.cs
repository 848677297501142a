using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Setup;

/// <summary>Takes an app out of a district, with what it feeds or without.</summary>
public sealed class Deactivations(
    IImports imports,
    Configurations configurations,
    IEnumerable<IConnector> connectors,
    IAuditLog audit,
    TimeProvider time,
    IEnumerable<IExporter>? exporters = null
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Takes the app out of the configuration, with its draft, its secrets and what jobs found for pages. With <paramref name="removeData"/> a run removes its data
    /// first, which may take minutes; when that does not succeed, the app stays. Without it, what the app fed stays in the roster, and its kept
    /// upload too: activated again under the same ID it goes on from there.
    /// </summary>
    /// <param name="store">The district.</param>
    /// <param name="app">The app's ID.</param>
    /// <param name="removeData">Whether its data is removed from the roster.</param>
    /// <param name="keepIds">
    /// Whether people whom other apps have too go on under the Rollbook IDs that they have, even where the IDs are this app's. They always do while its data stays.
    /// </param>
    /// <param name="startedBy">Who asks, by sign-in name.</param>
    /// <param name="cancellationToken">Stops waiting; a removal that has begun goes on.</param>
    public async Task<DeactivationResult> DeactivateAsync(
        IDistrictStore store,
        string app,
        bool removeData,
        bool keepIds,
        string startedBy,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        var district = store.District.Id;
        if (keepIds || !removeData)
        {
            await store.United.KeepIdsAsync(app, cancellationToken);
        }

        var (removal, refusal) = removeData ? await RemoveAsync(store, app, startedBy, stopsOthers: false, cancellationToken) : (null, null);
        if (refusal is not null)
        {
            return refusal;
        }

        var latest = await LatestAsync(store, cancellationToken);
        var settings = latest?.Apps.GetValueOrDefault(app) ?? latest?.Exports.GetValueOrDefault(app);
        await configurations.ChangeAsync(district, startedBy, configuration => configuration.Without(app), cancellationToken);

        // The app is out; what goes with it goes, also when nobody waits for the answer any more.
        cancellationToken = CancellationToken.None;
        if (removal is not null && await HasRunSinceAsync(store, app, removal.Value, cancellationToken))
        {
            (removal, refusal) = await RemoveAsync(store, app, startedBy, stopsOthers: true, cancellationToken);
        }

        await ForgetAsync(store, app, settings, startedBy, cancellationToken);
        await audit.WriteAsync(
            new AuditEntry(district, startedBy, AuditChannel.Console, AuditActions.AppDeactivated, $"apps.{app}")
            {
                NewValue = removeData ? """{"removeData":true}""" : """{"removeData":false}""",
            },
            cancellationToken
        );

        // Last: the job that does this may be one of them.
        await store.Jobs.RemoveAsync(app, cancellationToken);
        return refusal ?? new DeactivationResult.Deactivated(removal);
    }

    /// <summary>Discards a set-up that was not finished. Were the app in force all the same, it stays so.</summary>
    public async Task DiscardAsync(IDistrictStore store, string app, string startedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        await store.Drafts.RemoveAsync(app, cancellationToken);
        var latest = await LatestAsync(store, CancellationToken.None);
        if (latest?.Apps.ContainsKey(app) != true && latest?.Exports.ContainsKey(app) != true)
        {
            await ForgetAsync(store, app, settings: null, startedBy, CancellationToken.None);
        }

        await audit.WriteAsync(
            new AuditEntry(store.District.Id, startedBy, AuditChannel.Console, AuditActions.AppDiscarded, $"apps.{app}"),
            CancellationToken.None
        );
        await store.Jobs.RemoveAsync(app, CancellationToken.None);
    }

    private async Task ForgetAsync(
        IDistrictStore store,
        string app,
        AppConfiguration? settings,
        string startedBy,
        CancellationToken cancellationToken
    )
    {
        await store.Drafts.RemoveAsync(app, cancellationToken);
        await store.Deliveries.RemoveAsync(app, cancellationToken);
        foreach (var run in await store.Runs.UndecidedAsync(app, cancellationToken))
        {
            // Nobody can accept it any more, and it holds what its source said of people.
            await imports.DeclineAsync(store.District.Id, run.Number, hash: null, startedBy, "The app was taken out.", cancellationToken);
        }

        foreach (
            var name in connectors.Concat<IGalleryApp>(exporters ?? []).SelectMany(SecretsOf).Union(settings?.Secrets ?? [], StringComparer.Ordinal)
        )
        {
            await store.Configuration.RemoveSecretAsync(SecretSettings.NameOf(app, name), cancellationToken);
        }

        foreach (var connector in connectors.OfType<IAcceptsPackages>().Where(_ => ConfigurationFile.IsShortName(app)))
        {
            connector.Forget(new SourceOwner(store.District.Id, app));
        }
    }

    /// <summary>
    /// Whether an import began after the removal and before the app was out. None can begin from now on: one that has the app's lock has looked at the
    /// configuration with it, and its run can be seen.
    /// </summary>
    private static async Task<bool> HasRunSinceAsync(IDistrictStore store, string app, long removal, CancellationToken cancellationToken) =>
        (await store.Runs.ListAsync(app, null, 1, cancellationToken))[0].Number != removal;

    private async Task<(long? Run, DeactivationResult? Refusal)> RemoveAsync(
        IDistrictStore store,
        string app,
        string startedBy,
        bool stopsOthers,
        CancellationToken cancellationToken
    )
    {
        var district = store.District.Id;
        for (var looked = 0; ; looked++)
        {
            switch (await imports.StartRemovalAsync(district, app, startedBy, cancellationToken))
            {
                case StartResult.Started started:
                    return await EndOfAsync(store, started.Run, cancellationToken);

                case StartResult.AlreadyRunning running when stopsOthers:
                    if (running.Run is { } other)
                    {
                        await imports.CancelAsync(district, other, cancellationToken);
                    }

                    await Task.Delay(Pause, time, cancellationToken);
                    break;

                case StartResult.AlreadyRunning { Run: { } same } when await IsRemovalAsync(store, same, cancellationToken):
                    // Asked for twice: what the first one began is what this one wants.
                    return await EndOfAsync(store, same, cancellationToken);

                case StartResult.AlreadyRunning when looked < 2:
                    // One that is just beginning or ending does not say yet what it is.
                    await Task.Delay(Pause, time, cancellationToken);
                    break;

                case StartResult.AlreadyRunning:
                    return (null, new DeactivationResult.Refused("An import of the app is running. Wait for its end, or cancel it, and try again."));

                default:
                    // It was never imported, so there is nothing to remove.
                    return (null, null);
            }
        }
    }

    private static async Task<bool> IsRemovalAsync(IDistrictStore store, long run, CancellationToken cancellationToken) =>
        await store.Runs.GetAsync(run, cancellationToken) is { } record && RunReport.FromJson(record.Report).Purpose == RunPurpose.Removal;

    private async Task<(long? Run, DeactivationResult? Refusal)> EndOfAsync(IDistrictStore store, long number, CancellationToken cancellationToken)
    {
        await imports.WaitAsync(store.District.Id, number, cancellationToken);
        while (true)
        {
            // A run of another program is not waited for above.
            if (await store.Runs.GetAsync(number, cancellationToken) is { EndedAt: not null } run)
            {
                return RunStates.FromWord(run.State) is RunState.Published or RunState.Unchanged
                    ? (number, null)
                    : (null, new DeactivationResult.NotRemoved(number));
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static IEnumerable<string> SecretsOf(IGalleryApp connector) =>
        connector.Settings.Where(setting => setting.Secret).Select(setting => setting.Name);

    private static async Task<DistrictConfiguration?> LatestAsync(IDistrictStore store, CancellationToken cancellationToken) =>
        await store.Configuration.LatestAsync(cancellationToken) is { } version ? DistrictConfiguration.FromDocument(version.Document) : null;
}

/// <summary>What became of a wish to take an app out.</summary>
public abstract record DeactivationResult
{
    private DeactivationResult() { }

    /// <summary>It is out.</summary>
    /// <param name="Run">The run that removed its data; null when there was none to remove.</param>
    public sealed record Deactivated(long? Run) : DeactivationResult;

    /// <summary>Its data could not be removed: the run failed or was cancelled, and says why.</summary>
    public sealed record NotRemoved(long Run) : DeactivationResult;

    /// <summary>Nothing was done.</summary>
    public sealed record Refused(string Message) : DeactivationResult;
}
