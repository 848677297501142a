using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Lineage;

/// <summary>
/// Finds single raw records in the accepted uploads. Their keys are hashes, so the first four bytes of each tell in which segment a key is, but for a rare mistake; these
/// bytes are kept in memory, four a record, and a segment never changes. So the first look at a collection reads its indexes once, and another one a segment.
/// </summary>
public sealed class KeptRecords
{
    /// <summary>Four bytes each: the records of about two districts of a million students.</summary>
    private const long MostRemembered = 32_000_000;

    private readonly ConcurrentDictionary<(string District, string App, Collection Collection), Marks> remembered = new();

    /// <summary>Where some records of a collection lie and what became of them; one that the upload does not have is not among them.</summary>
    internal async Task<Dictionary<RollbookId, KeptRecord>> FindAsync(
        IDistrictStore store,
        string app,
        Collection collection,
        IReadOnlyCollection<RollbookId> keys,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<RollbookId, KeptRecord>();
        if (keys.Count == 0)
        {
            return found;
        }

        var marks = await MarksAsync(store, app, collection, cancellationToken);
        foreach (var key in keys.Distinct())
        {
            if (await FindAsync(store.Uploads, marks, key, cancellationToken) is { } record)
            {
                found[key] = record;
            }
        }

        return found;
    }

    /// <summary>A raw record; null when a publication has rewritten its segment since it was found.</summary>
    internal static async Task<byte[]?> ReadAsync(IUploadStore uploads, Place place, CancellationToken cancellationToken) =>
        await uploads.ReadDataAsync(place.Segment, cancellationToken) is { } data ? SegmentFormat.Unpack(data)[place.Ordinal].ToArray() : null;

    private static async Task<KeptRecord?> FindAsync(IUploadStore uploads, Marks marks, RollbookId key, CancellationToken cancellationToken)
    {
        var mark = MarkOf(key.ToByteArray());
        foreach (var segment in marks.Segments)
        {
            if (!marks.Of[segment].AsSpan().Contains(mark) || await uploads.ReadIndexAsync(segment, cancellationToken) is not { } index)
            {
                continue;
            }

            // Newest first: the last entry of the key counts.
            for (var at = index.Length - UploadIndex.EntrySize; at >= 0; at -= UploadIndex.EntrySize)
            {
                var entry = index.AsSpan(at, UploadIndex.EntrySize);
                if (MarkOf(entry) == mark && UploadIndex.ReadEntry(entry) is var (found, place, outcome) && found == key)
                {
                    return place.Segment < 0 ? null : new KeptRecord(place, outcome);
                }
            }
        }

        return null;
    }

    private async Task<Marks> MarksAsync(IDistrictStore store, string app, Collection collection, CancellationToken cancellationToken)
    {
        var segments = await store.Uploads.SegmentsAsync(app, collection, cancellationToken);
        var name = (store.District.Id, app, collection);
        if (remembered.TryGetValue(name, out var current) && current.Segments.SequenceEqual(segments))
        {
            return current;
        }

        var known = current?.Of;
        var of = segments.Where(segment => known?.ContainsKey(segment) == true).ToDictionary(segment => segment, segment => known![segment]);
        var missing = segments.Count - of.Count;
        if (missing > segments.Count / 2)
        {
            await foreach (var segment in store.Uploads.ReadIndexAsync(app, collection, cancellationToken))
            {
                of[segment.Number] = MarksOf(segment.Index);
            }
        }
        else
        {
            foreach (var segment in segments.Where(segment => !of.ContainsKey(segment)))
            {
                of[segment] = MarksOf(await store.Uploads.ReadIndexAsync(segment, cancellationToken) ?? []);
            }
        }

        var marks = new Marks([.. segments.Where(of.ContainsKey)], of);
        remembered[name] = marks;
        Forget(name);
        return marks;
    }

    private void Forget((string, string, Collection) newest)
    {
        var sum = remembered.Sum(each => each.Value.Count);
        foreach (var (name, marks) in remembered)
        {
            if (sum > MostRemembered && name != newest && remembered.TryRemove(name, out _))
            {
                sum -= marks.Count;
            }
        }
    }

    private static uint[] MarksOf(byte[] index)
    {
        var marks = new uint[index.Length / UploadIndex.EntrySize];
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] = MarkOf(index.AsSpan(i * UploadIndex.EntrySize));
        }

        return marks;
    }

    private static uint MarkOf(ReadOnlySpan<byte> key) => MemoryMarshal.Read<uint>(key);

    /// <summary>The first four bytes of the keys, by segment.</summary>
    private sealed record Marks(IReadOnlyList<int> Segments, Dictionary<int, uint[]> Of)
    {
        internal long Count { get; } = Of.Sum(segment => (long)segment.Value.Length);
    }
}

/// <summary>Where a raw record lies, and what became of it.</summary>
internal sealed record KeptRecord(Place Place, Outcome Outcome);
