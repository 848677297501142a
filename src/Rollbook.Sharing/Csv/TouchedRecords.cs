using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sharing.Csv;

/// <summary>A record that differs between two versions.</summary>
/// <param name="Id">The record.</param>
/// <param name="Old">Its values in the first; null when it was not there.</param>
/// <param name="New">Its values in the second; null when it is gone.</param>
/// <param name="ChangedAt">When the last change to it was published.</param>
internal sealed record TouchedRecord(RollbookId Id, Row? Old, Row? New, DateTimeOffset ChangedAt);

/// <summary>The records that the versions between two touched, about 50 bytes each.</summary>
internal sealed class TouchedRecords
{
    private const int PageSize = 1_000;

    private readonly IRosterStore roster;
    private readonly int since;
    private readonly int version;
    private readonly Dictionary<Family, Dictionary<RollbookId, int>> last = [];
    private readonly Dictionary<int, DateTimeOffset> published = [];

    private TouchedRecords(IRosterStore roster, int since, int version) => (this.roster, this.since, this.version) = (roster, since, version);

    /// <summary>Finds them.</summary>
    public static async Task<TouchedRecords> ReadAsync(IRosterStore roster, int since, int version, CancellationToken cancellationToken)
    {
        var touched = new TouchedRecords(roster, since, version);
        for (var number = since + 1; number <= version; number++)
        {
            var step = await roster.VersionAsync(number, cancellationToken) ?? throw new InvalidOperationException($"Version {number} is missing.");
            touched.published[number] = step.PublishedAt;
            foreach (var kind in step.Changes.Where(change => change.Value.Any).Select(change => change.Key))
            {
                await touched.AddAsync(number, kind, cancellationToken);
            }
        }

        return touched;
    }

    /// <summary>Those of a family that are not as they were, by ID.</summary>
    public async IAsyncEnumerable<TouchedRecord> OfAsync(Family family, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!last.TryGetValue(family, out var records))
        {
            yield break;
        }

        foreach (var batch in records.Keys.Order().Chunk(PageSize))
        {
            var before = await roster.GetManyAsync(family, batch, since, cancellationToken);
            var now = await roster.GetManyAsync(family, batch, version, cancellationToken);
            foreach (var id in batch)
            {
                var (old, current) = (before.GetValueOrDefault(id)?.Row, now.GetValueOrDefault(id)?.Row);
                if (old != current)
                {
                    yield return new TouchedRecord(id, old, current, published[records[id]]);
                }
            }
        }
    }

    private async Task AddAsync(int number, Kind kind, CancellationToken cancellationToken)
    {
        ref var records = ref CollectionsMarshal.GetValueRefOrAddDefault(last, Kinds.Of(kind).Family, out _);
        var into = records ??= [];
        RollbookId? after = null;
        while (true)
        {
            var page = await roster.ChangesAsync(number, kind, operation: null, after, PageSize, cancellationToken);
            foreach (var change in page)
            {
                into[change.Id] = number;
            }

            if (page.Count < PageSize)
            {
                return;
            }

            after = page[^1].Id;
        }
    }
}
