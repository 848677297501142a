using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive.Schools;
using Rollbook.Sync.Read;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Lineage;

/// <summary>
/// Asks the derivation why: takes what each source's last accepted upload says of a record, derives it once more with the configuration of that import, and says which
/// value is the roster's and by which rule. Writes nothing.
/// </summary>
public sealed class Explanations(KeptRecords kept)
{
    /// <summary>Explains a record, in the roster or only in an upload; null when neither has one of this Rollbook ID.</summary>
    /// <param name="store">The district.</param>
    /// <param name="kind">The kind; null to find it.</param>
    /// <param name="id">The Rollbook ID.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Explanation?> ExplainAsync(IDistrictStore store, Kind? kind, RollbookId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var record = await FindAsync(store, kind, id, cancellationToken);
        var families = (record?.Row.Kind ?? kind) is { } known ? [Kinds.Of(known).Family] : Enum.GetValues<Family>();
        var members = families.Contains(Family.Person) ? await store.United.OfAsync([id], cancellationToken) : [];
        var configuration = await ConfigurationAsync(store, number: null, cancellationToken);
        var accounts = new List<(SourceAccount Account, Kind Kind, bool IsDerived)>();
        var notes = new List<string>();
        if (await IsSetAsideAsync(store, families, id, cancellationToken) is { } rollback)
        {
            notes.Add(
                $"Version {rollback.Number} rolled the roster back to version {rollback.Restored}: it has this record as it was then, and not as the sources say here, until an import is accepted."
            );
        }

        var merging = (Version: 0, Configuration: configuration);
        foreach (var app in Apps(configuration, record, members))
        {
            if (!configuration.Apps.ContainsKey(app) || await store.Uploads.AcceptedAsync(app, cancellationToken) is not { } accepted)
            {
                accounts.AddRange(Left(configuration, app, record, members));
                continue;
            }

            var run = await store.Runs.GetAsync(accepted.Run, cancellationToken);
            var with = await ConfigurationAsync(store, run?.ConfigurationVersion, cancellationToken);
            with = with.Apps.ContainsKey(app) ? with : configuration;
            merging = run?.ConfigurationVersion > merging.Version ? (run.ConfigurationVersion, with) : merging;
            if (
                run is not null
                && run.ConfigurationVersion != await store.Configuration.LatestNumberAsync(cancellationToken)
                && IsOther(configuration, with, app)
            )
            {
                notes.Add(
                    $"{AppName.Of(configuration, app)} was imported with an earlier configuration; the one in force now takes effect with its next import."
                );
            }

            try
            {
                var today = DeliveryTimeZone.Day(with, run?.StartedAt ?? default);
                var derivation = await SourceDerivation.BeginAsync(kept, store, with, app, today, cancellationToken);
                var keys = members.Where(member => IsOf(member, app)).Select(member => member.Key).Append(id).Distinct().ToList();
                var before = accounts.Count;
                foreach (var family in families)
                {
                    accounts.AddRange(await AccountsAsync(store, with, derivation, app, family, keys, id, record, cancellationToken));
                }

                accounts.AddRange(accounts.Count == before ? Left(configuration, app, record, members) : []);
            }
            catch (SchoolsMappingException exception)
            {
                notes.Add(exception.Message);
                accounts.AddRange(Left(configuration, app, record, members));
            }
        }

        if (record is null && accounts.Count == 0)
        {
            return null;
        }

        var found = record?.Row.Kind ?? accounts[0].Kind;
        var verdicts = Verdicts.Of(found, await store.Duplicates.DecisionsAsync(cancellationToken), configuration);
        var apps = accounts.Select(each => each.Account.App).Distinct(StringComparer.Ordinal).ToList();

        // Of several records of one source that one comes first that a person put first.
        List<(SourceAccount, Kind, bool)> inOrder =
        [
            .. accounts.OrderBy(each => apps.IndexOf(each.Account.App)).ThenBy(each => verdicts.IsAbsorbed(each.Account.Key)),
        ];
        return Explained(id, found, record, inOrder, merging.Configuration, verdicts, notes);
    }

    private static async Task<RosterRecord?> FindAsync(IDistrictStore store, Kind? kind, RollbookId id, CancellationToken cancellationToken)
    {
        foreach (var definition in Kinds.All.Where(definition => kind is null || definition.Kind == kind))
        {
            if (await store.Roster.GetAsync(definition.Kind, id, asOf: null, cancellationToken) is { } record)
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>The rollback for whose sake the roster has a record otherwise than the sources give it; null when it does not.</summary>
    private static async Task<RosterVersion?> IsSetAsideAsync(
        IDistrictStore store,
        Family[] families,
        RollbookId id,
        CancellationToken cancellationToken
    )
    {
        if (await store.SetAside.PendingAsync(cancellationToken) is not { } rollback)
        {
            return null;
        }

        foreach (var kind in families.SelectMany(Kinds.Of))
        {
            if ((await store.SetAside.GetAsync(kind.Kind, [id], cancellationToken)).Count > 0)
            {
                return rollback;
            }
        }

        return null;
    }

    private static async Task<DistrictConfiguration> ConfigurationAsync(IDistrictStore store, int? number, CancellationToken cancellationToken)
    {
        var version = number is { } wanted ? await store.Configuration.GetAsync(wanted, cancellationToken) : null;
        version ??= await store.Configuration.LatestAsync(cancellationToken);
        return version is null ? DistrictConfiguration.Of(store.District) : DistrictConfiguration.FromDocument(version.Document);
    }

    /// <summary>The apps in their order, and behind them those that are no longer set up and whose records are there still.</summary>
    private static IEnumerable<string> Apps(DistrictConfiguration configuration, RosterRecord? record, IReadOnlyList<Member> members) =>
        configuration
            .AppsInOrder.Select(each => each.Key)
            .Concat((record?.Row["sources"] as string[] ?? []).Concat(members.Select(member => member.App)).Order(StringComparer.Ordinal))
            .Distinct(StringComparer.Ordinal);

    private static bool IsOf(Member member, string app) => string.Equals(member.App, app, StringComparison.Ordinal);

    private static bool IsOther(DistrictConfiguration now, DistrictConfiguration then, string app) =>
        !string.Equals(now.Apps[app].ToDocument(), then.Apps[app].ToDocument(), StringComparison.Ordinal);

    /// <summary>What is known of a source that is no longer set up or has no upload: what the roster has of it.</summary>
    private static IEnumerable<(SourceAccount, Kind, bool)> Left(
        DistrictConfiguration configuration,
        string app,
        RosterRecord? record,
        IReadOnlyList<Member> members
    )
    {
        const string Story =
            "What it said of this record is in the roster; the upload that said so is no longer kept, or the app is no longer set up.";
        var own = members.Where(member => IsOf(member, app)).Select(member => (member.Key, member.Row)).ToList();
        if (
            own.Count == 0
            && members.Count == 0
            && record?.Row["sources"] is string[] { Length: > 0 } sources
            && sources.Contains(app, StringComparer.Ordinal)
        )
        {
            own.Add((record.Id, record.Row));
        }

        foreach (var (key, row) in own)
        {
            var account = new SourceAccount(
                app,
                AppName.Of(configuration, app),
                key,
                row.SisId,
                null,
                [Story],
                null,
                IsRunCertain: false,
                null,
                null,
                row,
                new Dictionary<string, string>(StringComparer.Ordinal)
            );
            yield return (account with { Counts = true }, row.Kind, false);
        }
    }

    private async Task<List<(SourceAccount, Kind, bool)>> AccountsAsync(
        IDistrictStore store,
        DistrictConfiguration configuration,
        SourceDerivation derivation,
        string app,
        Family family,
        IReadOnlyList<RollbookId> keys,
        RollbookId id,
        RosterRecord? record,
        CancellationToken cancellationToken
    )
    {
        var collection = SourceDerivation.CollectionOf(family);
        IReadOnlyList<RollbookId> wanted = family == Family.Org ? [.. keys, .. derivation.Schools.PartsOf(id)] : keys;
        var places = await kept.FindAsync(store, app, collection, wanted, cancellationToken);
        var parts = collection == Collection.Users ? await kept.FindAsync(store, app, Collection.Demographics, places.Keys, cancellationToken) : [];
        var members = family == Family.Person ? await store.United.WithKeysAsync([.. places.Keys], cancellationToken) : [];
        var feeders = family == Family.Org && record?.Row["sources"] is string[] sources ? sources[1..] : [];
        var accounts = new List<(SourceAccount, Kind, bool)>();
        foreach (var (key, place) in places.OrderBy(each => each.Key))
        {
            if (await KeptRecords.ReadAsync(store.Uploads, place.Place, cancellationToken) is not { } json)
            {
                continue;
            }

            var part = parts.TryGetValue(key, out var found) ? await KeptRecords.ReadAsync(store.Uploads, found.Place, cancellationToken) : null;
            var belongsTo = members.FirstOrDefault(member => member.Key == key)?.Id ?? key;
            var derived = await derivation.DeriveAsync(collection, key, place, json, part, feeders, cancellationToken);

            // Among the reasons for which it is not there the last import tells the first it met; what holds now is told here.
            var state = place.Outcome.Published is null && derived.Row is null ? derived.State : place.Outcome.State;
            var origin = await store.Uploads.OriginAsync(place.Place.Segment, cancellationToken);
            var account = new SourceAccount(
                app,
                AppName.Of(configuration, app),
                key,
                derivation.Settings.Advanced.SisIdPrefix + SourcedId.Of(json),
                state,
                Stories.Of(derivation, key, state, derived, belongsTo),
                origin is null ? null : await store.Runs.GetAsync(origin.Run, cancellationToken),
                origin?.IsFirst == true,
                RawText.Of(json),
                part is null ? null : RawText.Of(part),
                derived.Shown,
                Feeds.Of(derivation, key, derived)
            );
            accounts.Add(
                (
                    account with
                    {
                        Counts = derived.Row is not null && place.Outcome.Published is not null && belongsTo == id,
                        FilterStory = Stories.OfFilters(derivation, state, derived),
                    },
                    derived.Kind,
                    true
                )
            );
        }

        return accounts;
    }

    private static Explanation Explained(
        RollbookId id,
        Kind kind,
        RosterRecord? record,
        List<(SourceAccount Account, Kind Kind, bool IsDerived)> accounts,
        DistrictConfiguration configuration,
        Verdicts verdicts,
        List<string> notes
    )
    {
        var counting = Enumerable.Range(0, accounts.Count).Where(i => accounts[i].Account is { Counts: true, Row: not null }).ToList();
        var sameKind = counting.Where(i => accounts[i].Kind == accounts[counting[0]].Kind).ToList();
        var sources = accounts.Select((each, i) => each.Account with { Counts = sameKind.Contains(i) }).ToList();
        if (record is not { } published)
        {
            return new Explanation(id, kind, null, sources, [], notes);
        }

        var attributes = new List<AttributeAccount>();
        if (sameKind.Count > 0)
        {
            (string App, Row Row)[] members = [.. sameKind.Select(i => (accounts[i].Account.App, accounts[i].Account.Row!.Value))];
            var merged = new MergedRow(configuration);
            var derived = merged.Of(members);
            var winners = new Winners(configuration, merged, members, sameKind);
            foreach (var attribute in Kinds.Of(published.Row.Kind).Attributes)
            {
                var (positions, rule, why) = winners.Of(attribute);
                var value = derived.Kind == published.Row.Kind ? derived[attribute] : null;
                attributes.Add(new AttributeAccount(attribute, published.Row[attribute], positions, rule, why, value));
            }

            if (!derived.Equals(published.Row))
            {
                notes.Add(
                    "What the sources say now gives other values than the roster has: something changed since the last import. The next import brings them."
                );
            }

            notes.AddRange(Joins.Of(configuration, verdicts, id, [.. sameKind.Select(i => accounts[i].Account)]));
        }

        notes.AddRange(
            counting
                .Except(sameKind)
                .Select(i =>
                    $"{accounts[i].Account.Name} has it as a {Kinds.Of(accounts[i].Kind).Name}; values are taken only from sources that have the same kind as the first."
                )
        );
        return new Explanation(id, kind, published, sources, attributes, notes);
    }
}
