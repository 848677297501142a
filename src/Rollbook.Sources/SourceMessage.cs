using Rollbook.Model;

namespace Rollbook.Sources;

/// <summary>What a connector says while it reads.</summary>
public abstract record SourceMessage(Collection Collection)
{
    /// <summary>
    /// Records. The receiver disposes of the batch, which gives its memory back. A key may come again when a collection had to be read anew, or
    /// after a checkpoint; the later record holds.
    /// </summary>
    public sealed record Batch(Collection Collection, RawBatch Records) : SourceMessage(Collection);

    /// <summary>A record that could not be taken.</summary>
    /// <param name="Collection">Its collection.</param>
    /// <param name="SisId">Its ID, if it has one.</param>
    /// <param name="Reason">Why, in words without personal data.</param>
    public sealed record Rejected(Collection Collection, string? SisId, string Reason) : SourceMessage(Collection);

    /// <summary>How far the collection is.</summary>
    /// <param name="Collection">The collection.</param>
    /// <param name="Read">Distinct records read so far.</param>
    /// <param name="Expected">What the source said it has; null when it did not say or is not believed.</param>
    public sealed record Progress(Collection Collection, long Read, long? Expected) : SourceMessage(Collection);

    /// <summary>A place from which the collection can be read on, after everything said so far.</summary>
    public sealed record Checkpoint(Collection Collection, string Token) : SourceMessage(Collection);

    /// <summary>Something the person should know, that does not stop the run: "The SIS answered slowly; pages were halved to 500."</summary>
    public sealed record Notice(Collection Collection, string Text) : SourceMessage(Collection);

    /// <summary>The collection was read whole: what was not in it does not exist.</summary>
    /// <param name="Collection">The collection.</param>
    /// <param name="Read">Distinct records read.</param>
    /// <param name="Expected">The source's own last total; null when it gave none.</param>
    public sealed record Complete(Collection Collection, long Read, long? Expected) : SourceMessage(Collection);

    /// <summary>
    /// The collection can't be had, or not all of it (demographics without a licence, users of some roles only), and may be missing. Batches may
    /// have come before; what is known of it beyond them stays as it is.
    /// </summary>
    public sealed record Unavailable(Collection Collection, string Reason) : SourceMessage(Collection);

    /// <summary>
    /// The source gave only what changed of the collection, and all of that was read: what did not come stays as it is. Ends the collection as
    /// <see cref="Complete"/> does.
    /// </summary>
    /// <param name="Collection">The collection.</param>
    /// <param name="Read">Distinct records read, those marked deleted included.</param>
    public sealed record Changes(Collection Collection, long Read) : SourceMessage(Collection);

    /// <summary>Where the source's files deviate from the rules of their format without being refused for it. Comes before the end of the collection.</summary>
    public sealed record Findings(Collection Collection, IReadOnlyList<FileFinding> Items) : SourceMessage(Collection);
}
