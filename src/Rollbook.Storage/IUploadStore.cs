using Rollbook.Model;

namespace Rollbook.Storage;

/// <summary>
/// What each source last said, kept as compressed segments of some hundred raw records, each with an index. A run appends
/// segments; they count once the run is accepted (see <see cref="IRosterStore.PublishAsync"/>), and are thrown away otherwise. The newest
/// entry of a key wins; an entry without a place is a removal. So an upload costs what changed, and can be replayed. Whoever replays one holds the
/// app's lock: a publication may drop segments that it has rewritten.
/// </summary>
public interface IUploadStore
{
    /// <summary>With which derivation the app's kept upload was last accepted; null before the first acceptance.</summary>
    Task<AcceptedUpload?> AcceptedAsync(string app, CancellationToken cancellationToken);

    /// <summary>The indexes of the accepted segments of a collection, oldest first.</summary>
    IAsyncEnumerable<SegmentIndex> ReadIndexAsync(string app, Collection collection, CancellationToken cancellationToken);

    /// <summary>The indexes of the segments of a collection that a run appended, whether they count or not, oldest first.</summary>
    IAsyncEnumerable<SegmentIndex> ReadIndexAsync(long run, Collection collection, CancellationToken cancellationToken);

    /// <summary>The numbers of the accepted segments of a collection, newest first.</summary>
    Task<IReadOnlyList<int>> SegmentsAsync(string app, Collection collection, CancellationToken cancellationToken);

    /// <summary>The index of a segment, accepted or of a running run; null when there is none.</summary>
    Task<byte[]?> ReadIndexAsync(int segment, CancellationToken cancellationToken);

    /// <summary>Which run appended a segment; null when there is none.</summary>
    Task<SegmentOrigin?> OriginAsync(int segment, CancellationToken cancellationToken);

    /// <summary>Takes so many segment numbers of the district in a row, which are never used again, and returns the first.</summary>
    Task<int> NextSegmentsAsync(int count, CancellationToken cancellationToken);

    /// <summary>Keeps segments for a run; they don't count yet. Data may be empty (an index of moved or removed entries).</summary>
    Task AppendAsync(string app, long run, Collection collection, IReadOnlyList<Segment> segments, CancellationToken cancellationToken);

    /// <summary>The compressed data of a segment, accepted or of a running run; null when there is none.</summary>
    Task<byte[]?> ReadDataAsync(int segment, CancellationToken cancellationToken);

    /// <summary>Throws away what a run appended and what did not come to count. Harmless when repeated.</summary>
    Task DiscardAsync(long run, CancellationToken cancellationToken);

    /// <summary>Throws away what a run that waits for a person appended with numbers below <paramref name="below"/>, once it has been read once more.</summary>
    Task DiscardAsync(long run, int below, CancellationToken cancellationToken);

    /// <summary>
    /// The same for all runs that have ended, and forgets the change sets of those: a program may have died between a run's end and this. What waits for a person is spared.
    /// </summary>
    Task DiscardEndedAsync(CancellationToken cancellationToken);

    /// <summary>References that the last accepted upload could not resolve, towards any of <paramref name="targets"/>: who has them.</summary>
    Task<IReadOnlyList<UnresolvedReference>> UnresolvedAsync(
        string app,
        IReadOnlyCollection<RollbookId> targets,
        CancellationToken cancellationToken
    );
}

/// <summary>The app's last accepted upload.</summary>
/// <param name="Run">The run that was last accepted.</param>
/// <param name="Derivation">Fingerprint of the part of the configuration that the derivation depends on; another one means deriving everything again.</param>
public sealed record AcceptedUpload(long Run, string Derivation);

/// <summary>A segment as it is written. <paramref name="Number"/> comes from <see cref="IUploadStore.NextSegmentsAsync"/>.</summary>
public sealed record Segment(int Number, int Records, ReadOnlyMemory<byte> Index, ReadOnlyMemory<byte> Data);

/// <summary>The index of a segment.</summary>
public sealed record SegmentIndex(int Number, int Records, byte[] Index);

/// <summary>Which run appended a segment.</summary>
/// <param name="Run">The run.</param>
/// <param name="IsFirst">Whether it brought the segment's records itself; otherwise it may have been one before it, whose records it wrote anew.</param>
public sealed record SegmentOrigin(long Run, bool IsFirst);

/// <summary>A reference that leads nowhere (yet).</summary>
/// <param name="Collection">The collection of the record that has it.</param>
/// <param name="From">The record that has it.</param>
/// <param name="Target">The record that is missing.</param>
/// <param name="Required">Whether <paramref name="From"/> can't stand without it.</param>
public readonly record struct UnresolvedReference(Collection Collection, RollbookId From, RollbookId Target, bool Required);
