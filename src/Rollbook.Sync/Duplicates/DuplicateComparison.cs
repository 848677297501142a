using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Duplicates;

/// <summary>How an attribute compares across records.</summary>
public enum AttributeMark
{
    /// <summary>All have the same value, compared as the domains are.</summary>
    Agree,

    /// <summary>Two have different values.</summary>
    Differ,

    /// <summary>Those who have a value agree, and at least one has none.</summary>
    Missing,
}

/// <summary>Records side by side: what each source says, where they agree, and what a merge would change (product.md 3.6).</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="People">The records in the order in which their values count.</param>
/// <param name="Marks">How each attribute compares, of those that any has.</param>
/// <param name="Domains">The Domains of Uniqueness on which two of them agree, with how many agree at most.</param>
/// <param name="Likeness">What speaks for two of them being one, where that was suggested.</param>
/// <param name="Merged">What the one record would say.</param>
/// <param name="Stays">The Rollbook ID that would stay.</param>
/// <param name="Leaving">The records of the roster that would no longer be: each with how many records refer to it, which would then refer to the one that stays.</param>
/// <param name="Decisions">What is decided about two of them.</param>
public sealed record DuplicateComparison(
    Kind Kind,
    IReadOnlyList<SourcePerson> People,
    IReadOnlyList<(Model.Attribute Attribute, AttributeMark Mark)> Marks,
    IReadOnlyList<(IReadOnlyList<string> Domain, int Records)> Domains,
    Likeness? Likeness,
    Row Merged,
    RollbookId Stays,
    IReadOnlyList<(RollbookId Id, long Referrers)> Leaving,
    IReadOnlyList<DuplicateDecision> Decisions
)
{
    /// <summary>At most so many are compared side by side.</summary>
    public const int MostRecords = 9;

    /// <summary>Whether they are one record of the roster now.</summary>
    public bool AreOne => Leaving.Count == 0;

    /// <summary>Puts records side by side; null when fewer than two of them are in the roster, or they are not of one kind.</summary>
    /// <param name="store">The district.</param>
    /// <param name="keys">The records, by the IDs that their sources' IDs give.</param>
    /// <param name="first">The one that comes first among those of its source; null for the one that does by itself.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<DuplicateComparison?> OfAsync(
        IDistrictStore store,
        IReadOnlyList<RollbookId> keys,
        RollbookId? first,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(keys);
        var found = await SourcePeople.GetAsync(store, keys, cancellationToken);
        if (
            found.Count is < 2 or > MostRecords
            || found.Any(person => person.Row.Kind != found[0].Row.Kind)
            || await store.Configuration.LatestAsync(cancellationToken) is not { } version
        )
        {
            return null;
        }

        var kind = found[0].Row.Kind;
        var configuration = DistrictConfiguration.FromDocument(version.Document);
        var decisions = await store.Duplicates.DecisionsAsync(cancellationToken);
        var now = Verdicts.Of(kind, decisions, configuration);
        var survivor = first is { } chosen && keys.Contains(chosen) ? chosen : InOrder(found, now).First().Source.Key;

        // As if it were decided: what is shown is what the run will do.
        var merge = DuplicateDecisions
            .PairsOf(found, survivor, DuplicateVerdict.Merge)
            .Select(pair => new DuplicateDecision(kind, pair.First, pair.Second, DuplicateVerdict.Merge, "", DateTimeOffset.MaxValue));
        var verdicts = Verdicts.Of(kind, [.. decisions.Where(decision => !IsAbout(decision, found)), .. merge], configuration);
        var people = InOrder(found, verdicts).ToList();

        // Those who are one with one of them already would go along.
        var ids = people.Select(person => person.Id).Distinct().ToList();
        var along = (await store.United.OfAsync(ids, cancellationToken)).Where(member => member.Row.Kind == kind && !keys.Contains(member.Key));
        var others = along.Select(member => new SourcePerson(new SourceRecord(member.App, member.Key), member.Id, member.Row));
        var all = InOrder([.. people, .. others], verdicts).ToList();
        var merged = new MergedRow(configuration).Of([.. all.Select(person => (person.Source.App, person.Row))]);
        var stays = all[0].Id;
        var leaving = new List<(RollbookId, long)>();
        foreach (var id in ids.Where(id => id != stays))
        {
            leaving.Add((id, await ReferrersAsync(store, id, cancellationToken)));
        }

        return new DuplicateComparison(
            kind,
            people,
            MarksOf(kind, people),
            DomainsOf(configuration, kind, people),
            await LikenessAsync(store, people, cancellationToken),
            merged,
            stays,
            leaving,
            [.. decisions.Where(decision => IsAbout(decision, people))]
        );

        IEnumerable<SourcePerson> InOrder(IEnumerable<SourcePerson> persons, Verdicts verdicts) =>
            persons
                .ToList()
                .InOrder(configuration, person => (person.Source.App, person.Source.Key), person => verdicts.IsAbsorbed(person.Source.Key));
    }

    private static bool IsAbout(DuplicateDecision decision, IReadOnlyList<SourcePerson> people) =>
        people.Any(person => person.Source.Key == decision.First.Key) && people.Any(person => person.Source.Key == decision.Second.Key);

    private static async Task<long> ReferrersAsync(IDistrictStore store, RollbookId id, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var kind in Kinds.All)
        {
            foreach (var attribute in kind.Attributes.Where(attribute => attribute.Target == Family.Person))
            {
                count += (await store.Roster.ReferrersAsync(kind.Kind, attribute, [id], cancellationToken)).Count;
            }
        }

        return count;
    }

    private static async Task<Likeness?> LikenessAsync(
        IDistrictStore store,
        IReadOnlyList<SourcePerson> people,
        CancellationToken cancellationToken
    ) =>
        (
            await store.Duplicates.GetAsync(AgreeingPeople.NumberOf(people.Select(person => person.Source), suggestion: true), cancellationToken)
        )?.Reasons
            is { } reasons
            ? Likeness.FromJson(reasons)
            : null;

    private static List<(IReadOnlyList<string> Domain, int Records)> DomainsOf(
        DistrictConfiguration configuration,
        Kind kind,
        IReadOnlyList<SourcePerson> people
    ) =>
        [
            .. configuration
                .AppsInOrder.Where(app => people.Any(person => string.Equals(person.Source.App, app.Key, StringComparison.Ordinal)))
                .SelectMany(app => DomainsOfUniqueness.Of(app.Value, kind))
                .Select(names => new Domain(kind, names))
                .DistinctBy(domain => domain.Name, StringComparer.Ordinal)
                .Select(domain =>
                    (
                        domain.Attributes,
                        people
                            .Select(person => domain.Of(person.Row))
                            .OfType<UInt128>()
                            .GroupBy(value => value)
                            .Select(group => group.Count())
                            .DefaultIfEmpty()
                            .Max()
                    )
                )
                .Where(agreed => agreed.Item2 > 1),
        ];

    private static List<(Model.Attribute Attribute, AttributeMark Mark)> MarksOf(Kind kind, IReadOnlyList<SourcePerson> people)
    {
        var marks = new List<(Model.Attribute, AttributeMark)>();
        foreach (var attribute in Kinds.Of(kind).Attributes.Where(attribute => attribute.Name is not "sources"))
        {
            var values = people.Select(person => Comparable(person.Row, attribute)).ToList();
            if (values.Exists(value => value is not null))
            {
                var distinct = values.Where(value => value is not null).Distinct(StringComparer.Ordinal).Count();
                marks.Add(
                    (
                        attribute,
                        distinct > 1 ? AttributeMark.Differ
                        : values.Contains(null) ? AttributeMark.Missing
                        : AttributeMark.Agree
                    )
                );
            }
        }

        return marks;
    }

    private static string? Comparable(Row row, Model.Attribute attribute)
    {
        var bytes = row.Get(attribute, out var missing);
        return missing ? null
            : row[attribute] is string text ? Domain.Comparable(text)
            : Convert.ToHexString(bytes);
    }
}
