using Rollbook.Storage;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Data;

/// <summary>The names of the records that a page refers to, read in one go for each family.</summary>
public sealed class ReferenceNames(CurrentDistrict district)
{
    private const int NotYet = 0;

    private readonly Dictionary<RollbookId, RosterRecord> known = [];
    private long? waiting;

    /// <summary>What is said of a record that the roster does not have.</summary>
    public string Absent { get; private set; } = "no longer in the roster";

    /// <summary>Reads what the rows refer to, as of a version (null: the newest) or a run that waits. Of a long list only as much as a page shows.</summary>
    public async Task LoadAsync(IEnumerable<Row> rows, AsOf asOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var wanted = Wanted(rows);
        await FindAsync(wanted, asOf, cancellationToken);

        // A deleted record's page and a change's old side name records that went in that very version, or would go with the run.
        waiting = asOf.Waiting;
        var before = asOf is { Version: > 1 and var version } ? AsOf.Of(version - 1) : AsOf.Newest;
        if ((asOf.Version is > 1 || waiting is not null) && wanted.Values.Any(ids => ids.Any(id => !known.ContainsKey(id))))
        {
            await FindAsync(wanted, before, cancellationToken);
        }
    }

    /// <summary>Reads what the rows of a change set that waits refer to: in the roster, or among what the run would create.</summary>
    internal Task LoadStagedAsync(IEnumerable<Row> rows, long run, CancellationToken cancellationToken) =>
        FindStagedAsync(Wanted(rows), run, cancellationToken);

    /// <summary>Reads schools that a change set that waits concerns.</summary>
    internal Task LoadStagedSchoolsAsync(IEnumerable<RollbookId> schools, long run, CancellationToken cancellationToken) =>
        FindStagedAsync(new() { [Family.Org] = [.. schools] }, run, cancellationToken);

    /// <summary>Reads the records that a list is filtered by, so that its filters can be told by name.</summary>
    internal Task LoadFiltersAsync(BrowseQuery query, CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<Family, HashSet<RollbookId>>();
        foreach (var filter in query.Filters)
        {
            if (query.Kind[filter.Attribute] is { IsReference: true } attribute && RollbookId.TryParse(filter.Value, out var id))
            {
                Add(wanted, attribute, id);
            }
        }

        return FindAsync(wanted, query.AsOf, cancellationToken);
    }

    /// <summary>The address of the page of a record that was read; null for one that a run would create, unless the roster after that run is looked at.</summary>
    internal string? Page(RosterRecord record)
    {
        var path = district.Path($"data/{Kinds.Of(record.Row.Kind).Name}/{record.Id}");
        return waiting is { } run ? FormattableString.Invariant($"{path}?waiting={run}")
            : record.Since == NotYet ? null
            : path;
    }

    /// <summary>The record, when it was read; null when the roster has none of this ID.</summary>
    public RosterRecord? Find(RollbookId id) => known.GetValueOrDefault(id);

    /// <summary>What a record is called on the screen; a person whose name is hidden by the SIS ID.</summary>
    public string Title(Row row)
    {
        if (row.Kind == Kind.Enrollment)
        {
            return row["person"] is RollbookId person && row["class"] is RollbookId group && Find(person) is { } who && Find(group) is { } where
                ? $"{Title(who.Row)} in {Title(where.Row)}"
                : $"Enrollment {row.SisId}";
        }

        var kind = Kinds.Of(row.Kind);
        if (kind.Family == Family.Person)
        {
            return district.SeesPersonal ? PersonName(row) : $"{row.Kind} {row.SisId}";
        }

        return row[kind.SortAttribute] as string ?? $"{row.Kind} {row.SisId}";
    }

    private static string PersonName(Row row)
    {
        var parts = new[] { row["familyName"] as string, row["givenName"] as string }.Where(part => part is not null).ToArray();
        return parts.Length == 0 ? $"{row.Kind} {row.SisId}" : string.Join(", ", parts);
    }

    private async Task FindAsync(Dictionary<Family, HashSet<RollbookId>> wanted, AsOf asOf, CancellationToken cancellationToken)
    {
        foreach (var (family, ids) in wanted)
        {
            var missing = ids.Where(id => !known.ContainsKey(id)).ToList();
            if (missing.Count == 0)
            {
                continue;
            }

            foreach (var (id, record) in await district.Store.Roster.GetManyAsync(family, missing, asOf, cancellationToken))
            {
                known[id] = record;
            }
        }
    }

    private async Task FindStagedAsync(Dictionary<Family, HashSet<RollbookId>> wanted, long run, CancellationToken cancellationToken)
    {
        Absent = "not in the roster";
        await FindAsync(wanted, asOf: null, cancellationToken);
        foreach (var (family, ids) in wanted)
        {
            var missing = ids.Where(id => !known.ContainsKey(id)).ToList();
            foreach (var (id, row) in await district.Store.Staged.CreatedAsync(run, family, missing, cancellationToken))
            {
                known[id] = new RosterRecord(id, row, NotYet);
            }
        }
    }

    private static Dictionary<Family, HashSet<RollbookId>> Wanted(IEnumerable<Row> rows)
    {
        var wanted = new Dictionary<Family, HashSet<RollbookId>>();
        foreach (var row in rows)
        {
            foreach (var attribute in Kinds.Of(row.Kind).Attributes.Where(attribute => attribute.IsReference))
            {
                Add(wanted, attribute, row[attribute]);
            }
        }

        return wanted;
    }

    private static void Add(Dictionary<Family, HashSet<RollbookId>> wanted, Attribute attribute, object? value)
    {
        if (value is null)
        {
            return;
        }

        if (!wanted.TryGetValue(attribute.Target!.Value, out var ids))
        {
            wanted[attribute.Target.Value] = ids = [];
        }

        ids.UnionWith(value is RollbookId id ? [id] : ((RollbookId[])value).Take(40));
    }
}
