using System.Buffers;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
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
    public static async IAsyncEnumerable<SourceMessage> ReadAsync(
        IUploadStore store,
        string app,
        IdScopes ids,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(ids);
        foreach (var collection in Collections.InOrder)
        {
            await using var kept = await KeptUpload.LoadAsync(store, app, run: 0, collection, cancellationToken);
            var index = kept.Index;
            if (index.Live == 0)
            {
                yield return new SourceMessage.Unavailable(collection, $"Nothing of {Collections.NameOf(collection)} is kept.");
                continue;
            }

            var scope = ids[Collections.FamilyOf(collection)];
            long read = 0;
            foreach (var (segment, ordinals) in PlacesOf(index))
            {
                var data =
                    await store.ReadDataAsync(segment, cancellationToken)
                    ?? throw new InvalidDataException($"Segment {segment} of the kept upload of {app} is missing.");
                var batch = Batch(SegmentFormat.Unpack(data), ordinals, scope);
                read += batch.Records.Count;
                yield return new SourceMessage.Batch(collection, batch);
                yield return new SourceMessage.Progress(collection, read, index.Live);
            }

            yield return new SourceMessage.Complete(collection, read, index.Live);
        }
    }

    private static IEnumerable<(int Segment, List<ushort> Ordinals)> PlacesOf(UploadIndex index)
    {
        var places = new List<Place>(index.Live);
        places.AddRange(index.Slots().Select(index.PlaceAt));
        return places
            .GroupBy(place => place.Segment)
            .OrderBy(group => group.Key)
            .Select(group => (group.Key, group.Select(place => place.Ordinal).Order().ToList()));
    }

    private static RawBatch Batch(UnpackedSegment segment, List<ushort> ordinals, IdScope scope)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ordinals.Sum(ordinal => segment[ordinal].Length));
        var records = new RawRecord[ordinals.Count];
        var end = 0;
        for (var i = 0; i < records.Length; i++)
        {
            var json = segment[ordinals[i]].Span;
            json.CopyTo(buffer.AsSpan(end));
            records[i] = new RawRecord(RollbookId.Derive(scope, SourcedId.Of(json)), XxHash128.HashToUInt128(json), end, json.Length, Deleted: false);
            end += json.Length;
        }

        return new RawBatch(buffer, records);
    }
}
