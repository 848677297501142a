using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Setup;

/// <summary>Takes an app out of a district, with what it feeds or without.</summary>
public sealed class Deactivations(
    IImports imports,
    Configurations configurations,
    IEnumerable<IConnector> connectors,
    IAuditLog audit,
    TimeProvider time
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
    /// <param name="startedBy">Who asks, by sign-in name.</param>
    /// <param name="cancellationToken">Stops waiting; a removal that has begun goes on.</param>
    public async Task<DeactivationResult> DeactivateAsync(
        IDistrictStore store,
        string app,
        bool removeData,
        string startedBy,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        var district = store.District.Id;
        var (removal, refusal) = removeData ? await RemoveAsync(store, app, startedBy, stopsOthers: false, cancellationToken) : (null, null);
        if (refusal is not null)
        {
            return refusal;
        }

        var settings = (await LatestAsync(store, cancellationToken))?.Apps.GetValueOrDefault(app);
        await configurations.ChangeAsync(district, startedBy, configuration => Without(configuration, app), cancellationToken);
        if (removal is not null && (await store.Runs.ListAsync(app, null, 1, cancellationToken))[0].Number != removal)
        {
            // An import began after the removal and before the app was out. From here on none can begin.
            (removal, refusal) = await RemoveAsync(store, app, startedBy, stopsOthers: true, cancellationToken);
        }

        await store.Drafts.RemoveAsync(app, cancellationToken);
        foreach (var name in connectors.SelectMany(SecretsOf).Union(settings?.Secrets ?? [], StringComparer.Ordinal))
        {
            await store.Configuration.RemoveSecretAsync(SecretSettings.NameOf(app, name), cancellationToken);
        }

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

    private async Task<(long? Run, DeactivationResult? Refusal)> RemoveAsync(
        IDistrictStore store,
        string app,
        string startedBy,
        bool stopsOthers,
        CancellationToken cancellationToken
    )
    {
        var district = store.District.Id;
        while (true)
        {
            switch (await imports.StartRemovalAsync(district, app, startedBy, cancellationToken))
            {
                case StartResult.Started started:
                    await imports.WaitAsync(district, started.Run, cancellationToken);
                    var run = await store.Runs.GetAsync(started.Run, cancellationToken);
                    return RunStates.FromWord(run!.State) is RunState.Published or RunState.Unchanged
                        ? (started.Run, null)
                        : (null, new DeactivationResult.NotRemoved(started.Run));

                case StartResult.AlreadyRunning running when stopsOthers:
                    if (running.Run is { } other)
                    {
                        await imports.CancelAsync(district, other, cancellationToken);
                    }

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

    private static IEnumerable<string> SecretsOf(IConnector connector) =>
        connector.Settings.Where(setting => setting.Secret).Select(setting => setting.Name);

    private static DistrictConfiguration Without(DistrictConfiguration configuration, string app) =>
        configuration with
        {
            Apps = configuration
                .Apps.Where(other => !string.Equals(other.Key, app, StringComparison.Ordinal))
                .ToDictionary(other => other.Key, other => other.Value, StringComparer.Ordinal),
        };

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
