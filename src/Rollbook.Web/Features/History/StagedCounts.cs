using System.Collections.Concurrent;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Web.Features.History;

/// <summary>
/// How many changes each school has in the change sets that are looked at, remembered by what a set is: counting half a million takes some tenths of a second, and a
/// person who reviews it comes back to it.
/// </summary>
internal sealed class StagedCounts
{
    private const int MostRemembered = 64;

    private readonly ConcurrentDictionary<(string District, long Run, string Hash), IReadOnlyList<StagedCount>> known = new();

    /// <summary>The counts of a run that waits.</summary>
    internal async Task<IReadOnlyList<StagedCount>> OfAsync(IDistrictStore store, RunRecord run, CancellationToken cancellationToken)
    {
        if (RunReport.FromJson(run.Report).ChangeHash is not { } hash)
        {
            return await store.Staged.CountsAsync(run.Number, cancellationToken);
        }

        var key = (store.District.Id, run.Number, hash);
        if (known.TryGetValue(key, out var counts))
        {
            return counts;
        }

        counts = await store.Staged.CountsAsync(run.Number, cancellationToken);

        // What is counted while the set becomes another is of neither.
        if (
            await store.Runs.GetAsync(run.Number, cancellationToken) is { } now
            && string.Equals(now.State, run.State, StringComparison.Ordinal)
            && string.Equals(now.Report, run.Report, StringComparison.Ordinal)
        )
        {
            if (known.Count >= MostRemembered)
            {
                known.Clear();
            }

            known[key] = counts;
        }

        return counts;
    }
}
