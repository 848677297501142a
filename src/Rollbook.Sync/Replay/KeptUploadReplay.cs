using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Replay;

/// <summary>
/// An app's last accepted upload as a source: an import from it derives the roster anew without asking the SIS (architecture.md section 1).
/// </summary>
public static class KeptUploadReplay
{
    /// <summary>Reads the kept upload, collection by collection; a collection of which nothing is kept counts as unavailable.</summary>
    /// <param name="store">The uploads.</param>
    /// <param name="app">The app.</param>
    /// <param name="ids">Derives keys.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="run">A run that waits for a person: what it appended counts as if it had been accepted. Null for what was accepted alone.</param>
    /// <param name="isOfRun">Which of the segments that it appended count, by number; null for all.</param>
    /// <param name="isRead">Which collections are read; of the others nothing is said. Null for all.</param>
    public static async IAsyncEnumerable<SourceMessage> ReadAsync(
        IUploadStore store,
        string app,
        IdScopes ids,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        long? run = null,
        Func<int, bool>? isOfRun = null,
        Func<Collection, bool>? isRead = null
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(ids);
        foreach (var collection in Collections.InOrder.Where(collection => isRead?.Invoke(collection) != false))
        {
            // The index goes before the first batch: whoever takes the batches has one of its own.
            var places = await PlacesAsync(store, app, run, isOfRun, collection, cancellationToken);
            if (places.Count == 0 && run is null)
            {
                yield return new SourceMessage.Unavailable(collection, $"Nothing of {Collections.NameOf(collection)} is kept.");
                continue;
            }

            var scope = ids[Collections.FamilyOf(collection)];
            for (var read = 0; read < places.Count; )
            {
                var segment = SegmentOf(places[read]);
                var end = read;
                while (end < places.Count && SegmentOf(places[end]) == segment)
                {
                    end++;
                }

                var data =
                    await store.ReadDataAsync(segment, cancellationToken)
                    ?? throw new InvalidDataException($"Segment {segment} of the kept upload of {app} is missing.");
                RawBatch batch;
                using (var unpacked = SegmentFormat.Unpack(data))
                {
                    batch = Batch(unpacked, CollectionsMarshal.AsSpan(places)[read..end], scope);
                }

                read = end;
                yield return new SourceMessage.Batch(collection, batch);
                yield return new SourceMessage.Progress(collection, read, places.Count);
            }

            yield return new SourceMessage.Complete(collection, places.Count, places.Count);
        }
    }

    /// <summary>Where the live records lie, in the order of writing: segment above, ordinal in the lowest 16 bits.</summary>
    private static async Task<List<long>> PlacesAsync(
        IUploadStore store,
        string app,
        long? run,
        Func<int, bool>? isOfRun,
        Collection collection,
        CancellationToken cancellationToken
    )
    {
        await using var kept = await KeptUpload.LoadAsync(store, app, run: 0, collection, cancellationToken);
        if (run is { } waiting)
        {
            await OverlayAsync(store, waiting, isOfRun, collection, kept.Index, cancellationToken);
        }

        var places = new List<long>(kept.Index.Live);

        // A school that stays only for its mapping's sake is not what the source says.
        var slots = kept.Index.Slots().Where(slot => kept.Index.OutcomeAt(slot).State != OutcomeState.Retained);
        places.AddRange(slots.Select(kept.Index.PlaceAt).Select(place => ((long)place.Segment << 16) | place.Ordinal));
        places.Sort();
        return places;
    }

    /// <summary>Takes a run's own segments into the index. What it only noted anew of records that were kept before may have been moved since, and keeps its place.</summary>
    private static async Task OverlayAsync(
        IUploadStore store,
        long run,
        Func<int, bool>? isOfRun,
        Collection collection,
        UploadIndex index,
        CancellationToken cancellationToken
    )
    {
        var segments = new List<SegmentIndex>();
        await foreach (var segment in store.ReadIndexAsync(run, collection, cancellationToken))
        {
            if (isOfRun?.Invoke(segment.Number) != false)
            {
                segments.Add(segment);
            }
        }

        var own = segments.Select(segment => segment.Number).ToHashSet();
        foreach (var segment in segments)
        {
            for (var at = 0; at < segment.Index.Length; at += UploadIndex.EntrySize)
            {
                var entry = segment.Index.AsSpan(at, UploadIndex.EntrySize);
                var (key, place, outcome) = UploadIndex.ReadEntry(entry);
                if (place.Segment >= 0 && !own.Contains(place.Segment) && index.Find(key) is >= 0 and var slot)
                {
                    index.SetOutcome(slot, outcome);
                }
                else
                {
                    index.Load(entry);
                }
            }
        }
    }

    private static int SegmentOf(long place) => (int)(place >> 16);

    private static RawBatch Batch(UnpackedSegment segment, ReadOnlySpan<long> places, IdScope scope)
    {
        var length = 0;
        foreach (var place in places)
        {
            length += segment[(ushort)place].Length;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var records = ArrayPool<RawRecord>.Shared.Rent(places.Length);
        var end = 0;
        for (var i = 0; i < places.Length; i++)
        {
            var json = segment[(ushort)places[i]].Span;
            json.CopyTo(buffer.AsSpan(end));
            records[i] = new RawRecord(RollbookId.Derive(scope, SourcedId.Of(json)), XxHash128.HashToUInt128(json), end, json.Length, Deleted: false);
            end += json.Length;
        }

        return new RawBatch(buffer, records, places.Length);
    }
}
