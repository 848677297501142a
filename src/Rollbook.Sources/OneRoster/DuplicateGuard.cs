using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// Finds records that come twice. Twice in one page is a source with double records: one is dropped. Twice in different pages is paging over an order
/// that moves, so that others did not come at all. While sourcedIds ascend strictly nothing needs to be remembered; else every key is.
/// </summary>
/// <param name="remember">Whether to remember keys from the start, order or not.</param>
internal sealed class DuplicateGuard(bool remember)
{
    /// <summary>How many keys are kept while order holds, in case it ends soon: most sources without it show so in the first page.</summary>
    internal const int KeptWhileOrdered = 200_000;

    private List<RollbookId>? early = remember ? null : [];
    private KeySet? seen = remember ? new KeySet() : null;
    private byte[] lastId = [];

    /// <summary>Takes a page, dropping its double records. False when the collection must be read anew.</summary>
    public bool Take(Page page)
    {
        if (page.Count == 0)
        {
            return true;
        }

        var ordered = page.Ascending && (page.FollowsOn || lastId.AsSpan().SequenceCompareTo(page.FirstId) < 0);
        lastId = page.LastId;
        if (seen is null && ordered)
        {
            Keep(page);
            return true;
        }

        return Remember() && AddAll(page);
    }

    private void Keep(Page page)
    {
        if (early is null)
        {
            return;
        }

        if (early.Count + page.Count > KeptWhileOrdered)
        {
            early = null;
            return;
        }

        foreach (var record in page.Records)
        {
            early.Add(record.Key);
        }
    }

    private bool Remember()
    {
        if (seen is not null)
        {
            return true;
        }

        if (early is null)
        {
            return false;
        }

        seen = new KeySet();
        foreach (var key in early)
        {
            seen.Add(key);
        }

        early = null;
        return true;
    }

    private bool AddAll(Page page)
    {
        HashSet<RollbookId>? doubles = null;
        var overlaps = false;
        foreach (var record in page.Records)
        {
            if (!seen!.Add(record.Key))
            {
                doubles ??= DoublesOf(page);
                overlaps |= !doubles.Contains(record.Key);
            }
        }

        if (doubles is not null && !overlaps)
        {
            var first = new HashSet<RollbookId>();
            page.Drop(key => !first.Add(key));
        }

        return !overlaps;
    }

    private static HashSet<RollbookId> DoublesOf(Page page)
    {
        var once = new HashSet<RollbookId>();
        var twice = new HashSet<RollbookId>();
        foreach (var record in page.Records)
        {
            if (!once.Add(record.Key))
            {
                twice.Add(record.Key);
            }
        }

        return twice;
    }
}
