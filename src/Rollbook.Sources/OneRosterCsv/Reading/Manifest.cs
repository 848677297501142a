using Rollbook.Sources.OneRosterCsv.Format;
using Rollbook.Sources.OneRosterCsv.Packages;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>What a package has of a file.</summary>
internal enum CsvMode
{
    /// <summary>It is not said.</summary>
    Unsaid,

    /// <summary>There is none.</summary>
    Absent,

    /// <summary>All records: what is not there does not exist.</summary>
    Bulk,

    /// <summary>What changed.</summary>
    Delta,
}

/// <summary>What <c>manifest.csv</c> says (synergy-oneroster.md section 4.2), read with tolerance.</summary>
/// <param name="Version">The OneRoster version that it names; null when it names none that is known.</param>
/// <param name="Files">The mode of each file that it names.</param>
/// <param name="System">The system that made the package, by its own word; null when it does not say.</param>
internal sealed record Manifest(string? Version, IReadOnlyDictionary<string, CsvMode> Files, string? System)
{
    public const string FileName = "manifest.csv";

    private const string FilePrefix = "file.";

    private const int MostRows = 1_000;

    /// <summary>Nothing said.</summary>
    public static Manifest None { get; } = new(null, new Dictionary<string, CsvMode>(StringComparer.OrdinalIgnoreCase), null);

    /// <summary>Reads it.</summary>
    /// <exception cref="SourceException">It can't be read.</exception>
    public static Manifest Read(Package package, PackageEntry entry, FindingLog log)
    {
        var files = new Dictionary<string, CsvMode>(StringComparer.OrdinalIgnoreCase);
        var (version, system, headers, count) = ((string?)null, (string?)null, 0, 0);
        using var rows = CsvRows.Open(package, entry);
        while (rows.Next() && count++ < MostRows)
        {
            if (rows.Count < 2 || !CsvRows.IsSound(rows.Raw(0)) || !CsvRows.IsSound(rows.Raw(1)))
            {
                log.Add(CsvRules.ManifestUnreadable, FileName, rows.Line);
                continue;
            }

            var name = rows.Field(0).Trim().ToString();
            var value = rows.Field(1).Trim().ToString();
            switch (name.ToUpperInvariant())
            {
                case "PROPERTYNAME":
                    if (++headers == 2)
                    {
                        log.Add(CsvRules.ManifestHeaderTwice, FileName, rows.Line);
                    }

                    break;
                case "MANIFEST.VERSION" or "SOURCE.SYSTEMCODE":
                    break;
                case "ONEROSTER.VERSION" when value is "1.1" or "1.2":
                    version = value;
                    break;
                case "SOURCE.SYSTEMNAME":
                    system = value;
                    break;
                case var upper when upper.StartsWith("FILE.", StringComparison.Ordinal) && ModeOf(value) is { } mode:
                    files[name[FilePrefix.Length..]] = mode;
                    break;
                default:
                    log.Add(CsvRules.ManifestUnreadable, FileName, rows.Line, name, value);
                    break;
            }
        }

        return new Manifest(version, files, system);
    }

    private static CsvMode? ModeOf(string word) =>
        word.ToUpperInvariant() switch
        {
            "ABSENT" => CsvMode.Absent,
            "BULK" => CsvMode.Bulk,
            "DELTA" => CsvMode.Delta,
            _ => null,
        };
}
