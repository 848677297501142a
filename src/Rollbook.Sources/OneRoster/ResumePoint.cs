using System.Globalization;
using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>A checkpoint: how far a collection was read, and the last record there, by which one sees whether the source has moved since.</summary>
/// <param name="Offset">The rows received.</param>
/// <param name="Read">The distinct records read.</param>
/// <param name="LastKey">The key of the last record.</param>
internal sealed record ResumePoint(long Offset, long Read, RollbookId LastKey)
{
    /// <summary>How many rows are read again, so that a few records gone from the source meanwhile do no harm.</summary>
    public const int Overlap = 100;

    /// <summary>Where to start.</summary>
    public long Start => Math.Max(0, Offset - Overlap);

    public string ToToken() => string.Create(CultureInfo.InvariantCulture, $"1/{Offset}/{Read}/{LastKey}");

    /// <summary>Null for a token of another version or of something else: the collection then starts at the beginning.</summary>
    public static ResumePoint? Parse(string? token) =>
        token?.Split('/') is ["1", var offset, var read, var key]
        && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var rows)
        && long.TryParse(read, NumberStyles.None, CultureInfo.InvariantCulture, out var records)
        && RollbookId.TryParse(key, out var last)
            ? new ResumePoint(rows, records, last)
            : null;
}
