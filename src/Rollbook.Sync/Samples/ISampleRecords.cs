using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Samples;

/// <summary>Some records of a source as it sent them, for a person to look at while setting up. Personal data: never logged, kept in memory for minutes.</summary>
public interface ISampleRecords
{
    /// <summary>Samples of a kind; none when nothing of it is known yet.</summary>
    Task<KindSamples> ReadAsync(IDistrictStore store, string app, Kind kind, CancellationToken cancellationToken);
}

/// <summary>Samples of one kind of an app's records.</summary>
/// <param name="Records">The records, at most about a hundred.</param>
/// <param name="Attributes">
/// The source attributes with a value that were met in them, nested ones dotted, in ordinal order: <c>metadata.counselor</c>. Those of demographics are not among them.
/// </param>
/// <param name="From">Where they are from.</param>
public sealed record KindSamples(IReadOnlyList<SampleRecord> Records, IReadOnlyList<string> Attributes, SampleOrigin From)
{
    /// <summary>Nothing is known of the source's records.</summary>
    public static KindSamples None { get; } = new([], [], SampleOrigin.Nowhere);
}

/// <summary>A record as the source sent it.</summary>
/// <param name="Json">Its JSON.</param>
/// <param name="Demographics">The JSON of the demographics that complete it; empty for none.</param>
public sealed record SampleRecord(ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Demographics);

/// <summary>Where samples are from.</summary>
public enum SampleOrigin
{
    /// <summary>There are none.</summary>
    Nowhere,

    /// <summary>The last upload that was accepted.</summary>
    LastUpload,

    /// <summary>A few records that were read before the first import.</summary>
    Survey,
}
