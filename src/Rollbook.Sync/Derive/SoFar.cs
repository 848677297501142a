using Rollbook.Model;

namespace Rollbook.Sync.Derive;

/// <summary>
/// What would change of a collection that is still being read, for a person who waits for a what-if. What only the whole collection tells (a student's contacts, what follows
/// from others) is not in it yet.
/// </summary>
internal sealed class SoFar
{
    private readonly Dictionary<Kind, ChangeCounts> counts = [];

    /// <summary>Notes a record that comes, goes or has other values.</summary>
    /// <param name="before">What it is in the roster; null for nothing.</param>
    /// <param name="after">What it would be; null for nothing.</param>
    internal void Note(Kind? before, Kind? after)
    {
        if (before is { } old && before != after)
        {
            counts[old] = Of(old) with { Delete = Of(old).Delete + 1 };
        }

        if (after is { } now)
        {
            counts[now] = before == after ? Of(now) with { Update = Of(now).Update + 1 } : Of(now) with { Create = Of(now).Create + 1 };
        }
    }

    /// <summary>What is known, and beside it what is known so far of the kinds of which nothing is.</summary>
    internal IReadOnlyDictionary<Kind, ChangeCounts> Beside(IReadOnlyDictionary<Kind, ChangeCounts> known) =>
        counts.Count == 0
            ? known
            : known.Concat(counts.Where(count => !known.ContainsKey(count.Key))).ToDictionary(count => count.Key, count => count.Value);

    private ChangeCounts Of(Kind kind) => counts.GetValueOrDefault(kind) ?? new ChangeCounts();
}
