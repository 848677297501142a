using System.IO.Hashing;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Duplicates;

/// <summary>
/// Finds people of one kind who agree on a Domain of Uniqueness and are not one: within a source, or across sources where the merge could not decide (product.md 3.6).
/// Each two are found once, by the first domain on which they agree. Where more agree than is plausible, nobody is named, and it is said.
/// </summary>
internal sealed class AgreeingPeople
{
    private readonly Kind kind;
    private readonly Verdicts verdicts;
    private readonly List<string> order;
    private readonly List<Domain> domains = [];
    private readonly Dictionary<string, Source> sources = new(StringComparer.Ordinal);
    private readonly List<(SourceRecord Source, RollbookId Id)> people = [];
    private readonly List<List<(UInt128 Value, int Person)>> values = [];

    /// <summary>Gets ready to look at the people of a kind.</summary>
    internal AgreeingPeople(DistrictConfiguration configuration, Kind kind, Verdicts verdicts)
    {
        (this.kind, this.verdicts) = (kind, verdicts);
        order = [.. configuration.AppsInOrder.Select(app => app.Key)];
        foreach (var (app, settings) in configuration.AppsInOrder)
        {
            var compares = settings.Advanced.CompareByDomainsOfUniqueness ? DomainsOfUniqueness.Of(settings, kind) : [];
            sources[app] = new Source(order.IndexOf(app), settings.Advanced.MultipleDataSources, [.. compares.Select(PlaceOf)]);
        }

        values.AddRange(domains.Select(_ => new List<(UInt128, int)>()));
    }

    /// <summary>What a person should know of domains that tell nobody apart.</summary>
    internal List<string> Notices { get; } = [];

    /// <summary>Takes a person.</summary>
    internal void Add(SourcePerson person)
    {
        if (!sources.ContainsKey(person.Source.App))
        {
            return;
        }

        people.Add((person.Source, person.Id));
        for (var domain = 0; domain < domains.Count; domain++)
        {
            if (domains[domain].Of(person.Row) is { } value)
            {
                values[domain].Add((value, people.Count - 1));
            }
        }
    }

    /// <summary>Finds them, in the order of the domains.</summary>
    internal IEnumerable<DuplicateCase> Find()
    {
        var found = new HashSet<(int One, int Other)>();
        for (var domain = 0; domain < domains.Count; domain++)
        {
            values[domain].Sort();
            var (shared, most) = (0, 0);
            for (int from = 0, to; from < values[domain].Count; from = to)
            {
                to = from + 1;
                while (to < values[domain].Count && values[domain][to].Value == values[domain][from].Value)
                {
                    to++;
                }

                if (to - from < 2)
                {
                    continue;
                }

                var holders = values[domain].GetRange(from, to - from).ConvertAll(each => each.Person);
                if (holders.Select(person => people[person].Id).Distinct().Count() is >= DomainTally.ImplausiblyMany and var many)
                {
                    (shared, most) = Tells(holders, domain) ? (shared + 1, Math.Max(most, many)) : (shared, most);
                }
                else if (OpenPairs(holders, domain, found).ToList() is { Count: > 0 } pairs)
                {
                    found.UnionWith(pairs);
                    yield return Case(domain, [.. pairs.SelectMany(pair => new[] { pair.One, pair.Other }).Distinct()]);
                }
            }

            if (new DomainTally(kind, domains[domain].Attributes, 0, shared, most).Notice is { } notice)
            {
                Notices.Add(notice);
            }
        }
    }

    /// <summary>The number of some records as a find, the same whenever they are found.</summary>
    internal static long NumberOf(IEnumerable<SourceRecord> records, bool suggestion)
    {
        var hash = new XxHash64(suggestion ? 1 : 0);
        Span<byte> bytes = stackalloc byte[16];
        foreach (var record in records.OrderBy(record => record.Key))
        {
            record.Key.WriteTo(bytes);
            hash.Append(bytes);
        }

        return (long)(hash.GetCurrentHashAsUInt64() >> 1);
    }

    /// <summary>Whether the domain is there to tell some of many holders apart: those of one app that compares by it, or of two of which the later does.</summary>
    private bool Tells(List<int> holders, int domain)
    {
        var apps = holders.GroupBy(person => people[person].Source.App, person => people[person].Id, StringComparer.Ordinal).ToList();
        return apps.Exists(app =>
            sources[app.Key].Domains.Contains(domain)
            && (
                app.Distinct().Skip(1).Any()
                || (sources[app.Key].Shares && apps.Exists(other => sources[other.Key].Shares && sources[other.Key].Place < sources[app.Key].Place))
            )
        );
    }

    /// <summary>Those two of the holders of a value that are not one, about whom nothing is decided, and whom the domain is there to tell apart.</summary>
    private IEnumerable<(int One, int Other)> OpenPairs(List<int> holders, int domain, HashSet<(int One, int Other)> found)
    {
        for (var i = 0; i < holders.Count; i++)
        {
            for (var j = i + 1; j < holders.Count; j++)
            {
                var pair = (One: Math.Min(holders[i], holders[j]), Other: Math.Max(holders[i], holders[j]));
                if (IsOpen(people[pair.One], people[pair.Other], domain) && !found.Contains(pair))
                {
                    yield return pair;
                }
            }
        }
    }

    private bool IsOpen((SourceRecord Source, RollbookId Id) one, (SourceRecord Source, RollbookId Id) other, int domain)
    {
        var (first, second) = (sources[one.Source.App], sources[other.Source.App]);
        var later = first.Place > second.Place ? first : second;
        return one.Id != other.Id
            && (first == second || (first.Shares && second.Shares))
            && later.Domains.Contains(domain)
            && !verdicts.AreOne(one.Source.Key, other.Source.Key)
            && !verdicts.AreApart(one.Source.Key, other.Source.Key);
    }

    private DuplicateCase Case(int domain, List<int> persons)
    {
        SourceRecord[] records =
        [
            .. persons.Select(person => people[person].Source).OrderBy(record => order.IndexOf(record.App)).ThenBy(record => record.Key),
        ];
        return new DuplicateCase(NumberOf(records, suggestion: false), kind, domains[domain].Attributes, domain, records);
    }

    private int PlaceOf(IReadOnlyList<string> names)
    {
        var place = domains.FindIndex(domain => domain.IsOf(names));
        if (place < 0)
        {
            place = domains.Count;
            domains.Add(new Domain(kind, names));
        }

        return place;
    }

    /// <summary>An app: its place in the order, whether others feed the same people, and the domains by which it compares.</summary>
    private sealed record Source(int Place, bool Shares, HashSet<int> Domains);
}
