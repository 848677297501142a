using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>The published roster as whole copies in memory, one a version.</summary>
internal sealed class NaiveRoster
{
    private const int IdsAKind = 10;

    private readonly List<SortedDictionary<(Kind Kind, RollbookId Id), RosterRecord>> versions =
    [
        [],
    ];

    /// <summary>The schools at which records are.</summary>
    public static IReadOnlyList<RollbookId> Schools { get; } = [.. Enumerable.Range(0, 3).Select(number => Records.Id(Kind.School, $"at {number}"))];

    /// <summary>Those of a record.</summary>
    public static IEnumerable<RollbookId> SchoolsOf(Row row) =>
        Kinds.Of(row.Kind).Find("schools") is not null ? (RollbookId[]?)row["schools"] ?? []
        : Kinds.Of(row.Kind).Find("school") is not null && row["school"] is RollbookId school ? [school]
        : [];

    public static IEnumerable<RollbookId> Ids(Kind kind) => Enumerable.Range(0, IdsAKind).Select(number => Records.Id(kind, $"{number}")).Order();

    /// <summary>Changes that fit the newest version, at least one.</summary>
    public List<StagedChange> Next(Random random, Kind[] kinds)
    {
        var changes = new List<StagedChange>();
        while (changes.Count == 0)
        {
            foreach (var kind in kinds)
            {
                for (var number = 0; number < IdsAKind; number++)
                {
                    var id = Records.Id(kind, $"{number}");
                    // Students and teachers share their IDs, and nobody is both.
                    var taken = Kinds.Of(Kinds.Of(kind).Family).Any(other => other.Kind != kind && versions[^1].ContainsKey((other.Kind, id)));
                    var exists = versions[^1].ContainsKey((kind, id));
                    var row = Records.Row(
                        kind,
                        random.Next(5) == 0 ? $"new {number}" : $"{number}",
                        [("sources", new[] { $"{random.Next()}" }), .. At(kind, random)]
                    );
                    switch (random.Next(6))
                    {
                        case 0 when !exists && !taken && changes.All(change => change.Id != id || change.Operation == Operation.Delete):
                            changes.Add(new StagedChange(Operation.Create, kind, id, row, Consequence: false));
                            break;
                        case 1 when exists:
                            changes.Add(
                                new StagedChange(random.Next(2) == 0 ? Operation.Update : Operation.Rekey, kind, id, row, Consequence: false)
                            );
                            break;
                        case 2 when exists:
                            changes.Add(new StagedChange(Operation.Delete, kind, id, default, Consequence: true));
                            break;
                    }
                }
            }
        }

        return changes;
    }

    public void Apply(int version, List<StagedChange> changes)
    {
        version.ShouldBe(versions.Count);
        var next = new SortedDictionary<(Kind Kind, RollbookId Id), RosterRecord>(versions[^1]);
        foreach (var change in changes)
        {
            next.Remove((change.Kind, change.Id));
            if (change.Operation != Operation.Delete)
            {
                next.Add((change.Kind, change.Id), new RosterRecord(change.Id, change.Row, version));
            }
        }

        versions.Add(next);
    }

    public List<RosterRecord> Read(int version, Kind kind) =>
        [.. versions[version].Where(record => record.Key.Kind == kind).Select(record => record.Value)];

    public List<PublishedChange> Changes(int version, Kind kind, Operation? operation) =>
        [
            .. Ids(kind)
                .Select(id => Change(version, kind, id))
                .OfType<PublishedChange>()
                .Where(change => operation is null || change.Operation == operation),
        ];

    public List<(int Version, PublishedChange Change)> History(Kind kind, RollbookId id) =>
        [
            .. Enumerable
                .Range(1, versions.Count - 1)
                .Reverse()
                .Select(version => (version, Change: Change(version, kind, id)))
                .Where(change => change.Change is not null)
                .Select(change => (change.version, change.Change!)),
        ];

    /// <summary>What differs between two versions, whatever happened between them.</summary>
    public List<PublishedChange> Differences(int from, int to, Kind kind) =>
        [
            .. Ids(kind)
                .Select(id => (Id: id, Old: versions[from].GetValueOrDefault((kind, id)), New: versions[to].GetValueOrDefault((kind, id))))
                .Where(record => !Equals(record.Old?.Row, record.New?.Row))
                .Select(record => new PublishedChange(OperationOf(record.Old, record.New), kind, record.Id, record.Old?.Row, record.New?.Row)),
        ];

    /// <summary>The changes that lead from one version to the content of another.</summary>
    public List<StagedChange> Between(int from, int to) =>
        [
            .. Kinds
                .All.SelectMany(kind => Differences(from, to, kind.Kind))
                .Select(change => new StagedChange(change.Operation, change.Kind, change.Id, change.New ?? default, Consequence: false)),
        ];

    private static Operation OperationOf(RosterRecord? old, RosterRecord? current) =>
        old is null ? Operation.Create
        : current is null ? Operation.Delete
        : string.Equals(old.Row.SisId, current.Row.SisId, StringComparison.Ordinal) ? Operation.Update
        : Operation.Rekey;

    private static IEnumerable<(string, object)> At(Kind kind, Random random)
    {
        var schools = Schools.Where(_ => random.Next(2) == 0).ToArray();
        return schools.Length == 0 ? []
            : Kinds.Of(kind).Find("schools") is not null ? [("schools", schools)]
            : Kinds.Of(kind).Find("school") is not null ? [("school", schools[0])]
            : [];
    }

    private PublishedChange? Change(int version, Kind kind, RollbookId id)
    {
        var (old, current) = (versions[version - 1].GetValueOrDefault((kind, id)), versions[version].GetValueOrDefault((kind, id)));
        return (old, current) switch
        {
            (null, null) => null,
            (null, _) => new PublishedChange(Operation.Create, kind, id, null, current.Row),
            (_, null) => new PublishedChange(Operation.Delete, kind, id, old.Row, null),
            _ when current.Since != version => null,
            _ => new PublishedChange(
                string.Equals(old.Row.SisId, current.Row.SisId, StringComparison.Ordinal) ? Operation.Update : Operation.Rekey,
                kind,
                id,
                old.Row,
                current.Row
            ),
        };
    }
}
