using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Read;

/// <summary>
/// One collection of an app's kept upload during a run: its index in memory, the raw records in the store. What the run adds is appended to the
/// store as it goes and counts once the run is accepted.
/// </summary>
public sealed class KeptUpload : IAsyncDisposable
{
    private const int SegmentBytes = 256 << 10;
    private const int SegmentRecords = 2_000;
    private const int SegmentsAtOnce = 8;
    private const int IndexOnlyRecords = 20_000;
    private const int MostNumbersAtOnce = 256;

    // Rewriting copies each live record once for each change since the last time, so its cost stays with the changes.
    private const int MostEntriesForOne = 2;
    private const int AlwaysAllowed = 1_000;

    private readonly IUploadStore store;
    private readonly string app;
    private readonly long run;
    private readonly Collection collection;
    private readonly SegmentPacker packer = new();
    private readonly List<RollbookId> openKeys = [];
    private readonly List<int> openEnds = [];
    private readonly List<ClosedSegment> closed = [];
    private readonly HashSet<RollbookId> touched = [];
    private byte[] open = new byte[SegmentBytes + (64 << 10)];
    private int openLength;
    private int openNumber = -1;
    private int nextNumber;
    private int numbersLeft;
    private int numbersAtOnce = 1;
    private Task appending = Task.CompletedTask;
    private long stored;

    private KeptUpload(IUploadStore store, string app, long run, Collection collection, UploadIndex index, long stored)
    {
        (this.store, this.app, this.run, this.collection, Index, this.stored) = (store, app, run, collection, index, stored);
    }

    /// <summary>The index.</summary>
    public UploadIndex Index { get; private set; }

    /// <summary>Loads the accepted index of a collection.</summary>
    public static async Task<KeptUpload> LoadAsync(
        IUploadStore store,
        string app,
        long run,
        Collection collection,
        CancellationToken cancellationToken
    )
    {
        var index = new UploadIndex();
        long entries = 0;
        await foreach (var segment in store.ReadIndexAsync(app, collection, cancellationToken))
        {
            index.Load(segment.Index);
            entries += segment.Index.Length / UploadIndex.EntrySize;
        }

        return new KeptUpload(store, app, run, collection, index, entries);
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
            openNumber = await TakeNumberAsync(cancellationToken);
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
            stored += keys.Length;
            closed.Add(new ClosedSegment(await TakeNumberAsync(cancellationToken), keys.Length, WriteIndex(keys), Plain: null));
        }

        touched.Clear();
        await AppendAsync(cancellationToken);
        await appending;
    }

    /// <summary>
    /// Once most stored entries are of the past, appends the live records anew: the segments numbered below the answer are then not needed any more, as
    /// soon as the run is accepted. Null when it is not worth it and need not be. Everything must be written out.
    /// </summary>
    public async Task<int?> RewriteAsync(bool always, CancellationToken cancellationToken)
    {
        if (!always && stored <= (MostEntriesForOne * (long)Index.Live) + AlwaysAllowed)
        {
            return null;
        }

        var below = await TakeNumberAsync(cancellationToken);
        stored = 0;
        var slots = Index.Slots().ToArray();
        Array.Sort(Array.ConvertAll(slots, slot => ((long)Index.PlaceAt(slot).Segment << 16) | Index.PlaceAt(slot).Ordinal), slots);
        var (number, segment) = (-1, default(UnpackedSegment));
        foreach (var slot in slots)
        {
            var place = Index.PlaceAt(slot);
            if (segment is null || place.Segment != number)
            {
                (number, segment) = (place.Segment, await UnpackAsync(place.Segment, cancellationToken));
            }

            // The key is there, so the table does not grow and slots stay what they are.
            var now = await KeepAsync(Index.KeyAt(slot), segment[place.Ordinal], cancellationToken);
            Index.Set(Index.KeyAt(slot), Index.HashAt(slot), now, Index.OutcomeAt(slot));
        }

        await CloseSegmentAsync(cancellationToken);
        await AppendAsync(cancellationToken);
        await appending;
        return below;
    }

    /// <summary>Fetches raw records, wherever they lie, a segment at a time; a key that the index lacks is passed over.</summary>
    public async IAsyncEnumerable<(RollbookId Key, ReadOnlyMemory<byte> Json)> FetchAsync(
        IEnumerable<RollbookId> keys,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await CloseSegmentAsync(cancellationToken);
        await AppendAsync(cancellationToken);
        await appending;
        var places = keys.Select(Index.Find).Where(slot => slot >= 0).Select(slot => (Key: Index.KeyAt(slot), Place: Index.PlaceAt(slot)));
        foreach (var group in places.GroupBy(entry => entry.Place.Segment).OrderBy(group => group.Key).ToList())
        {
            var segment = await UnpackAsync(group.Key, cancellationToken);
            foreach (var (key, place) in group.OrderBy(entry => entry.Place.Ordinal))
            {
                yield return (key, segment[place.Ordinal]);
            }
        }
    }

    /// <summary>Lets the index go; the outcome is in the store. Waits for what is being written, so that nothing of a failed run is written after its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await appending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        packer.Dispose();
        Index = new UploadIndex();
    }

    private async Task<UnpackedSegment> UnpackAsync(int number, CancellationToken cancellationToken) =>
        SegmentFormat.Unpack(
            await store.ReadDataAsync(number, cancellationToken)
                ?? throw new InvalidDataException($"Segment {number} of the kept upload of {app} is missing.")
        );

    private async Task CloseSegmentAsync(CancellationToken cancellationToken)
    {
        if (openNumber < 0)
        {
            return;
        }

        stored += openKeys.Count;
        closed.Add(new ClosedSegment(openNumber, openKeys.Count, WriteIndex(openKeys), SegmentFormat.Join(openEnds, open.AsSpan(0, openLength))));
        openKeys.Clear();
        openEnds.Clear();
        openLength = 0;
        openNumber = -1;
        if (closed.Count >= SegmentsAtOnce)
        {
            await AppendAsync(cancellationToken);
        }
    }

    /// <summary>Has the closed segments packed and written while the run goes on; what was handed over before must have been written.</summary>
    private async Task AppendAsync(CancellationToken cancellationToken)
    {
        await appending;
        if (closed.Count > 0)
        {
            var segments = closed.ToArray();
            closed.Clear();
            appending = Task.Run(
                () => store.AppendAsync(app, run, collection, [.. segments.Select(segment => segment.Pack(packer))], cancellationToken),
                CancellationToken.None
            );
        }
    }

    /// <summary>Numbers are taken some at a time, since each taking is a transaction; those left over are lost.</summary>
    private async Task<int> TakeNumberAsync(CancellationToken cancellationToken)
    {
        if (numbersLeft == 0)
        {
            nextNumber = await store.NextSegmentsAsync(numbersAtOnce, cancellationToken);
            numbersLeft = numbersAtOnce;
            numbersAtOnce = Math.Min(numbersAtOnce * 2, MostNumbersAtOnce);
        }

        numbersLeft--;
        return nextNumber++;
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

    /// <summary>A segment that takes no more records, not yet packed; without records of its own when <paramref name="Plain"/> is null.</summary>
    private sealed record ClosedSegment(int Number, int Records, byte[] Index, ArraySegment<byte>? Plain)
    {
        internal Segment Pack(SegmentPacker packer) =>
            new(Number, Records, Index, Plain is { } plain ? packer.Pack(plain) : ReadOnlyMemory<byte>.Empty);
    }
}
