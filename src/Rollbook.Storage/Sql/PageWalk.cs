using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>
/// The questions that a page asks, in the direction in which it walks: one for the records that have a value to sort by, one for those that
/// have none. Each is made of branches that can each use an index, cut to the page's length and then merged.
/// </summary>
internal sealed class PageWalk(
    Dialect dialect,
    KindTable table,
    Model.Attribute sort,
    RecordQuery query,
    PageCursor? cursor,
    RecordConditions conditions,
    PagePlan plan
)
{
    private readonly string key = SortKey.Expression(dialect, sort);
    private readonly string direction = query.Descending != query.Backwards ? "DESC" : "ASC";
    private readonly string beyond = query.Descending != query.Backwards ? "<" : ">";
    private readonly bool byOwnOrder = sort.Index == table.Definition.SortAttribute.Index;

    /// <summary>The questions, each with all its parameters but <c>@limit</c>.</summary>
    public IEnumerable<(string Sql, List<(string, object?)> Parameters)> Segments()
    {
        bool[] segments = query.Backwards ? [false, true] : [true, false];
        var start = cursor is null ? 0 : Array.IndexOf(segments, cursor.Key is not null);
        for (var i = start; i < segments.Length; i++)
        {
            yield return Segment(hasValue: segments[i], fromCursor: i == start && cursor is not null);
        }
    }

    private (string Sql, List<(string, object?)> Parameters) Segment(bool hasValue, bool fromCursor)
    {
        List<(string, object?)> parameters = [.. conditions.Parameters, .. KindTable.ParametersOf(query.AsOf)];
        if (fromCursor)
        {
            parameters.Add(("id", dialect.Id(cursor!.Id)));
            if (hasValue)
            {
                parameters.Add(("key", SortKey.Parameter(dialect, sort, cursor.Key!)));
            }
        }

        var branches = Branches(hasValue)
            .Select(branch =>
                branch is { Collect: false, Since: "since" } && conditions.Links is { } links
                    ? Branch(links, branch.Where, hasValue, fromCursor)
                    : Branch(branch, hasValue, fromCursor)
            )
            .ToList();
        if (branches.Count == 1)
        {
            return (branches[0], parameters);
        }

        var union = string.Join(" UNION ALL ", branches.Select((branch, number) => $"SELECT * FROM ({branch}) AS branch{number}"));
        return ($"SELECT id, since, {table.Columns} FROM ({union}) AS merged ORDER BY {Order(key, "id", hasValue)} LIMIT @limit", parameters);
    }

    private string Branch((string From, string Since, string Where, bool Collect) branch, bool hasValue, bool fromCursor)
    {
        // An expression that no index has makes the database collect and sort.
        var by = branch.Collect && byOwnOrder ? $"({key} || '')" : key;
        var where = hasValue ? $"{by} IS NOT NULL" : $"{by} IS NULL";
        if (fromCursor)
        {
            where += Beyond(by, "id", hasValue);
        }

        return $"SELECT id, {branch.Since}, {table.Columns} FROM {branch.From} WHERE {where}{branch.Where}{conditions.Filters} ORDER BY {Order(by, "id", hasValue)} LIMIT @limit";
    }

    /// <summary>The same by way of the links: along their own order, or else all of the target's records, collected and sorted.</summary>
    private string Branch(LinkTable links, string search, bool hasValue, bool fromCursor)
    {
        var column = links.KeyOf(sort);
        var (by, id) = column is null ? (key, "id") : (column, LinkTable.Record);
        var where = (column, hasValue) switch
        {
            (null, true) => $"{by} IS NOT NULL{search}",
            (null, false) => $"{by} IS NULL{search}",
            // In the links' own order what is searched for is one stretch of them.
            (_, true) => $"{by} > ''{search.Replace(key, by, StringComparison.Ordinal)}",
            (_, false) => $"{by} = ''{search}",
        };
        if (fromCursor)
        {
            where += Beyond(by, id, hasValue);
        }

        var valid = query.AsOf.Waiting is null ? "" : $" AND {table.IsAsBefore}";
        // CROSS makes SQLite begin with the links; to PostgreSQL it is a join like another.
        return $"SELECT id, since, {table.Columns} FROM {links.Name} CROSS JOIN {table.Name} WHERE id = {LinkTable.Record} AND {conditions.Target} "
            + $"AND {where}{valid}{conditions.FiltersBesideLinks} ORDER BY {Order(by, id, hasValue)} LIMIT @limit";
    }

    private string Beyond(string by, string id, bool hasValue) => hasValue ? $" AND ({by}, {id}) {beyond} (@key, @id)" : $" AND {id} {beyond} @id";

    private IEnumerable<(string From, string Since, string Where, bool Collect)> Branches(bool hasValue)
    {
        var valid =
            query.AsOf.Waiting is not null ? $" AND {table.IsAsBefore}"
            : query.AsOf.Version is not null ? " AND since <= @asOf"
            : "";
        foreach (var (where, collect) in SearchBranches(hasValue))
        {
            yield return (table.Name, "since", valid + where, collect || plan.FewFiltered);
        }

        if (!query.AsOf.IsNewest)
        {
            var search = conditions.BySort is null
                ? ""
                : $" AND ({string.Join(" OR ", new[] { conditions.BySort, conditions.BySisId }.OfType<string>())})";
            yield return query.AsOf.Waiting is not null
                ? (table.Staged, "0 AS since", $" AND {table.IsBrought}" + search, false)
                : (table.History, "born AS since", " AND born <= @asOf AND died > @asOf" + search, false);
        }
    }

    private IEnumerable<(string Where, bool Collect)> SearchBranches(bool hasValue)
    {
        if (conditions.BySort is not { } bySort)
        {
            yield return ("", false);
            yield break;
        }

        if (hasValue || !byOwnOrder)
        {
            // In its own order the matches are one stretch of the index, however many they are.
            yield return byOwnOrder ? ($" AND {bySort}", false) : (plan.FewBySort ? Among(bySort) : $" AND {bySort}", plan.FewBySort);
        }

        if (conditions.BySisId is { } bySisId)
        {
            var found = plan.FewBySisId
                ? Among(bySisId)
                : " AND " + bySisId.Replace("lower(sis_id)", "coalesce(lower(sis_id), '')", StringComparison.Ordinal);
            yield return ($"{found} AND NOT coalesce({bySort}, 1 = 0)", plan.FewBySisId);
        }
        else if (!hasValue)
        {
            yield return (" AND 1 = 0", false);
        }
    }

    private string Among(string condition) => $" AND id IN (SELECT id FROM {table.Name} WHERE {condition})";

    private string Order(string by, string id, bool hasValue) => hasValue ? $"{by} {direction}, {id} {direction}" : $"{id} {direction}";
}
