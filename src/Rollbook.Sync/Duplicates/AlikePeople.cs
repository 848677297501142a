using System.IO.Hashing;
using System.Runtime.InteropServices;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Duplicates;

/// <summary>
/// Suggests people of one kind who may be one though no domain says so (decision 0020). Whoever shares a rare enough combination of name and birth date, or an address
/// to reach them, is compared attribute by attribute; what agrees speaks the louder the fewer have it. It only ever suggests.
/// </summary>
internal sealed class AlikePeople
{
    /// <summary>More people than this with one combination are not compared by it.</summary>
    internal const int MostAlike = 200;

    private readonly Kind kind;
    private readonly Verdicts verdicts;
    private readonly List<string> order;
    private readonly HashSet<string> sharing;
    private readonly PersonFeatures features;
    private readonly List<(SourceRecord Source, RollbookId Id)> people = [];
    private readonly List<int[]> values = [];
    private readonly List<ulong[]> keys = [];

    internal AlikePeople(DistrictConfiguration configuration, Kind kind, Verdicts verdicts)
    {
        (this.kind, this.verdicts) = (kind, verdicts);
        order = [.. configuration.AppsInOrder.Select(app => app.Key)];
        sharing = [.. configuration.AppsInOrder.Where(app => app.Value.Advanced.MultipleDataSources).Select(app => app.Key)];
        features = new PersonFeatures(kind);
    }

    /// <summary>How many pairs were compared, once that is done.</summary>
    internal long Compared { get; private set; }

    /// <summary>How many pairs are alike, once they were compared.</summary>
    internal int Alike { get; private set; }

    /// <summary>How many combinations were passed over because too many people have them.</summary>
    internal int PassedOver { get; private set; }

    /// <summary>Takes a person.</summary>
    internal void Add(SourcePerson person)
    {
        people.Add((person.Source, person.Id));
        var ofPerson = features.Of(person.Row);
        values.Add(ofPerson);
        keys.Add(features.KeysOf(ofPerson));
    }

    /// <summary>Compares them and answers who may be one, the likeliest first.</summary>
    /// <param name="isFound">Whether two records agree on a domain, so that they need no suggestion.</param>
    /// <param name="most">At most so many; <see cref="Alike"/> says how many there are.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal IReadOnlyList<DuplicateCase> Find(Func<SourceRecord, SourceRecord, bool> isFound, int most, CancellationToken cancellationToken)
    {
        var comparison = features.Compare(people.Count);
        var found = new List<(double Bits, int One, int Other)>();
        foreach (var (key, together) in Blocks())
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < together.Count; i++)
            {
                for (var j = i + 1; j < together.Count; j++)
                {
                    var (one, other) = (together[i], together[j]);
                    if (FirstShared(one, other) != key || !IsOpen(one, other))
                    {
                        continue;
                    }

                    Compared++;
                    if (comparison.Bits(values[one], values[other]) is >= 0 and var bits && !isFound(people[one].Source, people[other].Source))
                    {
                        found.Add((bits, one, other));
                    }
                }
            }
        }

        Alike = found.Count;
        return
        [
            .. found
                .OrderByDescending(pair => pair.Bits)
                .ThenBy(pair => KeysOf(pair.One, pair.Other))
                .Take(most)
                .Select(pair => Case(comparison.Likeness(values[pair.One], values[pair.Other]), pair.One, pair.Other))
                .OrderBy(suggestion => suggestion.Rank)
                .ThenBy(suggestion => suggestion.Number),
        ];
    }

    /// <summary>Those who have a combination together, by combination; what too many have is passed over, and nobody has it any more.</summary>
    private IEnumerable<(ulong Key, List<int> People)> Blocks()
    {
        var entries = new (ulong Key, int Person)[keys.Sum(ofPerson => ofPerson.Length)];
        var count = 0;
        for (var person = 0; person < keys.Count; person++)
        {
            foreach (var key in keys[person])
            {
                entries[count++] = (key, person);
            }
        }

        Array.Sort(entries);
        var large = new HashSet<ulong>();
        foreach (var (from, to) in Runs(entries).Where(run => run.To - run.From > MostAlike))
        {
            large.Add(entries[from].Key);
        }

        PassedOver = large.Count;
        if (large.Count > 0)
        {
            for (var person = 0; person < keys.Count; person++)
            {
                if (Array.Exists(keys[person], large.Contains))
                {
                    keys[person] = Array.FindAll(keys[person], key => !large.Contains(key));
                }
            }
        }

        var together = new List<int>();
        foreach (var (from, to) in Runs(entries).Where(run => run.To - run.From is >= 2 and <= MostAlike))
        {
            together.Clear();
            together.AddRange(entries[from..to].Select(entry => entry.Person));
            yield return (entries[from].Key, together);
        }
    }

    private static IEnumerable<(int From, int To)> Runs((ulong Key, int Person)[] entries)
    {
        for (int from = 0, to; from < entries.Length; from = to)
        {
            to = from + 1;
            while (to < entries.Length && entries[to].Key == entries[from].Key)
            {
                to++;
            }

            yield return (from, to);
        }
    }

    /// <summary>Of several combinations that two have together, the one by which they are compared.</summary>
    private ulong FirstShared(int one, int other)
    {
        foreach (var key in keys[one])
        {
            if (Array.IndexOf(keys[other], key) >= 0)
            {
                return key;
            }
        }

        return 0;
    }

    private bool IsOpen(int one, int other)
    {
        var ((first, firstId), (second, secondId)) = (people[one], people[other]);
        return firstId != secondId
            && (string.Equals(first.App, second.App, StringComparison.Ordinal) || (sharing.Contains(first.App) && sharing.Contains(second.App)))
            && !verdicts.AreOne(first.Key, second.Key)
            && !verdicts.AreApart(first.Key, second.Key);
    }

    /// <summary>The same for two people, whichever of them was read first.</summary>
    private (RollbookId Low, RollbookId High) KeysOf(int one, int other)
    {
        var (first, second) = (people[one].Source.Key, people[other].Source.Key);
        return first < second ? (first, second) : (second, first);
    }

    private DuplicateCase Case(Likeness likeness, int one, int other)
    {
        SourceRecord[] records =
        [
            .. new[] { people[one].Source, people[other].Source }.OrderBy(record => order.IndexOf(record.App)).ThenBy(record => record.Key),
        ];
        var rank = (int)Math.Round(10_000 * (1 - likeness.Probability));
        return new DuplicateCase(AgreeingPeople.NumberOf(records, suggestion: true), kind, Domain: null, rank, records, likeness.ToJson());
    }
}
