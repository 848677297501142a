using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Guard;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;
using Rollbook.Sync.Replay;
using Rollbook.Sync.Rollbacks;

namespace Rollbook.Sync.Runs;

/// <summary>What is to be run.</summary>
/// <param name="ConfigurationVersion">The version of the configuration in force.</param>
/// <param name="Configuration">The configuration to run with.</param>
/// <param name="Purpose">What the run is for.</param>
/// <param name="Open">Begins to read what the run reads.</param>
internal sealed record RunOrder(
    int ConfigurationVersion,
    DistrictConfiguration Configuration,
    RunPurpose Purpose,
    Func<CancellationToken, IAsyncEnumerable<SourceMessage>> Open
)
{
    /// <summary>The approval that the run publishes; null for a run that begins.</summary>
    public RunApproval? Approval { get; init; }

    /// <summary>What is done before anything is read or derived; null for nothing.</summary>
    public RunStart? Start { get; init; }

    /// <summary>What a rollback brings back; null for every other run.</summary>
    public RollbackWish? Rollback { get; init; }

    /// <summary>Records that are to stay as they are.</summary>
    public LeftChanges Left { get; init; } = LeftChanges.None;

    /// <summary>The held run of which this one publishes what it adds and updates; null for another purpose.</summary>
    public long? Held { get; init; }
}

/// <summary>What a run does before anything else.</summary>
/// <param name="Words">What it is, for a person: <c>Looking for pairs</c>.</param>
/// <param name="DoAsync">Does it.</param>
internal sealed record RunStart(string Words, Func<CancellationToken, Task> DoAsync);

/// <summary>Makes the order of a run from what is in force, or says why there can be none (<see cref="SourceException"/>).</summary>
internal sealed class RunOrders(IEnumerable<IConnector> connectors, ISecrets secrets, TimeProvider time)
{
    /// <summary>An import from the app's source.</summary>
    internal async Task<RunOrder> OfImportAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        var (version, configuration) = await InForceAsync(store, app, cancellationToken);
        if (configuration.RolloverOn(DeliveryTimeZone.Today(configuration, time)) is { Mode: RolloverMode.Suspend } period)
        {
            throw new SuspendedException(
                $"Data Rollover suspends data import until {period.Until:yyyy-MM-dd}. Nothing was read. End the period under Administration, Data Rollover, to import before."
            );
        }

        var settings = configuration.Apps[app];
        var connector =
            connectors.FirstOrDefault(connector => string.Equals(connector.Type, settings.Type, StringComparison.Ordinal))
            ?? throw Refuse($"The app {app} is of type {settings.Type}, which is not one that imports.");
        var delivery = await SecretSettings.ReadAsync(store, secrets, app, settings, cancellationToken);
        var ids = await IdScopes.OfAsync(store, app, settings, cancellationToken);
        var request = new ReadRequest(delivery, family => ids[family], Before: UploadBefore.Of(store.Uploads, app));
        return new RunOrder(version, configuration, RunPurpose.Import, token => connector.ReadAsync(request, token));
    }

    /// <summary>The removal of an app's data; the app may have been taken out already.</summary>
    internal static async Task<RunOrder> OfRemovalAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        var version = await store.Configuration.LatestAsync(cancellationToken);
        if (version is null || await store.Uploads.AcceptedAsync(app, cancellationToken) is null)
        {
            throw Refuse($"The app {app} has not been imported, so there is nothing of it to remove.");
        }

        var configuration = Removal.Of(DistrictConfiguration.FromDocument(version.Document), app);
        return new RunOrder(version.Number, configuration, RunPurpose.Removal, _ => Removal.Source());
    }

    /// <summary>A run that follows another app's import: from the kept upload, without asking the source.</summary>
    internal static async Task<RunOrder> OfUnitingAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        var (version, configuration) = await InForceAsync(store, app, cancellationToken);
        return new RunOrder(version, configuration, RunPurpose.Uniting, _ => AsyncEnumerable.Empty<SourceMessage>());
    }

    /// <summary>A rollback.</summary>
    internal static async Task<RunOrder> OfRollbackAsync(IDistrictStore store, RollbackWish wish, CancellationToken cancellationToken)
    {
        await RestorableAsync(store, wish.Version, cancellationToken);
        var version = await store.Configuration.LatestAsync(cancellationToken);
        var configuration = version is null ? DistrictConfiguration.Of(store.District) : DistrictConfiguration.FromDocument(version.Document);
        return new RunOrder(version?.Number ?? 0, configuration, RunPurpose.Rollback, _ => AsyncEnumerable.Empty<SourceMessage>())
        {
            Rollback = wish,
        };
    }

    /// <summary>A version whose content can be published again.</summary>
    /// <exception cref="SourceException">There is none of this number, or its content was purged.</exception>
    internal static async Task<RosterVersion> RestorableAsync(IDistrictStore store, int version, CancellationToken cancellationToken) =>
        await store.Roster.VersionAsync(version, cancellationToken) switch
        {
            null => throw Refuse($"There is no version {version}. Choose one of those that were published."),
            { IsPurged: true } purged => throw Refuse(
                $"Version {version} was purged: what it held is no longer kept. The oldest version that is kept is {purged.OldestKept}."
            ),
            var kept => kept,
        };

    /// <summary>A run that a person approved: from what it read when it came, with the configuration in force now.</summary>
    internal static async Task<RunOrder> OfApprovalAsync(
        IDistrictStore store,
        RunRecord run,
        RunApproval approval,
        CancellationToken cancellationToken
    )
    {
        if (approval.Shown.Rollback is { } wish)
        {
            return (await OfRollbackAsync(store, wish, cancellationToken)) with { Approval = approval };
        }

        var (version, configuration) = await InForceAsync(store, run.App, cancellationToken);
        Func<int, bool>? isOfRun = approval.Shown.ReadTwice switch
        {
            null => null,
            var read when read.IsWhole || approval.Decision is null => number => number < read.Below,
            var read => number => number >= read.From,
        };
        return new RunOrder(
            version,
            configuration,
            approval.Shown.Purpose,
            token =>
                approval.Shown.Purpose == RunPurpose.Import
                    ? ReadAgainAsync(store, run, configuration.Apps[run.App], isOfRun, token)
                    : AsyncEnumerable.Empty<SourceMessage>()
        )
        {
            Approval = approval,
            Left = approval.Left,
        };
    }

    /// <summary>What a run read when it came, under the IDs that are known when it is read again.</summary>
    private static async IAsyncEnumerable<SourceMessage> ReadAgainAsync(
        IDistrictStore store,
        RunRecord run,
        AppConfiguration settings,
        Func<int, bool>? isOfRun,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var ids = await IdScopes.OfAsync(store, run.App, settings, cancellationToken);
        await foreach (var message in KeptUploadReplay.ReadAsync(store.Uploads, run.App, ids, cancellationToken, run.Number, isOfRun))
        {
            yield return message;
        }
    }

    /// <summary>What a held run adds and updates: from what it read, less what it would take away.</summary>
    internal static async Task<RunOrder> OfAdditionsAsync(IDistrictStore store, RunRecord held, CancellationToken cancellationToken)
    {
        var (version, configuration) = await InForceAsync(store, held.App, cancellationToken);
        var ids = await IdScopes.OfAsync(store, held.App, configuration.Apps[held.App], cancellationToken);
        var removals = new HashSet<(Family, RollbookId)>();
        foreach (var kind in Kinds.All)
        {
            await foreach (var change in store.Staged.ReadAsync(held.Number, kind.Kind, cancellationToken))
            {
                if (Removals.Is(change, held.App))
                {
                    removals.Add((kind.Family, change.Id));
                }
            }
        }

        return new RunOrder(
            version,
            configuration,
            RunPurpose.Additions,
            token => KeptUploadReplay.ReadAsync(store.Uploads, held.App, ids, token, held.Number)
        )
        {
            Left = LeftChanges.None with { Records = removals },
            Held = held.Number,
        };
    }

    /// <summary>The configuration in force, which has the app.</summary>
    /// <exception cref="SourceException">It has not.</exception>
    internal static async Task<(int Version, DistrictConfiguration Configuration)> InForceAsync(
        IDistrictStore store,
        string app,
        CancellationToken cancellationToken
    ) =>
        await store.Configuration.LatestAsync(cancellationToken) is { } version
        && DistrictConfiguration.FromDocument(version.Document) is var configuration
        && configuration.Apps.ContainsKey(app)
            ? (version.Number, configuration)
            : throw Refuse(
                $"The district has no app {app}. Write it into the configuration file and apply it, or activate it in the Application Gallery."
            );

    private static SourceException Refuse(string reason) => new(SourceFailure.Configuration, CheckPart.Settings, reason);
}

/// <summary>No import begins now because the district has suspended them for a period: nothing that failed.</summary>
internal sealed class SuspendedException(string message) : SourceException(SourceFailure.Configuration, CheckPart.Settings, message);
