using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Derive.Schools;
using Rollbook.Sync.Guard;
using Rollbook.Sync.Map;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Rules;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Runs;

/// <summary>
/// A run up to its publication, which is all that a what-if has of one: reads a source collection by collection through the stages, and what differs from
/// the published roster is the change set.
/// </summary>
internal sealed class Staging : IDisposable
{
    private readonly ProgressBoard board;
    private readonly StagingPurpose purpose;
    private readonly List<string> notices = [];
    private readonly List<FileFinding> findings = [];
    private readonly HashSet<Collection> told = [];
    private long rejected;
    private long rejectedBefore;

    private readonly string derivedWith;
    private readonly int refreshAsked;
    private bool schoolsAreWhole;

    private Staging(Derivation derivation, string fingerprint, int refreshAsked, StagingPurpose purpose, ProgressBoard board)
    {
        (Derivation, derivedWith, this.refreshAsked, this.purpose, this.board) = (derivation, fingerprint, refreshAsked, purpose, board);
    }

    /// <summary>What was derived, and what it changes.</summary>
    internal Derivation Derivation { get; }

    /// <summary>
    /// The requests for schools' own attributes that the reading takes. Their number falls with that of the configuration, so that one that is greater again is a new
    /// request.
    /// </summary>
    internal int RefreshTaken => schoolsAreWhole ? refreshAsked : Derivation.RefreshTaken;

    /// <summary>
    /// With what the upload is accepted: what the derivation depends on besides the raw records, which requests for schools' own attributes are taken, and of which schools a
    /// person knows that they are gone.
    /// </summary>
    /// <param name="refreshTaken">The number of the last request that is taken.</param>
    /// <param name="isToldOfSchools">Whether a person has accepted it who was told of the schools that are gone.</param>
    internal string AcceptsWith(int refreshTaken, bool isToldOfSchools) =>
        new AcceptedDerivation(
            derivedWith,
            refreshTaken,
            [.. Derivation.GoneSchools.Where(school => isToldOfSchools || Derivation.GoneSchoolsAccepted.Contains(school)).Order()]
        ).ToString();

    /// <summary>Gets ready to read for an app as a district's configuration has it.</summary>
    /// <param name="store">The district; a what-if gives one that keeps nothing.</param>
    /// <param name="configuration">The configuration to derive with, saved or not.</param>
    /// <param name="app">The app's ID.</param>
    /// <param name="run">The run's number.</param>
    /// <param name="purpose">What it is done for.</param>
    /// <param name="folder">A folder of its own for spools.</param>
    /// <param name="board">Where its progress goes.</param>
    /// <param name="time">Says which day it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="census">Counts what lacks a value and what rules leave out, for which these kinds are derived whole; null for nobody.</param>
    /// <param name="left">Records that are to stay as they are; null for none.</param>
    /// <param name="isPartial">Whether collections that the configuration derives as before may be passed over, where a what-if reads the kept upload.</param>
    internal static async Task<Staging> PrepareAsync(
        IDistrictStore store,
        DistrictConfiguration configuration,
        string app,
        long run,
        StagingPurpose purpose,
        string folder,
        ProgressBoard board,
        TimeProvider time,
        CancellationToken cancellationToken,
        AttributeCensus? census = null,
        LeftChanges? left = null,
        bool isPartial = false
    )
    {
        // What a rollback has published instead is no part of what is derived.
        store = await DerivedDistrict.OfAsync(store, cancellationToken);
        var settings = configuration.Apps[app];
        var ids = await IdScopes.OfAsync(store, app, settings, cancellationToken);
        var mapping = new AttributesMapping(settings.Attributes, DeliveryTimeZone.Of(configuration, settings));
        var isRemoval = purpose == StagingPurpose.Removal;
        var today = DeliveryTimeZone.Today(configuration, time);
        var resolution = new SchoolResolution(store.Roster, store.District.Id, configuration.Apps);
        var schools = await resolution.ResolveAsync(app, cancellationToken);
        var uniting = await Uniting.BeginAsync(store, configuration, app, cancellationToken);
        var fingerprint = DerivationFingerprint.Of(settings, mapping.Zone, schools.Fingerprint, today, uniting?.Fingerprint, ids.Fingerprint);
        var accepted = AcceptedDerivation.Parse((await store.Uploads.AcceptedAsync(app, cancellationToken))?.Derivation);
        var everything = isRemoval || census is not null || !string.Equals(accepted.Fingerprint, fingerprint, StringComparison.Ordinal);
        var isRead = purpose == StagingPurpose.Approval;
        var bulk = settings.Advanced.BulkUploadMode || isRemoval || isRead;
        var only =
            isPartial && everything && uniting is null
                ? await ChangedAsync(store, app, settings, mapping.Zone, schools.Fingerprint, ids.Fingerprint, today, cancellationToken)
                : null;
        if (only is not null && census is not null)
        {
            only.UnionWith(ChangedCollections.Of(census.Whole(settings.Filters)));
        }

        if (only?.IsSupersetOf(ChangedCollections.Of(Kinds.All.ToHashSet())) == true)
        {
            only = null;
        }
        var rules = new RecordRules(settings, today, census);
        var derivation = new Derivation(store, app, run, ids, mapping, rules, schools, bulk, everything, accepted.RefreshTaken, folder, only)
        {
            Purpose = purpose,
            Uniting = uniting,
            GoneSchoolsAccepted = accepted.GoneSchools.ToHashSet(),
            LeftOut = (left ?? LeftChanges.None).Records,
        };
        return new Staging(derivation, fingerprint, settings.Schools.LastRefresh, purpose, board);
    }

    /// <summary>The collections that are derived otherwise than when the upload was accepted; null for all, or where that can't be told.</summary>
    private static async Task<HashSet<Collection>?> ChangedAsync(
        IDistrictStore store,
        string app,
        AppConfiguration now,
        TimeZoneInfo zone,
        string schools,
        string? successors,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        if (
            await store.Uploads.AcceptedAsync(app, cancellationToken) is not { } accepted
            || await store.Runs.GetAsync(accepted.Run, cancellationToken) is not { } run
            || await store.Configuration.GetAsync(run.ConfigurationVersion, cancellationToken) is not { } version
        )
        {
            return null;
        }

        var district = DistrictConfiguration.FromDocument(version.Document);
        if (
            !district.Apps.TryGetValue(app, out var then) || !string.Equals(DeliveryTimeZone.Of(district, then).Id, zone.Id, StringComparison.Ordinal)
        )
        {
            return null;
        }

        var schoolsThen = ChangedCollections.IsWithoutParts(then, now)
            ? (await new SchoolResolution(store.Roster, store.District.Id, district.Apps).ResolveAsync(app, cancellationToken)).Fingerprint
            : schools;
        var fingerprint = DerivationFingerprint.Of(then, zone, schoolsThen, today, uniting: null, successors);
        return string.Equals(AcceptedDerivation.Parse(accepted.Derivation).Fingerprint, fingerprint, StringComparison.Ordinal)
            ? ChangedCollections.Of(then, now, !string.Equals(schoolsThen, schools, StringComparison.Ordinal))
            : null;
    }

    /// <summary>Reads the source to its end.</summary>
    /// <exception cref="GuardException">What it sent is not to be believed.</exception>
    internal async Task ReadAsync(IAsyncEnumerable<SourceMessage> source, CancellationToken cancellationToken)
    {
        await using var stages = new StageSequence(Derivation);
        await foreach (var message in source.WithCancellation(cancellationToken))
        {
            board.Take(message);
            switch (message)
            {
                case SourceMessage.Batch batch:
                    using (batch.Records)
                    {
                        await (await stages.EnterAsync(batch.Collection, cancellationToken)).TakeAsync(batch.Records, cancellationToken);
                    }

                    break;
                case SourceMessage.Rejected:
                    rejected++;
                    break;
                case SourceMessage.Notice notice:
                    notices.Add(notice.Text);
                    break;
                case SourceMessage.Complete complete:
                    await EndAsync(await stages.EnterAsync(complete.Collection, cancellationToken), complete, cancellationToken);
                    stages.Leave();
                    break;
                case SourceMessage.Findings found:
                    findings.AddRange(found.Items);
                    break;
                case SourceMessage.Changes changes:
                    SaysChangesOnly = true;
                    await RefuseWhileWaitingAsync(cancellationToken);
                    rejectedBefore = rejected;
                    await (await stages.EnterAsync(changes.Collection, cancellationToken)).UnavailableAsync(cancellationToken);
                    stages.Leave();
                    break;
                case SourceMessage.Unavailable unavailable:
                    notices.Add(unavailable.Reason);
                    await (await stages.EnterAsync(unavailable.Collection, cancellationToken)).UnavailableAsync(cancellationToken);
                    stages.Leave();
                    break;
            }
        }

        await stages.EndAsync(cancellationToken);
    }

    /// <summary>Whether the source gave only what changed, so that it does not say again what is not taken from it now.</summary>
    internal bool SaysChangesOnly { get; private set; }

    /// <summary>The kinds of which the source has said everything: what it has not said of them again, it says no longer.</summary>
    internal IReadOnlySet<Kind> ToldOf =>
        Kinds
            .All.Where(kind => Collections.InOrder.Where(collection => Collections.FamilyOf(collection) == kind.Family).All(told.Contains))
            .Select(kind => kind.Kind)
            .ToHashSet();

    /// <summary>What a person should know, once the source has been read.</summary>
    internal IReadOnlyList<string> Notices() => [.. notices, .. Remarks()];

    /// <summary>Where the source's files deviate from their format.</summary>
    internal IReadOnlyList<FileFinding> Findings => findings;

    /// <inheritdoc/>
    public void Dispose() => Derivation.Dispose();

    private async Task EndAsync(CollectionStage stage, SourceMessage.Complete complete, CancellationToken cancellationToken)
    {
        // A removal is asked for by a person and by name: that nothing is left is what is wanted. What waits for a person was read whole when it came.
        if (
            purpose is not (StagingPurpose.Removal or StagingPurpose.Approval)
            && Guards.Refuse(complete, stage.KeptBefore, Derivation.Bulk) is { } reason
        )
        {
            throw new GuardException(reason);
        }

        if (Guards.Remark(complete) is { } remark)
        {
            notices.Add(remark);
        }

        // A record without an ID may be any of those that seem to be missing.
        var nameless = rejected - rejectedBefore;
        rejectedBefore = rejected;
        if (nameless > 0 && Derivation.Bulk && Guards.Remark(complete.Collection, nameless, stage.CountUnmet()) is { } doubt)
        {
            notices.Add(doubt);
        }

        schoolsAreWhole |= complete.Collection == Collection.Orgs;
        board.Step($"Comparing {Collections.NameOf(complete.Collection)}");
        await stage.CompleteAsync(unmetStays: nameless > 0, cancellationToken);
        if (nameless == 0)
        {
            told.Add(complete.Collection);
        }

        board.Step(null);
    }

    /// <summary>A source that sends only changes does not say again what a run that waits was told.</summary>
    private async Task RefuseWhileWaitingAsync(CancellationToken cancellationToken)
    {
        if (
            purpose == StagingPurpose.Import
            && (await Derivation.Store.Runs.UndecidedAsync(Derivation.App, cancellationToken)).FirstOrDefault(run =>
                RunReport.FromJson(run.Report).Purpose == RunPurpose.Import
            )
                is { } earlier
        )
        {
            throw new GuardException(
                $"The source sent changes only, and run {earlier.Number} with what it sent before waits for a person. Nothing was changed. Accept or decline run {earlier.Number}, then run the import again."
            );
        }
    }

    private IEnumerable<string> Remarks()
    {
        if (rejected > 0)
        {
            yield return FormattableString.Invariant($"{rejected:N0} records were passed over because they have no sourcedId.");
        }

        if (Derivation.Former > 0)
        {
            yield return FormattableString.Invariant(
                $"{Derivation.Former:N0} records were passed over: the source has them under the SIS IDs from before the SIS Migration, and under new ones too. Delete the old ones in the SIS."
            );
        }

        if (Derivation.DifferingSchools.Count is var differing and > 0)
        {
            yield return FormattableString.Invariant(
                $"The SIS now describes {differing:N0} of the schools otherwise than when they were first imported. They stay as they are; Refresh from source in Schools Mapping takes them again."
            );
        }

        foreach (var (kind, count) in Derivation.Tally.InvalidByKind)
        {
            yield return FormattableString.Invariant(
                $"{count:N0} of the {Kinds.Of(kind).Plural.ToLowerInvariant()} read had a value that is not valid; the value was left out."
            );
        }

        foreach (var notice in Derivation.Uniting?.Tallies.Select(tally => tally.Notice).OfType<string>() ?? [])
        {
            yield return notice;
        }

        foreach (var notice in Derivation.Mapping.Notices())
        {
            yield return notice;
        }
    }
}
