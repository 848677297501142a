using System.Runtime.InteropServices;
using Rollbook.Model;

namespace Rollbook.Sync.Unite;

/// <summary>
/// Finds out which records of one kind, of several sources, are one: source by source in their order, each source's domains in theirs, and the first domain that tells
/// decides. A value tells only when one record of the source and one record of those before it have it; what several share, tells nothing. So the answer
/// depends on what the records say, on what persons decided about them, and on the order of the sources, and on nothing else (decisions 0012 and 0020).
/// </summary>
/// <param name="domains">How many domains there are.</param>
/// <param name="verdicts">What persons decided: records that are one whatever they say, also of one source, and records that are not.</param>
internal sealed class Matcher(int domains, Verdicts verdicts)
{
    private const int Several = -1;
    private const int None = -2;

    private readonly List<RollbookId> keys = [];
    private readonly List<UInt128?[]> values = [];
    private readonly List<int> sources = [];
    private readonly List<(int Domain, int Joined, int Shared, int Most)> tallies = [];
    private int count;

    /// <summary>The first record of the entity that a record belongs to, by record.</summary>
    private readonly List<int> firsts = [];

    /// <summary>Where the records are about which something was decided.</summary>
    private readonly Dictionary<RollbookId, int> decided = [];
    private readonly Dictionary<UInt128, int>[] known = [.. Enumerable.Range(0, domains).Select(_ => new Dictionary<UInt128, int>())];

    /// <summary>
    /// Of the source that was added last, by domain: how many of its records it joined to others, how many values told nothing because several records of the source or
    /// before it have them, and how many of the source's records have the one that most have.
    /// </summary>
    internal IReadOnlyList<(int Domain, int Joined, int Shared, int Most)> Tallies => tallies;

    /// <summary>
    /// Takes the records of the next source.
    /// </summary>
    /// <param name="records">By key, what each has in every domain.</param>
    /// <param name="compared">The domains by which they are compared with those before, in order.</param>
    internal void Add(IReadOnlyDictionary<RollbookId, UInt128?[]> records, IReadOnlyList<int> compared)
    {
        var start = keys.Count;
        foreach (var (key, value) in records)
        {
            keys.Add(key);
            values.Add(value);
            firsts.Add(None);
            sources.Add(count);
        }

        count++;
        tallies.Clear();
        var taken = new HashSet<int>();
        var leaders = Decide(start, taken);
        foreach (var domain in compared)
        {
            Compare(start, domain, leaders, taken);
        }

        for (var record = start; record < keys.Count; record++)
        {
            if (firsts[record] == None)
            {
                var leader = leaders.GetValueOrDefault(record, record);
                firsts[leader] = firsts[leader] == None ? leader : firsts[leader];
                firsts[record] = firsts[leader];
            }
        }

        for (var domain = 0; domain < known.Length; domain++)
        {
            for (var record = start; record < keys.Count; record++)
            {
                if (values[record][domain] is { } value)
                {
                    ref var entity = ref CollectionsMarshal.GetValueRefOrAddDefault(known[domain], value, out var isKnown);
                    entity = !isKnown || entity == firsts[record] ? firsts[record] : Several;
                }
            }
        }
    }

    /// <summary>
    /// The Rollbook ID of every record: of those that are one, the key of the one that came first, unless one of them keeps an ID that nobody else has.
    /// </summary>
    /// <param name="kept">The IDs that are kept, by key.</param>
    /// <param name="isElsewhere">Whether there is a record of this key that is none of these.</param>
    internal IEnumerable<(RollbookId Key, RollbookId Id)> Ids(IReadOnlyDictionary<RollbookId, RollbookId> kept, Func<RollbookId, bool> isElsewhere)
    {
        var ids = new Dictionary<int, RollbookId>();
        if (kept.Count > 0)
        {
            Keep(kept, ids);
        }

        for (var record = 0; record < keys.Count; record++)
        {
            yield return (keys[record], ids.TryGetValue(firsts[record], out var id) ? id : verdicts.IdOf(keys[firsts[record]], isElsewhere));
        }
    }

    /// <summary>
    /// Gives the source's records that were said to be one with earlier ones to these. Answers, of those that were said to be one among themselves, by record which of
    /// them stands for it.
    /// </summary>
    private Dictionary<int, int> Decide(int start, HashSet<int> taken)
    {
        var leaders = new Dictionary<int, int>();
        if (!verdicts.Named.Any())
        {
            return leaders;
        }

        var own = new Dictionary<RollbookId, int>();
        for (var record = start; record < keys.Count; record++)
        {
            if (verdicts.ClusterOf(keys[record]) is not null)
            {
                own.Add(keys[record], record);
            }
        }

        foreach (var cluster in own.Keys.GroupBy(key => verdicts.ClusterOf(key)!.Value))
        {
            var members = verdicts.MembersOf(cluster.Key);
            var leader = own[members.First(own.ContainsKey)];
            var before = members.Where(decided.ContainsKey).Select(key => (int?)firsts[decided[key]]).FirstOrDefault();
            foreach (var key in cluster)
            {
                leaders[own[key]] = leader;
                firsts[own[key]] = before ?? None;
            }

            if (before is { } entity)
            {
                taken.Add(entity);
            }
        }

        foreach (var (key, record) in own)
        {
            decided[key] = record;
        }

        return leaders;
    }

    private void Compare(int start, int domain, Dictionary<int, int> leaders, HashSet<int> taken)
    {
        var own = new Dictionary<UInt128, (int Record, int Holders)>();
        for (var record = start; record < keys.Count; record++)
        {
            if (values[record][domain] is { } value)
            {
                var leader = leaders.GetValueOrDefault(record, record);
                ref var holder = ref CollectionsMarshal.GetValueRefOrAddDefault(own, value, out var isHeld);
                holder = (leader, isHeld && holder.Record == leader ? holder.Holders : holder.Holders + 1);
            }
        }

        // Two records may each lead to the same entity, by what different sources say of it: then neither does. Nor does one that leads to several.
        var found = new Dictionary<int, int>();
        var (shared, most) = (0, 0);
        foreach (var (value, (record, holders)) in own)
        {
            most = Math.Max(most, holders);
            var entity = known[domain].GetValueOrDefault(value, None);
            if (holders > 1 || entity == Several)
            {
                shared++;
            }
            else if (entity != None && firsts[record] == None && !taken.Contains(entity) && !AreApart(record, entity))
            {
                ref var finder = ref CollectionsMarshal.GetValueRefOrAddDefault(found, entity, out var isFound);
                finder = isFound && finder != record ? Several : record;
            }
        }

        var joined = 0;
        var leads = found.Where(pair => pair.Value != Several).GroupBy(pair => pair.Value, pair => pair.Key).Where(lead => lead.Count() == 1);
        foreach (var lead in leads)
        {
            firsts[lead.Key] = lead.First();
            taken.Add(lead.First());
            joined++;
        }

        tallies.Add((domain, joined, shared, most));
    }

    /// <summary>Whether a record is kept separate from one that an entity has.</summary>
    private bool AreApart(int record, int entity) =>
        verdicts.ClusterOf(keys[record]) is { } cluster
        && verdicts.ApartFrom(cluster).Any(other => decided.TryGetValue(other, out var place) && firsts[place] == entity);

    private void Keep(IReadOnlyDictionary<RollbookId, RollbookId> kept, Dictionary<int, RollbookId> ids)
    {
        var entities = new Dictionary<RollbookId, int>();
        for (var record = 0; record < keys.Count; record++)
        {
            entities[keys[record]] = firsts[record];
        }

        var given = new HashSet<RollbookId>();
        var claims = Enumerable
            .Range(0, keys.Count)
            .Where(record => kept.ContainsKey(keys[record]))
            .OrderBy(record => sources[firsts[record]])
            .ThenBy(record => keys[firsts[record]])
            .ThenBy(record => sources[record]);
        foreach (var record in claims)
        {
            if (
                !ids.ContainsKey(firsts[record])
                && kept.TryGetValue(keys[record], out var id)
                && (!entities.TryGetValue(id, out var other) || other == firsts[record])
                && given.Add(id)
            )
            {
                ids[firsts[record]] = id;
            }
        }
    }
}
