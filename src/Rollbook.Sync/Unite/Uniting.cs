using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Compare;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Duplicates;

namespace Rollbook.Sync.Unite;

/// <summary>
/// People whom several sources have, or one has several times, in the run of one of them (decisions 0012 and 0020): which of the source's people are the same as
/// another's, what the sources say of them together, and whose run has to follow since its people are others' now. A run changes to whom its own source's people
/// belong, never another's.
/// </summary>
internal sealed class Uniting
{
    private static readonly Kind[] People = [.. Kinds.Of(Family.Person).Select(definition => definition.Kind)];

    private readonly IDistrictStore store;
    private readonly DistrictConfiguration configuration;
    private readonly string app;
    private readonly IReadOnlyDictionary<RollbookId, RollbookId> keptIds;
    private readonly Dictionary<Kind, Domain[]> domains;
    private readonly List<string> participants;
    private readonly Dictionary<Kind, Verdicts> verdicts;

    /// <summary>The source's people that are to be looked at where it has its people alone: those who are named; null for everybody.</summary>
    private readonly HashSet<RollbookId>? named;

    /// <summary>To which record each member belonged when the run began, and what its source says of it.</summary>
    private readonly Dictionary<(string App, RollbookId Key), (RollbookId Id, Kind Kind, UInt128?[] Values)> stored = [];
    private readonly Dictionary<RollbookId, List<RollbookId>> ownKeys = [];
    private readonly HashSet<RollbookId> united = [];

    /// <summary>What the run says of the source's people: null for one who is no longer.</summary>
    private readonly Dictionary<RollbookId, (Kind Kind, UInt128?[] Values)?> taken = [];

    /// <summary>The source's people who belong to another record than the one that their own ID gives, as found by this run; null before.</summary>
    private Dictionary<RollbookId, RollbookId>? found;

    /// <summary>The records to which they belong.</summary>
    private readonly HashSet<RollbookId> joined = [];
    private readonly List<Candidate> concerned = [];

    private Uniting(
        IDistrictStore store,
        DistrictConfiguration configuration,
        string app,
        IReadOnlyDictionary<RollbookId, RollbookId> keptIds,
        List<string> sharing,
        IReadOnlyList<DuplicateDecision> decisions
    )
    {
        (this.store, this.configuration, this.app, this.keptIds) = (store, configuration, app, keptIds);
        var participates = sharing.Count > 1 && sharing.Contains(app, StringComparer.Ordinal);
        var isAlone = !participates && keptIds.Count == 0;
        participants = isAlone ? [app] : [.. sharing.Append(app).Distinct(StringComparer.Ordinal)];
        domains = DomainsOf(configuration, sharing);
        verdicts = People.ToDictionary(kind => kind, kind => Verdicts.Of(kind, decisions, configuration));
        named = isAlone
            ?
            [
                .. decisions
                    .SelectMany(decision => new[] { decision.First, decision.Second })
                    .Where(record => IsOwn(record.App))
                    .Select(record => record.Key),
            ]
            : null;
    }

    /// <summary>Apps whose people belong to other records than their own last runs said.</summary>
    internal HashSet<string> Followers { get; } = new(StringComparer.Ordinal);

    /// <summary>What the app's domains told of its people, in the order of kinds and domains.</summary>
    internal List<DomainTally> Tallies { get; } = [];

    /// <summary>Records, by kind, that the run creates or changes though nobody of the source belongs to them any more.</summary>
    internal Dictionary<Kind, long> ChangedForOthers { get; } = [];

    /// <summary>How many of the source's people, by kind, are another of its own.</summary>
    internal Dictionary<Kind, long> Absorbed { get; } = [];

    /// <summary>
    /// The source's people who were with others of a decision when the run began: of them another one may come first now, though the Rollbook ID is the same.
    /// </summary>
    internal IEnumerable<RollbookId> Decided => verdicts.Values.SelectMany(ofKind => ofKind.Named).Where(key => stored.ContainsKey((app, key)));

    /// <summary>What becomes of members, once the people are compared.</summary>
    internal MemberChanges Members { get; private set; } = MemberChanges.None;

    /// <summary>What the roster depends on here besides what the sources say; null where an app has its people alone.</summary>
    internal string? Fingerprint { get; private set; }

    /// <summary>Gets ready for an app's run; null when its people are nobody else's.</summary>
    internal static async Task<Uniting?> BeginAsync(
        IDistrictStore store,
        DistrictConfiguration configuration,
        string app,
        CancellationToken cancellationToken
    )
    {
        var sharing = configuration.AppsInOrder.Where(each => each.Value.Advanced.MultipleDataSources).Select(each => each.Key).ToList();
        var kept = await store.United.KeptIdsAsync(cancellationToken);
        var decisions = await store.Duplicates.DecisionsAsync(cancellationToken);
        var uniting = new Uniting(store, configuration, app, kept, sharing, decisions);
        await foreach (var member in store.United.ReadAsync(cancellationToken))
        {
            uniting.Remember(member);
        }

        if (uniting.named is { Count: 0 } && uniting.ownKeys.Count == 0)
        {
            return null;
        }

        uniting.Fingerprint = uniting.named is null ? uniting.FingerprintOf() : null;
        return uniting;
    }

    /// <summary>The record of the roster to which one of the source's people belongs.</summary>
    internal RollbookId IdOf(RollbookId key) => found is null ? Before(app, key) : found.GetValueOrDefault(key, key);

    /// <summary>The source's own people of some records of the roster.</summary>
    internal IEnumerable<RollbookId> KeysOf(RollbookId id) => ownKeys.TryGetValue(id, out var keys) ? keys.Append(id) : [id];

    /// <summary>Hears what the run says of one of the source's people.</summary>
    internal void Take(RollbookId key, Row? row)
    {
        if (named is null || named.Contains(key) || stored.ContainsKey((app, key)))
        {
            taken[key] = row is { } said ? (said.Kind, ValuesOf(said)) : null;
        }
    }

    /// <summary>
    /// Finds, once the run has heard of all that changed, to which records the source's people belong. Answers those of whom that has changed, with the
    /// record to which each belonged.
    /// </summary>
    internal async Task<IReadOnlyList<(RollbookId Key, RollbookId Before)>> MatchAsync(CancellationToken cancellationToken)
    {
        var people = participants.ToDictionary(each => each, _ => new Said(), StringComparer.Ordinal);
        foreach (var (key, said) in taken)
        {
            if (said is { } now)
            {
                people[app].Add(now.Kind, key, now.Values);
            }
        }

        foreach (var ((source, key), member) in stored)
        {
            Add(people, source, key, member.Kind, member.Values);
        }

        await foreach (var record in RosterAsync(cancellationToken))
        {
            if (!united.Contains(record.Id) && SourcePeople.OnlySource(record.Row) is { } source && people.ContainsKey(source))
            {
                Add(people, source, record.Id, record.Row.Kind, ValuesOf(record.Row));
            }
        }

        return Compare(people);
    }

    /// <summary>Whether a candidate's record is made of more than what the source says under its own ID, or was.</summary>
    internal bool Concerns(RollbookId key) => IdOf(key) != key || united.Contains(key) || joined.Contains(key) || Before(app, key) != key;

    /// <summary>Takes a candidate that is concerned.</summary>
    internal void Add(Candidate candidate) => concerned.Add(candidate with { Row = candidate.After is null ? default : candidate.Row.Copy() });

    /// <summary>Makes the records of the candidates that are concerned, and stages what differs from the roster.</summary>
    internal async Task SettleAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        if (concerned.Count == 0)
        {
            return;
        }

        var own = concerned.ToDictionary(candidate => candidate.Id);
        var ids = own.Keys.SelectMany(key => new[] { IdOf(key), Before(app, key) }).ToHashSet();
        var before = (await store.United.OfAsync(ids, cancellationToken)).ToLookup(member => member.Id);
        var published = await store.Roster.GetManyAsync(Family.Person, ids, asOf: null, cancellationToken);
        var ownById = own.Values.Where(candidate => candidate.After is not null).ToLookup(candidate => IdOf(candidate.Id));
        var touching = own.Values.ToLookup(candidate => Before(app, candidate.Id));
        var merged = new MergedRow(configuration);
        var set = new Dictionary<(string App, RollbookId Key), Member>();
        var gone = new HashSet<(string App, RollbookId Key)>();
        foreach (var id in ids)
        {
            var old = published.TryGetValue(id, out var record) ? record.Row : (Row?)null;
            var members = MembersOf(id, before[id], old, ownById[id], own);
            var isConsequence = ownById[id].Concat(touching[id]).All(candidate => candidate.Consequence);
            if (
                Stage(changes, id, old, members.Count == 0 ? null : Merge(merged, members), isConsequence) is { } changed
                && !members.Exists(member => IsOwn(member.App) && member.Row.Kind == changed)
            )
            {
                ChangedForOthers[changed] = ChangedForOthers.GetValueOrDefault(changed) + 1;
            }

            gone.UnionWith(before[id].Select(member => (member.App, member.Key)));
            if (members.Count > 1 || members.Any(member => member.Key != id))
            {
                var known = before[id].ToHashSet();
                foreach (var member in members)
                {
                    set[(member.App, member.Key)] = member;
                    if (known.Contains(member))
                    {
                        set.Remove((member.App, member.Key));
                        gone.Remove((member.App, member.Key));
                    }
                }
            }
        }

        gone.ExceptWith(set.Keys);
        Members = new MemberChanges(gone, set.Values);
        concerned.Clear();
    }

    private static Dictionary<Kind, Domain[]> DomainsOf(DistrictConfiguration configuration, List<string> participants) =>
        People.ToDictionary(
            kind => kind,
            kind =>
                participants
                    .Where(participant => configuration.Apps[participant].Advanced.CompareByDomainsOfUniqueness)
                    .SelectMany(participant => DomainsOfUniqueness.Of(configuration.Apps[participant], kind))
                    .Select(names => new Domain(kind, names))
                    .DistinctBy(domain => domain.Name, StringComparer.Ordinal)
                    .ToArray()
        );

    /// <summary>The people of the roster who are to be looked at.</summary>
    private async IAsyncEnumerable<RosterRecord> RosterAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (named is not null)
        {
            foreach (var record in (await store.Roster.GetManyAsync(Family.Person, named, asOf: null, cancellationToken)).Values)
            {
                yield return record;
            }

            yield break;
        }

        foreach (var kind in People)
        {
            await foreach (var record in store.Roster.ReadAsync(kind, asOf: null, cancellationToken))
            {
                yield return record;
            }
        }
    }

    private void Remember(Member member)
    {
        stored[(member.App, member.Key)] = (member.Id, member.Row.Kind, ValuesOf(member.Row));
        united.Add(member.Id);
        if (string.Equals(member.App, app, StringComparison.Ordinal))
        {
            (ownKeys.TryGetValue(member.Id, out var keys) ? keys : ownKeys[member.Id] = []).Add(member.Key);
        }
    }

    private string FingerprintOf() =>
        string.Join(
            '\n',
            [
                .. configuration
                    .AppsInOrder.Where(each => participants.Contains(each.Key, StringComparer.Ordinal))
                    .Select(each =>
                        $"{each.Key} {each.Value.Advanced.CompareByDomainsOfUniqueness} {string.Join(' ', each.Value.MasterFields.SelectMany(kind => kind.Value.Select(field => $"{kind.Key}.{field.Key}={field.Value}")))}"
                    ),
            ]
        );

    /// <summary>The record to which one of a source's people belonged when the run began.</summary>
    private RollbookId Before(string source, RollbookId key) => stored.TryGetValue((source, key), out var member) ? member.Id : key;

    private UInt128?[] ValuesOf(Row row) => Array.ConvertAll(domains[row.Kind], domain => domain.Of(row));

    private void Add(Dictionary<string, Said> people, string source, RollbookId key, Kind kind, UInt128?[] values)
    {
        // Of its own people the run knows better, where it has heard of them.
        if (people.TryGetValue(source, out var said) && !(IsOwn(source) && taken.ContainsKey(key)))
        {
            said.Add(kind, key, values);
        }
    }

    private bool IsOwn(string source) => string.Equals(source, app, StringComparison.Ordinal);

    private List<(RollbookId Key, RollbookId Before)> Compare(Dictionary<string, Said> people)
    {
        found = [];
        var moved = new List<(RollbookId Key, RollbookId Before)>();
        foreach (var kind in People)
        {
            var ids = new HashSet<RollbookId>();
            foreach (var (source, key, id) in IdsOf(kind, people))
            {
                var isOwn = IsOwn(source);
                if (isOwn && !ids.Add(id))
                {
                    Absorbed[kind] = Absorbed.GetValueOrDefault(kind) + 1;
                }

                if (isOwn && id != key)
                {
                    found[key] = id;
                    joined.Add(id);
                }

                if (Before(source, key) is var was && was != id)
                {
                    if (isOwn)
                    {
                        moved.Add((key, was));
                    }
                    else
                    {
                        Followers.Add(source);
                    }
                }
            }
        }

        return moved;
    }

    private IEnumerable<(string Source, RollbookId Key, RollbookId Id)> IdsOf(Kind kind, Dictionary<string, Said> people)
    {
        var ofKind = domains[kind];
        var matcher = new Matcher(ofKind.Length, verdicts[kind]);
        var sources = new Dictionary<RollbookId, string>();
        foreach (var (source, said) in people.OrderBy(each => participants.IndexOf(each.Key)))
        {
            var settings = configuration.Apps.GetValueOrDefault(source);
            var compared = settings is { Advanced: { MultipleDataSources: true, CompareByDomainsOfUniqueness: true } }
                ? DomainsOfUniqueness.Of(settings, kind).Select(names => Array.FindIndex(ofKind, each => each.IsOf(names))).ToList()
                : [];
            var records = said.Of(kind);
            matcher.Add(records, compared);
            if (IsOwn(source))
            {
                Tallies.AddRange(
                    matcher.Tallies.Select(tally => new DomainTally(kind, ofKind[tally.Domain].Attributes, tally.Joined, tally.Shared, tally.Most))
                );
            }

            foreach (var key in records.Keys)
            {
                sources[key] = source;
            }
        }

        return matcher.Ids(keptIds, IsElsewhere).Select(each => (sources[each.Key], each.Key, each.Id));

        // Of a record that has left, decisions may speak as of two kinds; its ID goes to one of them.
        bool IsElsewhere(RollbookId key) =>
            people.Values.Any(said => People.Any(other => other != kind && said.Of(other).ContainsKey(key)))
            || People.TakeWhile(other => other != kind).Any(other => verdicts[other].ClusterOf(key) is not null);
    }

    private List<Member> MembersOf(
        RollbookId id,
        IEnumerable<Member> before,
        Row? published,
        IEnumerable<Candidate> ownNow,
        Dictionary<RollbookId, Candidate> own
    )
    {
        var members = before.Where(member => !IsOwn(member.App) || !own.ContainsKey(member.Key)).ToList();

        // A record without members is what its one source says.
        if (!united.Contains(id) && published is { } row && SourcePeople.OnlySource(row) is { } source && !(IsOwn(source) && own.ContainsKey(id)))
        {
            members.Add(new Member(source, id, id, row));
        }

        members.AddRange(ownNow.Select(candidate => new Member(app, candidate.Id, id, candidate.Row)));
        return [.. members.InOrder(configuration, member => (member.App, member.Key), member => verdicts[member.Row.Kind].IsAbsorbed(member.Key))];
    }

    private static Row Merge(MergedRow merged, List<Member> members) =>
        merged.Of([.. members.Where(member => member.Row.Kind == members[0].Row.Kind).Select(member => (member.App, member.Row))]);

    /// <summary>Stages what differs. Answers the kind of a record that is created or changed; null when there is none.</summary>
    private static Kind? Stage(ChangeSet changes, RollbookId id, Row? before, Row? after, bool isConsequence)
    {
        if (before is { } old && old.Kind != after?.Kind)
        {
            changes.Add(new StagedChange(Operation.Delete, old.Kind, id, default, isConsequence));
            before = null;
        }

        if (after is not { } now || before?.Hash == now.Hash)
        {
            return null;
        }

        var operation =
            before is not { } was ? Operation.Create
            : string.Equals(was.SisId, now.SisId, StringComparison.Ordinal) ? Operation.Update
            : Operation.Rekey;
        changes.Add(new StagedChange(operation, now.Kind, id, now, isConsequence));
        return now.Kind;
    }

    /// <summary>The people of one source, by kind, with what each has in the kind's domains.</summary>
    private sealed class Said
    {
        private readonly Dictionary<Kind, Dictionary<RollbookId, UInt128?[]>> byKind = People.ToDictionary(
            kind => kind,
            _ => new Dictionary<RollbookId, UInt128?[]>()
        );

        internal void Add(Kind kind, RollbookId key, UInt128?[] values) => byKind[kind][key] = values;

        internal IReadOnlyDictionary<RollbookId, UInt128?[]> Of(Kind kind) => byKind[kind];
    }
}
