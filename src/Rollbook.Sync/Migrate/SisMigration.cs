using System.Globalization;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Migrate;

/// <summary>
/// SIS Migration: a SIS that was replaced, or that has given new IDs, says of the same pupils, classes and enrollments that they are others. Finds in the changes of a run
/// that waits which of the records that come are those that go. People are told by the app's Domains of Uniqueness but for the SIS ID, all else by what is written for it
/// here; a domain tells when exactly one that goes and exactly one that comes have the same in it.
/// </summary>
internal sealed class SisMigration(IDistrictStore store, long run, string app, AppConfiguration settings)
{
    /// <summary>The word of the hold.</summary>
    internal const string Limit = "migration";

    private const int RowsAtOnce = 1_000;

    private readonly Dictionary<RollbookId, RollbookId> successors = [];
    private readonly HashSet<RollbookId> separate = [];

    /// <summary>By which attributes of which kinds records refer to those of a family, where they are told by what they refer to.</summary>
    private static readonly (Family To, Kind Kind, string Attribute)[] References =
    [
        (Family.AcademicSession, Kind.Calendar, "parent"),
        (Family.AcademicSession, Kind.Class, "calendars"),
        (Family.Course, Kind.Class, "course"),
        (Family.Class, Kind.Enrollment, "class"),
        (Family.Person, Kind.Enrollment, "person"),
    ];

    /// <summary>The kinds in an order in which what refers comes after what is referred to. Schools are paired in Schools Mapping.</summary>
    private static readonly Kind[] InOrder =
    [
        Kind.Calendar,
        Kind.Course,
        Kind.Class,
        Kind.Student,
        Kind.Teacher,
        Kind.Admin,
        Kind.Contact,
        Kind.Enrollment,
    ];

    /// <summary>What a run is told of that waits since it brings pairs that nobody has accepted; null where there are none. Pairs of an earlier run that it does not bring do not matter.</summary>
    internal static async Task<RunHold?> HoldAsync(IDistrictStore store, string app, IChangeSet changes, CancellationToken cancellationToken)
    {
        if (!(await store.Successors.CountAsync(app, cancellationToken)).Any(count => count.State == SuccessorState.Proposed))
        {
            return null;
        }

        var proposed = new List<(Kind Kind, long Count)>();
        foreach (var kind in InOrder)
        {
            var rekeyed = changes.Read(kind).Where(change => change.Operation == Operation.Rekey).Select(change => change.Id).ToList();
            var pairs = await store.Successors.OfAsync(app, rekeyed, cancellationToken);
            proposed.AddRange(
                pairs.Where(pair => pair.State == SuccessorState.Proposed).CountBy(_ => kind).Select(count => (count.Key, (long)count.Value))
            );
        }

        var all = proposed.Sum(count => count.Count);
        return all == 0
            ? null
            : new RunHold(
                Limit,
                proposed[0].Kind,
                RunHold.SourceScope,
                all,
                all,
                100,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"SIS Migration: {all:N0} {(all == 1 ? "record goes" : "records go")} on under the Rollbook ID of one that the source no longer has. A person looks at the pairs first."
                )
            );
    }

    /// <summary>
    /// A pair with those that were found because of it, which are kept separate and taken as one together with it: the enrollments of a person, the classes of a course.
    /// </summary>
    internal static async Task<IReadOnlyCollection<SuccessorPair>> WithDependentsAsync(
        IDistrictStore store,
        string app,
        SuccessorPair pair,
        CancellationToken cancellationToken
    )
    {
        var all = new Dictionary<RollbookId, SuccessorPair> { [pair.Key] = pair };
        var open = new Queue<SuccessorPair>([pair]);
        while (open.TryDequeue(out var next))
        {
            foreach (var (_, kind, attribute) in References.Where(reference => reference.To == Kinds.Of(next.Kind).Family))
            {
                var query = new RecordQuery(
                    kind,
                    Filters: [new RecordFilter(attribute, FilterCondition.Equal, next.Id.ToString())],
                    Limit: RowsAtOnce
                );
                RecordPage page;
                do
                {
                    page = await store.Roster.PageAsync(query, cancellationToken);
                    query = query with { After = page.Next };
                    foreach (var found in await store.Successors.OfAsync(app, [.. page.Records.Select(record => record.Id)], cancellationToken))
                    {
                        if (found.Domain.Split(" + ").Contains(attribute, StringComparer.Ordinal) && all.TryAdd(found.Key, found))
                        {
                            open.Enqueue(found);
                        }
                    }
                } while (page.Next is not null);
            }
        }

        return all.Values;
    }

    /// <summary>The pairs, by kind; what a person keeps separate is none.</summary>
    internal async Task<IReadOnlyList<SuccessorPair>> FindAsync(CancellationToken cancellationToken)
    {
        var pairs = new List<SuccessorPair>();
        await foreach (var pair in store.Successors.SeparateAsync(app, cancellationToken))
        {
            separate.Add(pair.Key);
        }

        foreach (var kind in InOrder)
        {
            while (true)
            {
                var before = pairs.Count;
                foreach (var pair in await FindAsync(kind, cancellationToken))
                {
                    successors[pair.Key] = pair.Id;
                    pairs.Add(pair);
                }

                // What a term is part of tells terms apart, once it is known itself.
                if (kind != Kind.Calendar || pairs.Count == before)
                {
                    break;
                }
            }
        }

        return pairs;
    }

    /// <summary>By which attributes the records of a kind are known again, in order.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> DomainsOf(AppConfiguration settings, Kind kind) =>
        kind switch
        {
            Kind.Calendar =>
            [
                ["parent", "type", "title", "startDate", "endDate"],
                ["type", "title", "startDate", "endDate"],
                ["type", "title", "schoolYear"],
                ["type", "startDate", "endDate"],
            ],
            Kind.Course =>
            [
                ["school", "courseCode"],
                ["courseCode", "title"],
                ["school", "title"],
                ["courseCode"],
            ],
            Kind.Class =>
            [
                ["school", "course", "classCode", "calendars"],
                ["school", "course", "classCode"],
                ["school", "course", "title", "calendars"],
                ["school", "classCode", "title"],
            ],
            Kind.Enrollment =>
            [
                ["person", "class", "role"],
                ["person", "class", "role", "beginDate"],
            ],
            _ => [.. DomainsOfUniqueness.Of(settings, kind).Where(names => names is not ["sisId"])],
        };

    private async Task<IReadOnlyList<SuccessorPair>> FindAsync(Kind kind, CancellationToken cancellationToken)
    {
        var domains = DomainsOf(settings, kind).Select(names => new Domain(kind, names)).ToList();
        var gone = new List<Found>();
        var come = new List<Found>();
        var ids = new List<RollbookId>();
        await foreach (var change in store.Staged.ReadAsync(run, kind, cancellationToken))
        {
            if (change.Operation == Operation.Create && !successors.ContainsKey(change.Id) && !separate.Contains(change.Id))
            {
                come.Add(new Found(change.Id, [.. domains.Select(domain => domain.Of(change.Row, Successor))]));
            }
            else if (change.Operation == Operation.Delete)
            {
                ids.Add(change.Id);
            }
        }

        if (come.Count == 0 || ids.Count == 0)
        {
            return [];
        }

        var taken = successors.Values.ToHashSet();
        foreach (var chunk in ids.Where(id => !taken.Contains(id)).Chunk(RowsAtOnce))
        {
            foreach (var (id, record) in await store.Roster.GetManyAsync(Kinds.Of(kind).Family, chunk, asOf: null, cancellationToken))
            {
                if (record.Row.Kind == kind)
                {
                    gone.Add(new Found(id, [.. domains.Select(domain => domain.Of(record.Row))]));
                }
            }
        }

        return [.. Pair(kind, domains, gone, come)];
    }

    private RollbookId Successor(RollbookId id) => successors.GetValueOrDefault(id, id);

    private static IEnumerable<SuccessorPair> Pair(Kind kind, List<Domain> domains, List<Found> gone, List<Found> come)
    {
        var paired = new HashSet<RollbookId>();
        for (var at = 0; at < domains.Count; at++)
        {
            var before = Alone(gone, at);
            foreach (var (value, now) in Alone(come, at))
            {
                if (now is { } key && before.TryGetValue(value, out var old) && old is { } id)
                {
                    paired.Add(key);
                    paired.Add(id);
                    yield return new SuccessorPair(kind, key, id, domains[at].Name);
                }
            }
        }

        // Who has each value: null when several have.
        Dictionary<UInt128, RollbookId?> Alone(List<Found> records, int at)
        {
            var alone = new Dictionary<UInt128, RollbookId?>();
            foreach (var record in records)
            {
                if (record.Values[at] is { } value && !paired.Contains(record.Id))
                {
                    alone[value] = alone.ContainsKey(value) ? null : record.Id;
                }
            }

            return alone;
        }
    }

    private readonly record struct Found(RollbookId Id, UInt128?[] Values);
}
