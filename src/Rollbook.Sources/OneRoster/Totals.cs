namespace Rollbook.Sources.OneRoster;

/// <summary>What the source says of how many records there are, as long as it does not contradict itself.</summary>
internal sealed class Totals
{
    private long? first;
    private bool contradicts;

    /// <summary>Takes note of a page's total.</summary>
    public void See(long? total)
    {
        first ??= total;
        contradicts |= total is not null && total != first;
    }

    /// <summary>The total; null when there is none, when it changed, or when more was read than it says.</summary>
    public long? Believed(long read) => contradicts || first < read ? null : first;
}
