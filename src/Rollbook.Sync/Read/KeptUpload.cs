using Rollbook.Model;
using Rollbook.Storage;
using ZstdSharp;

namespace Rollbook.Sync.Read;

/// <summary>
/// One collection of an app's kept upload during a run: its index in memory, the raw records in the store. What the run adds is appended to the
/// store as it goes and counts once the run is accepted.
/// </summary>
public sealed class KeptUpload : IDisposable
{
    private const int SegmentBytes = 256 << 10;
    private const int SegmentRecords = 2_000;
    private const int SegmentsAtOnce = 8;
    private const int IndexOnlyRecords = 20_000;

    private readonly IUploadStore store;
    private readonly string app;
    private readonly long run;
    private readonly Collection collection;
    private readonly Compressor compressor = new(1);
    private readonly List<RollbookId> openKeys = [];
    private readonly List<int> openEnds = [];
    private readonly List<Segment> closed = [];
    private readonly HashSet<RollbookId> touched = [];
    private byte[] open = new byte[SegmentBytes + (64 << 10)];
    private int openLength;
    private int openNumber = -1;

    private KeptUpload(IUploadStore store, string app, long run, Collection collection, UploadIndex index)
    {
        (this.store, this.app, this.run, this.collection, Index) = (store, app, run, collection, index);
    }

    /// <summary>The index.</summary>
    public UploadIndex Index { get; private set; }

    /// <summary>Loads the accepted index of a collection.</summary>
    public static async Task<KeptUpload> LoadAsync(IUploadStore store, string app, long run, Collection collection, CancellationToken cancellationToken)
    {
        var index = new UploadIndex();
        await foreach (var segment in store.ReadIndexAsync(app, collection, cancellationToken))
        {
            index.Load(segment.Index);
        }

        return new KeptUpload(store, app, run, collection, index);
    }

    /// <summary>
    /// Keeps a raw record and returns its place. The caller enters it into the index before the next call, since that may close the segment.
    /// </summary>
    public async ValueTask<Place> KeepAsync(RollbookId key, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (openNumber >= 0 && (openLength + json.Length > SegmentBytes || openKeys.Count == SegmentRecords))
        {
            await CloseSegmentAsync(cancellationToken);
        }

        if (openNumber < 0)
        {
            openNumber = await store.NextSegmentAsync(cancellationToken);
        }

        if (openLength + json.Length > open.Length)
        {
            Array.Resize(ref open, openLength + json.Length);
        }

        json.Span.CopyTo(open.AsSpan(openLength));
        openLength += json.Length;
        openKeys.Add(key);
        openEnds.Add(openLength);
        return new Place(openNumber, (ushort)(openKeys.Count - 1));
    }

    /// <summary>Notes that an entry changed without a new raw record: it is gone, or something else became of it.</summary>
    public void Touch(RollbookId key) => touched.Add(key);

    /// <summary>Writes out everything that is not yet in the store.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await CloseSegmentAsync(cancellationToken);
        foreach (var keys in touched.Chunk(IndexOnlyRecords))
        {
            closed.Add(new Segment(await store.NextSegmentAsync(cancellationToken), keys.Length, WriteIndex(keys), ReadOnlyMemory<byte>.Empty));
        }

        touched.Clear();
        await AppendAsync(cancellationToken);
    }

    /// <summary>Fetches raw records, wherever they lie, a segment at a time; a key that the index lacks is passed over.</summary>
    public async IAsyncEnumerable<(RollbookId Key, ReadOnlyMemory<byte> Json)> FetchAsync(
        IEnumerable<RollbookId> keys, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CloseSegmentAsync(cancellationToken);
        await AppendAsync(cancellationToken);
        var places = keys.Select(Index.Find).Where(slot => slot >= 0).Select(slot => (Key: Index.KeyAt(slot), Place: Index.PlaceAt(slot)));
        foreach (var group in places.GroupBy(entry => entry.Place.Segment).OrderBy(group => group.Key).ToList())
        {
            var data = await store.ReadDataAsync(group.Key, cancellationToken)
                ?? throw new InvalidDataException($"Segment {group.Key} of the kept upload of {app} is missing.");
            var segment = SegmentFormat.Unpack(data);
            foreach (var (key, place) in group.OrderBy(entry => entry.Place.Ordinal))
            {
                yield return (key, segment[place.Ordinal]);
            }
        }
    }

    /// <summary>Lets the index go; the outcome is in the store.</summary>
    public void Dispose()
    {
        compressor.Dispose();
        Index = new UploadIndex();
    }

    private async Task CloseSegmentAsync(CancellationToken cancellationToken)
    {
        if (openNumber < 0)
        {
            return;
        }

        var data = SegmentFormat.Pack(compressor, openEnds, open.AsSpan(0, openLength));
        closed.Add(new Segment(openNumber, openKeys.Count, WriteIndex(openKeys), data));
        openKeys.Clear();
        openEnds.Clear();
        openLength = 0;
        openNumber = -1;
        if (closed.Count >= SegmentsAtOnce)
        {
            await AppendAsync(cancellationToken);
        }
    }

    private async Task AppendAsync(CancellationToken cancellationToken)
    {
        if (closed.Count > 0)
        {
            await store.AppendAsync(app, run, collection, closed, cancellationToken);
            closed.Clear();
        }
    }

    private byte[] WriteIndex(IReadOnlyList<RollbookId> keys)
    {
        var bytes = new byte[keys.Count * UploadIndex.EntrySize];
        for (var i = 0; i < keys.Count; i++)
        {
            Index.WriteEntry(keys[i], bytes.AsSpan(i * UploadIndex.EntrySize));
        }

        return bytes;
    }
}
