using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>Where a page stands: how many rows it has, and how many the whole read has.</summary>
internal sealed record PagePlace(int Count, int Total, int Limit, long Offset);

/// <summary>One page's rows and place.</summary>
internal sealed record SelectedPage(ReadOnlyMemory<int> Rows, PagePlace Place);

/// <summary>Cuts the asked page out of a collection's rows, as honest as the switches let it.</summary>
internal sealed class PageSelector(RowOrders orders)
{
    private int reads;

    /// <summary>Under the district's lock; the refusal is null when there is a page.</summary>
    public (SelectedPage? Page, StatusInfo? Refusal) Select(Operation operation, string[] ids, ReadQuery query, FaultSwitches switches)
    {
        if (orders.Of(operation, ids, query) is not { } rows)
        {
            if (switches.UnknownParentIsNotFound)
            {
                return (null, StatusInfo.UnknownObject("such parent record"));
            }

            rows = [];
        }

        if (switches.EmptyCollections.Contains(operation.Path, StringComparer.OrdinalIgnoreCase))
        {
            rows = [];
        }

        var limit = Math.Min(query.Limit, switches.PageCap ?? int.MaxValue);
        var offset = query.Offset;
        if (offset >= rows.Length && offset > 0)
        {
            switch (switches.BeyondEnd)
            {
                case BeyondEnd.NotFound:
                    return (null, StatusInfo.UnknownObject("such page"));
                case BeyondEnd.ServerError:
                    return (null, StatusInfo.Failure(500, "The offset is out of range."));
                case BeyondEnd.RepeatLastPage:
                    offset = rows.Length == 0 ? 0 : (rows.Length - 1) / limit * limit;
                    break;
            }
        }

        var start = (int)Math.Min(offset, rows.Length);
        var count = Math.Min(limit, rows.Length - start);
        var page = IsUnstable(switches, query) ? Shuffled(rows, start, count) : rows.AsMemory(start, count);
        return (new SelectedPage(page, new PagePlace(count, rows.Length, limit, query.Offset)), null);
    }

    private static bool IsUnstable(FaultSwitches switches, ReadQuery query) =>
        switches.UnstableOrder == UnstableOrder.Always || (switches.UnstableOrder == UnstableOrder.WithoutSort && query.Sort is null);

    /// <summary>Every read begins at another place of the collection, so pages overlap and leave gaps.</summary>
    private int[] Shuffled(int[] rows, int start, int count)
    {
        var shift = Interlocked.Increment(ref reads) * 7;
        return [.. Enumerable.Range(start, count).Select(place => rows[(place + shift) % rows.Length])];
    }
}
