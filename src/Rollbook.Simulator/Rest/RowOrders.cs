using System.Collections.Concurrent;
using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>
/// The rows of a collection in the order of their sourcedIds, or of a filtered or sorted read of it, kept so that a deep page costs no
/// more than a shallow one. Orders of whole kinds stay; the others are dropped when there are many. Used under the district's lock.
/// </summary>
internal sealed class RowOrders(District district, bool tombstones)
{
    private const int KeptReads = 8;
    private readonly Lock[] sorting = [.. Kinds.All.Select(_ => new Lock())];
    private readonly (int Version, int[] Rows)?[] whole = new (int, int[])?[Kinds.All.Count];
    private readonly ConcurrentDictionary<string, (int Version, int[] Rows)> reads = new(StringComparer.Ordinal);

    /// <summary>Whether clients see the row: active, or a tombstone where the profile has those.</summary>
    public bool IsVisible(Kind kind, int row) => tombstones || district.Table(kind).IsActive(row);

    public int VisibleCount(Kind kind) => tombstones ? district.Table(kind).Count : district.Table(kind).ActiveCount;

    /// <summary>All visible rows of a kind in order of sourcedId.</summary>
    public int[] Whole(Kind kind)
    {
        lock (sorting[(int)kind])
        {
            // Demographics bear their users' ids: a re-keyed user moves them too.
            var version = district.Table(kind).MembershipVersion + (kind == Kind.Demographics ? district.Users.MembershipVersion : 0);
            if (whole[(int)kind] is not { } known || known.Version != version)
            {
                known = (version, Sort(kind, Enumerable.Range(0, district.Table(kind).Count), VisibleCount(kind)));
                whole[(int)kind] = known;
            }

            return known.Rows;
        }
    }

    /// <summary>The rows an operation answers with, filtered and sorted; null when a parent in the path is unknown.</summary>
    public int[]? Of(Operation operation, string[] ids, ReadQuery query)
    {
        if (operation is { Subset: null, Related: null } && query.Filter is null && query is { Sort: null or SourcedIdField, Descending: false })
        {
            return Whole(operation.Kind);
        }

        var name = string.Join('\n', [operation.Path, .. ids, query.Sort?.Name ?? string.Empty, query.Descending ? "desc" : "asc", query.FilterText]);
        var version = Kinds.All.Sum(kind => district.Table(kind).Version);
        if (reads.TryGetValue(name, out var known) && known.Version == version)
        {
            return known.Rows;
        }

        if (Select(operation, ids, query) is not { } rows)
        {
            return null;
        }

        if (reads.Count >= KeptReads)
        {
            reads.Clear();
        }

        reads[name] = (version, rows);
        return rows;
    }

    private int[]? Select(Operation operation, string[] ids, ReadQuery query)
    {
        IEnumerable<int> rows = Whole(operation.Kind);
        if (operation.Related is { } related)
        {
            if (related(district, ids) is not { } found)
            {
                return null;
            }

            rows = Sort(operation.Kind, found, 0);
        }

        if (operation.Subset is { } subset)
        {
            rows = rows.Where(row => subset(district, row));
        }

        if (query.Filter is { } filter)
        {
            rows = rows.Where(row => filter.Matches(district, row));
        }

        return Arrange([.. rows], query);
    }

    private int[] Arrange(int[] rows, ReadQuery query)
    {
        if (query.Sort is not (null or SourcedIdField))
        {
            var sort = query.Sort;
            var keys = Array.ConvertAll(rows, row => sort.Value(district, row, part: null).SortText);
            var places = Enumerable.Range(0, rows.Length).ToArray();
            Array.Sort(places, (left, right) => string.CompareOrdinal(keys[left], keys[right]) is var order and not 0 ? order : left - right);
            rows = Array.ConvertAll(places, place => rows[place]);
        }

        if (query.Descending)
        {
            Array.Reverse(rows);
        }

        return rows;
    }

    private int[] Sort(Kind kind, IEnumerable<int> candidates, int expected)
    {
        var rows = new List<int>(expected);
        foreach (var row in candidates)
        {
            if (IsVisible(kind, row))
            {
                rows.Add(row);
            }
        }

        var sorted = rows.ToArray();
        var keys = new ulong[sorted.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = HighKey(kind, sorted[i]);
        }

        // The first 60 bits of the id decide, but for one pair in 10^11; equal ones are then put right.
        Array.Sort(keys, sorted);
        for (var i = 1; i < keys.Length; i++)
        {
            for (var j = i; j > 0 && keys[j] == keys[j - 1] && LowKey(kind, sorted[j]) < LowKey(kind, sorted[j - 1]); j--)
            {
                (sorted[j], sorted[j - 1]) = (sorted[j - 1], sorted[j]);
            }
        }

        return sorted;
    }

    private ulong HighKey(Kind kind, int row) => Key(kind, row).High;

    private ulong LowKey(Kind kind, int row) => Key(kind, row).Low;

    private (ulong High, ulong Low) Key(Kind kind, int row)
    {
        var (idKind, idRow) = kind == Kind.Demographics ? (Kind.Users, district.Demographics[row].User) : (kind, row);
        return district.Ids.SortKey(idKind, idRow, district.Table(idKind).Head(idRow).Generation);
    }
}
