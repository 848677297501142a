namespace Rollbook.Sync.Compare;

/// <summary>
/// Reads spools of moderate size by ID, in memory. What it needs for one it uses again for the next: a first import of a million students would otherwise
/// leave gigabytes to the collector.
/// </summary>
internal sealed class SortedEntries
{
    private readonly List<SpoolEntry> entries = [];
    private byte[] buffer = [];

    /// <summary>All entries of a spool, valid until the next call.</summary>
    internal List<SpoolEntry> Of(SpoolFile file)
    {
        entries.Clear();
        for (var rest = file.ReadWhole(ref buffer); !rest.IsEmpty; )
        {
            entries.Add(SpoolFile.Parse(rest, out var next));
            rest = rest[next..];
        }

        entries.Sort((left, right) => left.Id.CompareTo(right.Id));
        return entries;
    }
}
