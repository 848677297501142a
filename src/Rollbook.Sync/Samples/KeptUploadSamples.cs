using System.Collections.Concurrent;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Samples;

/// <summary>
/// Samples from the last accepted upload. Reading them costs one walk over the collection's index and the few segments they lie in, so they are
/// remembered for as long as a person may be typing, or until the next import.
/// </summary>
public sealed class KeptUploadSamples(TimeProvider time) : ISampleRecords
{
    private const int Most = 100;
    private const int MostRemembered = 64;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string District, string App, Kind Kind), (long Run, DateTimeOffset Until, KindSamples Samples)> memory =
        new();

    /// <inheritdoc/>
    public async Task<KindSamples> ReadAsync(IDistrictStore store, string app, Kind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await store.Uploads.AcceptedAsync(app, cancellationToken) is not { } accepted)
        {
            return KindSamples.None;
        }

        var now = time.GetUtcNow();
        if (memory.TryGetValue((store.District.Id, app, kind), out var known) && known.Run == accepted.Run && known.Until > now)
        {
            return known.Samples;
        }

        Forget(now);
        var samples = await ReadKeptAsync(store.Uploads, app, kind, cancellationToken);
        memory[(store.District.Id, app, kind)] = (accepted.Run, now + Remembered, samples);
        return samples;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, entry) in memory)
        {
            if (entry.Until <= now || memory.Count >= MostRemembered)
            {
                memory.TryRemove(key, out _);
            }
        }
    }

    private static async Task<KindSamples> ReadKeptAsync(IUploadStore uploads, string app, Kind kind, CancellationToken cancellationToken)
    {
        var collection = SourceAttributes.CollectionOf(kind);
        var places = await FindAsync(
            uploads,
            app,
            collection,
            places => places.Count < Most,
            outcome => outcome.Published == kind,
            [],
            cancellationToken
        );
        var records = await FetchAsync(uploads, places, cancellationToken);
        var demographics = new Dictionary<RollbookId, ReadOnlyMemory<byte>>();
        if (collection == Collection.Users && records.Count > 0)
        {
            var parts = await FindAsync(uploads, app, Collection.Demographics, _ => false, _ => true, records.Keys, cancellationToken);
            demographics = await FetchAsync(uploads, parts, cancellationToken);
        }

        return records.Count == 0
            ? KindSamples.None
            : new KindSamples(
                [.. records.Select(record => new SampleRecord(record.Value, demographics.GetValueOrDefault(record.Key)))],
                SourceAttributes.Discover(records.Values),
                SampleOrigin.LastUpload
            );
    }

    /// <summary>Walks over the index, whose newest entry of a key wins, with an eye on few keys.</summary>
    private static async Task<Dictionary<RollbookId, Place>> FindAsync(
        IUploadStore uploads,
        string app,
        Collection collection,
        Func<Dictionary<RollbookId, Place>, bool> wantsMore,
        Func<Outcome, bool> isWanted,
        IReadOnlyCollection<RollbookId> wanted,
        CancellationToken cancellationToken
    )
    {
        var places = wanted.ToDictionary(key => key, _ => Place.Gone);
        await foreach (var segment in uploads.ReadIndexAsync(app, collection, cancellationToken))
        {
            for (var at = 0; at + UploadIndex.EntrySize <= segment.Index.Length; at += UploadIndex.EntrySize)
            {
                var (key, place, outcome) = UploadIndex.ReadEntry(segment.Index.AsSpan(at, UploadIndex.EntrySize));
                if (places.ContainsKey(key) || (place.Segment >= 0 && isWanted(outcome) && wantsMore(places)))
                {
                    places[key] = isWanted(outcome) ? place : Place.Gone;
                }
            }
        }

        return places;
    }

    private static async Task<Dictionary<RollbookId, ReadOnlyMemory<byte>>> FetchAsync(
        IUploadStore uploads,
        Dictionary<RollbookId, Place> places,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<RollbookId, ReadOnlyMemory<byte>>();
        foreach (var group in places.Where(place => place.Value.Segment >= 0).GroupBy(place => place.Value.Segment).OrderBy(group => group.Key))
        {
            // A publication may have rewritten the segment since: then these are not shown.
            if (await uploads.ReadDataAsync(group.Key, cancellationToken) is not { } data)
            {
                continue;
            }

            var unpacked = SegmentFormat.Unpack(data);
            foreach (var (key, place) in group.OrderBy(entry => entry.Value.Ordinal))
            {
                // A copy, since a segment is a quarter of a megabyte and these are remembered.
                found[key] = unpacked[place.Ordinal].ToArray();
            }
        }

        return found;
    }
}
