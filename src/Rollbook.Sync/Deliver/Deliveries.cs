using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Deliver;

/// <summary>
/// Delivers the published roster to export apps. Only what is published can be delivered: of a run that is at work, waits, is held or failed nothing is read. Whether there is
/// something to do is told by the store alone, the newest version beside the newest delivery, so that a restart or a second server goes on where the first was.
/// </summary>
public sealed class Deliveries(IEnumerable<IExporter> exporters, ISecrets secrets, IAuditLog audit, TimeProvider time)
{
    /// <summary>Who starts a delivery that begins by itself.</summary>
    public const string ByItself = "Publication";

    private const int VersionsAtOnce = 100;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>The exporter of an app; null for a type that this version does not know.</summary>
    public IExporter? ExporterOf(AppConfiguration app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return exporters.FirstOrDefault(exporter => string.Equals(exporter.Type, app.Type, StringComparison.Ordinal));
    }

    /// <summary>How long is waited after so many attempts that failed: a minute, then twice as long each time, at most an hour.</summary>
    public static TimeSpan PauseAfter(int attempts) =>
        attempts > 7 ? LongestPause : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Max(0, attempts - 1)));

    /// <summary>When a delivery that failed is tried again by itself; null for any other.</summary>
    public static DateTimeOffset? NextTry(DeliveryRecord delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return delivery is { State: DeliveryState.Failed, EndedAt: { } ended } ? ended + PauseAfter(delivery.Attempts) : null;
    }

    /// <summary>
    /// Whether it is an app's turn: there is a version that it does not have, which an import that it waits for published (or nobody's import: a rollback, an app that was taken
    /// out), and none of these imports is at work; or a delivery was cut off; or one failed and its pause is over.
    /// </summary>
    public async Task<bool> IsDueAsync(IDistrictStore store, string app, DistrictConfiguration district, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(district);
        if (
            district.Exports.GetValueOrDefault(app) is not { } export
            || ExporterOf(export) is not { } exporter
            || await store.Roster.LatestAsync(cancellationToken) is not { } newest
        )
        {
            return false;
        }

        var target = exporter.TargetOf(new SourceSettings(export.Delivery));
        var last = (await store.Deliveries.ListAsync(app, before: null, limit: 1, cancellationToken)).FirstOrDefault();
        if (last is { Succeeded: true } && last.Start.Version == newest.Number && string.Equals(last.Start.Target, target, StringComparison.Ordinal))
        {
            return false;
        }

        if (last is not null && string.Equals(last.Start.Target, target, StringComparison.Ordinal) && NextTry(last) > time.GetUtcNow())
        {
            return false;
        }

        var waits = WaitFor.Of(export, district);
        var running = await store.Runs.UnendedAsync(app: null, cancellationToken);
        if (running.Any(run => RunStates.IsActive(run) && waits.Includes(run.App)))
        {
            return false;
        }

        return last is { Succeeded: false }
            || await store.Deliveries.SucceededAsync(app, target, cancellationToken) is not { } had
            || await IsWantedAsync(store.Roster, had.Start.Version, waits, district, cancellationToken);
    }

    /// <summary>Delivers the newest version to an app. Never throws for a target that is down: that is a failed delivery, which is tried again.</summary>
    /// <param name="store">The district.</param>
    /// <param name="app">The export app's ID.</param>
    /// <param name="wish">Who wants what.</param>
    /// <param name="cancellationToken">Stops it; what was there before is there still, and the delivery is due again at once.</param>
    public async Task<DeliveryResult> DeliverAsync(IDistrictStore store, string app, DeliveryWish wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(wish);
        if (await store.TryLockAsync("delivery-" + app, cancellationToken) is not { } turn)
        {
            return new DeliveryResult.AtWork();
        }

        await using (turn)
        {
            if (
                await store.Configuration.LatestAsync(cancellationToken) is not { } version
                || DistrictConfiguration.FromDocument(version.Document) is not { } district
                || district.Exports.GetValueOrDefault(app) is not { } export
                || ExporterOf(export) is not { } exporter
            )
            {
                return new DeliveryResult.Refused($"There is no export app {app} in this district.");
            }

            if (wish.IsByItself && !await IsDueAsync(store, app, district, cancellationToken))
            {
                return new DeliveryResult.UpToDate();
            }

            if (await store.Roster.LatestAsync(cancellationToken) is not { } newest)
            {
                return new DeliveryResult.Refused("Nothing is published yet, so there is nothing to deliver. Run an import first.");
            }

            return await DeliverAsync(store, app, export, exporter, newest.Number, wish, cancellationToken);
        }
    }

    /// <summary>What a delivery's package was made of, so that it can be made again to the same bytes.</summary>
    /// <exception cref="ArgumentException">The app is of no type that this version knows.</exception>
    public async Task<ExportedPackage> WriteAsync(
        IDistrictStore store,
        AppConfiguration export,
        int version,
        int? since,
        Stream output,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(export);
        var exporter = ExporterOf(export) ?? throw new ArgumentException($"No app of type {export.Type} is known.", nameof(export));
        return await exporter.WriteAsync(
            new ExportRequest(new SourceSettings(export.Delivery), store.Roster, version, since),
            output,
            cancellationToken
        );
    }

    private async Task<DeliveryResult> DeliverAsync(
        IDistrictStore store,
        string app,
        AppConfiguration export,
        IExporter exporter,
        int newest,
        DeliveryWish wish,
        CancellationToken cancellationToken
    )
    {
        var plain = new SourceSettings(export.Delivery);
        var target = exporter.TargetOf(plain);
        var had = await store.Deliveries.SucceededAsync(app, target, cancellationToken);
        int? since = null;
        if (!wish.Everything && exporter.SendsChanges(plain) && had is not null)
        {
            var open = (await store.Deliveries.ListAsync(app, before: null, limit: 1, cancellationToken)).FirstOrDefault();
            if (had.Start.Version == newest && open?.Succeeded != false)
            {
                return new DeliveryResult.UpToDate();
            }

            // Of a version that is kept no longer nothing can be compared: then everything is sent.
            since =
                had.Start.Version < newest && await store.Roster.VersionAsync(had.Start.Version, cancellationToken) is { IsPurged: false }
                    ? had.Start.Version
                    : null;
        }

        var delivery = await store.Deliveries.BeginAsync(
            app,
            new DeliveryStart(wish.StartedBy, target, newest, since),
            time.GetUtcNow(),
            cancellationToken
        );
        var end = await TryAsync(store, app, export, exporter, delivery, cancellationToken);
        await store.Deliveries.EndAsync(delivery.Number, end, time.GetUtcNow(), CancellationToken.None);
        if (end.State == DeliveryState.Delivered)
        {
            await audit.WriteAsync(
                new AuditEntry(store.District.Id, wish.StartedBy, wish.How, AuditActions.PackageDelivered, app)
                {
                    NewValue = System.Text.Json.JsonSerializer.Serialize(
                        new
                        {
                            version = newest,
                            since,
                            bytes = end.Bytes,
                        },
                        System.Text.Json.JsonSerializerOptions.Web
                    ),
                },
                CancellationToken.None
            );
        }

        return new DeliveryResult.Ended((await store.Deliveries.GetAsync(delivery.Number, CancellationToken.None))!);
    }

    private async Task<DeliveryEnd> TryAsync(
        IDistrictStore store,
        string app,
        AppConfiguration export,
        IExporter exporter,
        DeliveryRecord delivery,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var settings = await SecretSettings.ReadAsync(store, secrets, app, export, cancellationToken);
            var package = await exporter.DeliverAsync(
                new ExportRequest(settings, store.Roster, delivery.Start.Version, delivery.Start.Since),
                cancellationToken
            );
            return package.Rows.Count == 0 && delivery.Start.Since is not null
                ? new DeliveryEnd(DeliveryState.Unchanged)
                : new DeliveryEnd(DeliveryState.Delivered, package.Bytes, DeliveryRows.ToJson(package.Rows));
        }
        catch (SourceException failure)
        {
            return new DeliveryEnd(DeliveryState.Failed, Failure: failure.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // What was thrown may name people; its kind tells the rest to whoever they ask.
            return new DeliveryEnd(
                DeliveryState.Failed,
                Failure: $"The package could not be made or delivered, in a way that was not foreseen ({failure.GetType().Name}). It is tried again; if it stays so, tell the operator of Rollbook."
            );
        }
    }

    /// <summary>Whether any of the versions since was published by an import that is waited for, or by none of the district's imports.</summary>
    private static async Task<bool> IsWantedAsync(
        IRosterStore roster,
        int had,
        WaitFor waits,
        DistrictConfiguration district,
        CancellationToken cancellationToken
    )
    {
        for (int? before = null; ; )
        {
            var versions = await roster.VersionsAsync(before, VersionsAtOnce, cancellationToken);
            var since = versions.TakeWhile(version => version.Number > had).ToList();
            if (since.Exists(version => waits.Includes(version.App) || !district.Apps.ContainsKey(version.App)))
            {
                return true;
            }

            if (since.Count < VersionsAtOnce)
            {
                return false;
            }

            before = since[^1].Number;
        }
    }
}

/// <summary>Who wants a delivery, and what.</summary>
/// <param name="StartedBy">By sign-in name, or <see cref="Deliveries.ByItself"/>.</param>
/// <param name="How">By which way it came.</param>
/// <param name="Everything">Whether everything is sent, also where the app has it or would be sent the changes only.</param>
public sealed record DeliveryWish(string StartedBy, AuditChannel How, bool Everything = false)
{
    /// <summary>A delivery that begins by itself, when it is due.</summary>
    public static DeliveryWish WhenDue { get; } = new(Deliveries.ByItself, AuditChannel.Schedule) { IsByItself = true };

    /// <summary>Whether nothing is done unless it is due.</summary>
    public bool IsByItself { get; private init; }
}

/// <summary>What became of a wish to deliver.</summary>
public abstract record DeliveryResult
{
    private DeliveryResult() { }

    /// <summary>It came to an end; the record says to which.</summary>
    public sealed record Ended(DeliveryRecord Delivery) : DeliveryResult;

    /// <summary>The app has the newest version.</summary>
    public sealed record UpToDate : DeliveryResult;

    /// <summary>A delivery to the app is at work already.</summary>
    public sealed record AtWork : DeliveryResult;

    /// <summary>It can't begin.</summary>
    /// <param name="Message">Why, for a person.</param>
    public sealed record Refused(string Message) : DeliveryResult;
}
