using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Guard;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;
using Rollbook.Sync.Replay;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Rules;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.WhatIf;

/// <summary>
/// Tells what an import with some configuration would do, without doing it: an import up to its publication (<see cref="Staging"/>), from the kept upload
/// where the app has one and otherwise, or where that is asked, from the source. It takes no lock and writes nothing into the store, so it is in nobody's way; when a
/// publication comes in between, it begins anew.
/// </summary>
public sealed class WhatIfs(IEnumerable<IConnector> connectors, ISecrets secrets, ImportOptions options, TimeProvider time)
{
    // A publication comes in between once in a blue moon; someone who publishes without a pause is told.
    private const int Attempts = 3;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether the app has a kept upload, from which a what-if is told without asking the source.</summary>
    public static async Task<bool> HasKeptUploadAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        foreach (var collection in Collections.InOrder)
        {
            if (await store.Uploads.ReadIndexAsync(app, collection, cancellationToken).AnyAsync(cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Derives it.</summary>
    /// <param name="store">The district.</param>
    /// <param name="question">The app and the configuration.</param>
    /// <param name="progress">Hears a few times a second how far it is; null for nobody.</param>
    /// <param name="cancellationToken">Stops it within a second.</param>
    /// <exception cref="SourceException">The source can't be read, or the configuration can't be carried out; the message is for a person.</exception>
    public async Task<WhatIfReport> DeriveAsync(
        IDistrictStore store,
        WhatIfQuestion question,
        IProgress<WhatIfProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(question);
        HeldFolder.Sweep(options.WorkFolder);
        var start = time.GetTimestamp();
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                if (await AttemptAsync(store, question, progress, attempt == Attempts, cancellationToken) is { } report)
                {
                    return report with { Seconds = Math.Round(time.GetElapsedTime(start).TotalSeconds, 3) };
                }
            }
        }
        catch (Exception exception)
            when (exception is not OperationCanceledException && RunFailures.Of(exception) is { Part: not RunFailures.Program })
        {
            if (exception is SourceException)
            {
                throw;
            }

            var failure = RunFailures.Of(exception);
            var turn = failure.Retry ? SourceFailure.Transient : SourceFailure.Configuration;
            throw new SourceException(turn, CheckPart.Settings, failure.Message, exception);
        }
    }

    /// <summary>Derives it once; null when the app was published in between, so that what was read is of two versions.</summary>
    private async Task<WhatIfReport?> AttemptAsync(
        IDistrictStore store,
        WhatIfQuestion question,
        IProgress<WhatIfProgress>? progress,
        bool isLast,
        CancellationToken cancellationToken
    )
    {
        var before = await StateAsync(store, question.App, cancellationToken);
        var isKept = !question.ReadsSource && await HasKeptUploadAsync(store, question.App, cancellationToken);
        var basis = isKept ? WhatIfBasis.KeptUpload : WhatIfBasis.Source;
        try
        {
            var report = await DeriveFromAsync(store, question, basis, progress, cancellationToken);
            if (await StateAsync(store, question.App, cancellationToken) == before)
            {
                return report;
            }
        }
        catch (InvalidDataException)
        {
            // The publication took segments along that were still to be read.
            if (await StateAsync(store, question.App, cancellationToken) == before)
            {
                throw;
            }
        }

        return isLast
            ? throw new SourceException(
                SourceFailure.Transient,
                CheckPart.Roster,
                "The roster was changed again and again while this was being worked out. Try again when the imports have ended."
            )
            : null;
    }

    private async Task<WhatIfReport> DeriveFromAsync(
        IDistrictStore store,
        WhatIfQuestion question,
        WhatIfBasis basis,
        IProgress<WhatIfProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        using var folder = HeldFolder.Create(options.WorkFolder, store.District.Id, time);
        using var uploads = new UnkeptUploads(store.Uploads, folder.Location);
        await using var district = new UnkeptDistrict(store, uploads);
        var board = new ProgressBoard(time);
        var lacking = question.Census is { } kinds ? new AttributeCensus(kinds) : null;
        using var staging = await Staging.PrepareAsync(
            district,
            question.Configuration,
            question.App,
            run: 0,
            StagingPurpose.WhatIf,
            folder.Location,
            board,
            time,
            cancellationToken,
            lacking,
            isPartial: basis == WhatIfBasis.KeptUpload
        );
        var source = await OpenAsync(district, question, basis, staging.Derivation, cancellationToken);
        await staging.ReadAsync(WatchAsync(source, Tell, cancellationToken), cancellationToken);
        board.Step("Counting");
        Tell();
        var rollback = await store.SetAside.PendingAsync(cancellationToken);
        using var whole = rollback is null ? null : new WholeChanges(store, question.App, folder.Location);
        if (whole is not null)
        {
            await whole.FillAsync(staging.Derivation.Changes, staging.Derivation.Uniting?.ChangedForOthers ?? [], cancellationToken);
        }

        var changes = whole?.Changes ?? staging.Derivation.Changes;
        var verdict = changes.Counts.Values.Any(counts => counts.Any)
            ? await GateVerdict.OfAsync(staging, question.Configuration, whole, rollback, question.HeedsRollover, time, cancellationToken)
            : GateVerdict.Nothing;
        var census = new Census(store.Roster);
        await census.TakeAsync(changes, cancellationToken);
        return new WhatIfReport
        {
            App = question.App,
            Of = question.Of,
            Basis = basis,
            Read = staging.Derivation.Tally.ReadByKind,
            Skipped = staging.Derivation.Tally.SkippedByKind,
            Reported = staging.Derivation.Issues.Reported,
            Lacking = [.. lacking?.All().Select(count => new WhatIfLack(count.Kind, count.Attribute, count.Missing, count.Invalid)) ?? []],
            Filtered = staging.Derivation.Tally.FilteredByKind,
            FilterEffects = [.. Effects(lacking)],
            LeftOut = staging.Derivation.Issues.Skipped,
            TakenAlong = staging.Derivation.TakenAlong.ByKind,
            Domains = staging.Derivation.Uniting?.Tallies ?? [],
            Changes = changes.Counts,
            Schools = await census.SchoolsAsync(cancellationToken),
            Samples = census.Samples(),
            Holds = verdict.Holds,
            WaitsAs = verdict.WaitsAs,
            LetsAdditionsThrough = verdict.LetsAdditionsThrough(question.Configuration.Apps[question.App].Advanced, staging, changes),
            LimitChanges = await LimitChangesAsync(store, question, cancellationToken),
            Notices =
            [
                .. verdict.Rollover is { } until ? new[] { RunSteps.WithoutDeletions(until, staging.SaysChangesOnly) } : [],
                .. staging.Notices(),
            ],
        };

        void Tell() => progress?.Report(new WhatIfProgress(board.Snapshot(), staging.Derivation.SoFar.Beside(staging.Derivation.Changes.Counts)));
    }

    private async Task<IReadOnlyList<string>> LimitChangesAsync(IDistrictStore store, WhatIfQuestion question, CancellationToken cancellationToken) =>
        await store.Configuration.LatestAsync(cancellationToken) is { } version
        && DistrictConfiguration.FromDocument(version.Document).Apps.TryGetValue(question.App, out var inForce)
            ? LimitChanges.Between(
                inForce.Advanced,
                question.Configuration.Apps[question.App].Advanced,
                DeliveryTimeZone.Today(question.Configuration, time)
            )
            : [];

    private static IEnumerable<WhatIfFilter> Effects(AttributeCensus? census) =>
        from kind in census?.Filtered ?? new Dictionary<Kind, (long, long)>()
        orderby kind.Key
        let samples = census!.Samples.Where(sample => sample.Row.Kind == kind.Key).ToLookup(sample => sample.Passes, sample => Name(sample.Row))
        select new WhatIfFilter(kind.Key, kind.Value.Passed, kind.Value.Left, [.. samples[true]], [.. samples[false]]);

    private static WhatIfName Name(Row row) => new(row.SisId, Census.NameOf(row));

    private async Task<IAsyncEnumerable<SourceMessage>> OpenAsync(
        IDistrictStore store,
        WhatIfQuestion question,
        WhatIfBasis basis,
        Derivation derivation,
        CancellationToken cancellationToken
    )
    {
        var app = question.Configuration.Apps[question.App];
        var ids = await IdScopes.OfAsync(store, question.App, app, cancellationToken);
        if (basis == WhatIfBasis.KeptUpload)
        {
            // The kept upload derived in the same way gives what is there.
            return derivation.Everything
                ? Prefetch.AheadAsync(
                    token => KeptUploadReplay.ReadAsync(store.Uploads, question.App, ids, token, isRead: derivation.Rederives),
                    cancellationToken
                )
                : AsyncEnumerable.Empty<SourceMessage>();
        }

        var connector =
            connectors.FirstOrDefault(connector => string.Equals(connector.Type, app.Type, StringComparison.Ordinal))
            ?? throw new SourceException(
                SourceFailure.Configuration,
                CheckPart.Settings,
                $"The app {question.App} is of type {app.Type}, which is not one that imports."
            );
        var delivery = await SecretSettings.ReadAsync(
            store,
            secrets,
            new SourceOwner(store.District.Id, question.App) { Rehearsal = question.Rehearsal },
            app,
            question.Secrets,
            cancellationToken
        );
        return connector.ReadAsync(
            new ReadRequest(delivery, family => ids[family], Before: UploadBefore.Of(store.Uploads, question.App)),
            cancellationToken
        );
    }

    private async IAsyncEnumerable<SourceMessage> WatchAsync(
        IAsyncEnumerable<SourceMessage> source,
        Action tell,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var last = time.GetTimestamp();
        await foreach (var message in source.WithCancellation(cancellationToken))
        {
            if (message is SourceMessage.Complete || time.GetElapsedTime(last) >= Beat)
            {
                tell();
                last = time.GetTimestamp();
            }

            yield return message;
        }
    }

    private static async Task<(int? Version, long? Accepted)> StateAsync(IDistrictStore store, string app, CancellationToken cancellationToken) =>
        ((await store.Roster.LatestAsync(cancellationToken))?.Number, (await store.Uploads.AcceptedAsync(app, cancellationToken))?.Run);
}
