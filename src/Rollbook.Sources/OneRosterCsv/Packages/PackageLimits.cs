namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>How much a package may hold, so that a small file can't fill this server (synergy-oneroster.md section 4.1).</summary>
/// <param name="Entries">Files in it.</param>
/// <param name="EntryBytes">Bytes of one file, unpacked.</param>
/// <param name="TotalBytes">Bytes of all files, unpacked.</param>
/// <param name="Ratio">How many times larger a file may be unpacked than packed.</param>
internal sealed record PackageLimits(int Entries, long EntryBytes, long TotalBytes, int Ratio)
{
    /// <summary>Below so many bytes a ratio says nothing.</summary>
    public const long RatioMatters = 1 << 20;
}
