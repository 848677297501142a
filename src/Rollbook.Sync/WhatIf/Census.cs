using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.WhatIf;

/// <summary>Counts a change set school by school, and takes samples of it.</summary>
internal sealed class Census(IRosterStore roster)
{
    private const int AtOnce = 5_000;

    private static readonly Model.Attribute?[] SchoolOf = [.. Kinds.All.Select(kind => kind.SchoolAttribute)];

    private readonly Dictionary<RollbookId, long[,]> schools = [];
    private readonly Dictionary<RollbookId, string> names = [];
    private readonly Dictionary<(Kind Kind, Operation Operation), List<WhatIfSample>> samples = [];

    /// <summary>Takes all of it in.</summary>
    internal async Task TakeAsync(IChangeSet changes, CancellationToken cancellationToken)
    {
        foreach (var kind in Kinds.All.Where(kind => changes.Counts.ContainsKey(kind.Kind)))
        {
            var gone = new List<RollbookId>();
            foreach (var change in changes.Read(kind.Kind))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (change.Operation != Operation.Delete)
                {
                    Count(change.Operation, change.Id, change.Row);
                    continue;
                }

                // Of what goes only the roster knows where it was.
                gone.Add(change.Id);
                if (gone.Count == AtOnce)
                {
                    await CountGoneAsync(kind, gone, cancellationToken);
                    gone.Clear();
                }
            }

            await CountGoneAsync(kind, gone, cancellationToken);
        }
    }

    /// <summary>The schools, by name.</summary>
    internal async Task<IReadOnlyList<WhatIfSchool>> SchoolsAsync(CancellationToken cancellationToken)
    {
        var nameless = schools.Keys.Where(id => !names.ContainsKey(id)).ToList();
        foreach (var (id, record) in await roster.GetManyAsync(Family.Org, nameless, asOf: null, cancellationToken))
        {
            names[id] = NameOf(record.Row) ?? record.Row.SisId;
        }

        return
        [
            .. schools
                .Select(school => new WhatIfSchool(
                    school.Key.ToString(),
                    names.GetValueOrDefault(school.Key) ?? school.Key.ToString(),
                    Kinds
                        .All.Select(kind => (kind.Kind, Counts: CountsOf(school.Value, kind.Kind)))
                        .Where(kind => kind.Counts.Any)
                        .ToDictionary(kind => kind.Kind, kind => kind.Counts)
                ))
                .OrderBy(school => school.Name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(school => school.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>The samples, by kind and operation.</summary>
    internal IReadOnlyList<WhatIfSample> Samples() =>
        [.. samples.OrderBy(list => list.Key.Kind).ThenBy(list => list.Key.Operation).SelectMany(list => list.Value)];

    private async Task CountGoneAsync(KindDefinition kind, List<RollbookId> gone, CancellationToken cancellationToken)
    {
        if (gone.Count == 0)
        {
            return;
        }

        var records = await roster.GetManyAsync(kind.Family, gone, asOf: null, cancellationToken);
        foreach (var id in gone)
        {
            if (records.TryGetValue(id, out var record))
            {
                Count(Operation.Delete, id, record.Row);
            }
        }
    }

    private void Count(Operation operation, RollbookId id, Row row)
    {
        if (row.Kind == Kind.School)
        {
            names[id] = NameOf(row) ?? row.SisId;
            Add(id, row.Kind, operation);
        }
        else if (SchoolOf[(int)row.Kind] is { } attribute)
        {
            foreach (var school in RowReader.Ids(row.Get(attribute, out _)))
            {
                Add(school, row.Kind, operation);
            }
        }

        var key = (row.Kind, operation);
        if (!samples.TryGetValue(key, out var list))
        {
            samples[key] = list = [];
        }

        if (list.Count < WhatIfReport.SamplesOfEach)
        {
            list.Add(new WhatIfSample(row.Kind, operation, id.ToString(), row.SisId, NameOf(row)));
        }
    }

    private void Add(RollbookId school, Kind kind, Operation operation)
    {
        if (!schools.TryGetValue(school, out var counts))
        {
            schools[school] = counts = new long[Kinds.All.Count, Enum.GetValues<Operation>().Length];
        }

        counts[(int)kind, (int)operation]++;
    }

    private static ChangeCounts CountsOf(long[,] counts, Kind kind) =>
        new(
            counts[(int)kind, (int)Operation.Create],
            counts[(int)kind, (int)Operation.Update],
            counts[(int)kind, (int)Operation.Delete],
            counts[(int)kind, (int)Operation.Rekey]
        );

    /// <summary>What a record is called, for people; null for what has no name.</summary>
    internal static string? NameOf(Row row)
    {
        var kind = Kinds.Of(row.Kind);
        if (kind.Family != Family.Person)
        {
            return row.Kind == Kind.Enrollment ? null : row[kind.SortAttribute] as string;
        }

        var parts = new[] { row["familyName"] as string, row["givenName"] as string }.Where(part => part is not null).ToArray();
        return parts.Length == 0 ? null : string.Join(", ", parts);
    }
}
