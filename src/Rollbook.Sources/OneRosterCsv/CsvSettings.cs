using System.Globalization;
using Rollbook.Sources.OneRosterCsv.Packages;
using Rollbook.Sources.OneRosterCsv.Reading;
using Rollbook.Sources.Sftp;

namespace Rollbook.Sources.OneRosterCsv;

/// <summary>The settings of a OneRoster CSV source, as the wizard draws them, read and checked.</summary>
internal sealed class CsvSettings
{
    public const string PathName = "path";
    private const string WatchName = "watch";

    private CsvSettings(SourceSettings settings)
    {
        Path = PathOf(settings);
        Sftp = SftpSettings.IsMeant(settings) ? SftpSettings.Parse(settings) : null;
        Mode = ModeOf(settings);
        IsWatched = IsWatchedBy(settings);
        Limits = LimitsOf(settings);
    }

    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        new(
            PathName,
            "Path",
            "Where the package lies on the Rollbook server: a ZIP file, a folder whose newest ZIP file is taken, or a folder with the CSV files themselves. It is read at each import. Leave it empty to upload packages in the console, or to pull them over SFTP."
        ),
        new(
            WatchName,
            "Watch for packages",
            "Whether an import begins by itself within seconds when another package lies at the Path. Schedule and Run Import go on as well.",
            Choices: ["no", "yes"],
            Default: "no"
        ),
        .. SftpSettings.Definitions(
            "The name of the SFTP server from which the package is pulled at each import. Leave it empty for a package that is uploaded or on this server.",
            "The package on that server: a ZIP file, or a folder whose newest ZIP file is taken."
        ),
        new(
            "mode",
            "Package mode",
            "What is not in a package: auto goes by the package's manifest; bulk takes it for deleted always; delta never.",
            Choices: ["auto", "bulk", "delta"],
            Default: "auto",
            Advanced: true
        ),
        Limit("maxEntries", "Most files in a package", "How many files a package may hold, from 1 to 10000.", DefaultEntries),
        Limit("maxFileSize", "Largest file", "How many megabytes a file of the package may have unpacked, from 1 to 100000.", DefaultFileSize),
        Limit(
            "maxTotalSize",
            "Largest package",
            "How many megabytes all files of the package may have unpacked, from 1 to 100000.",
            DefaultTotalSize
        ),
        Limit(
            "maxRatio",
            "Largest compression",
            "How many times larger a file may be unpacked than packed, from 2 to 10000. What is packed tighter is taken for an attack.",
            DefaultRatio
        ),
    ];

    private const int DefaultEntries = 64;
    private const int DefaultFileSize = 4_096;
    private const int DefaultTotalSize = 8_192;
    private const int DefaultRatio = 200;

    /// <summary>Where the package is on this server; null for the one that is uploaded.</summary>
    public string? Path { get; }

    /// <summary>The server from which the package is pulled; null for none.</summary>
    public SftpSettings? Sftp { get; }

    /// <summary>Whether an import begins when another package lies at the path.</summary>
    public bool IsWatched { get; }

    /// <summary>The mode of every file; null to go by the manifest.</summary>
    public CsvMode? Mode { get; }

    public PackageLimits Limits { get; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SourceException">A setting is missing or wrong; the message names it.</exception>
    public static CsvSettings Parse(SourceSettings settings) => new(settings);

    /// <summary>Looks at each setting on its own.</summary>
    public static IReadOnlyList<SettingFinding> Inspect(SourceSettings settings)
    {
        var found = new List<SettingFinding>();
        Look(PathName, () => PathOf(settings));
        Look(WatchName, () => IsWatchedBy(settings));
        Look("mode", () => ModeOf(settings));
        Look("maxEntries", () => Number(settings, "maxEntries", DefaultEntries, 1, 10_000));
        Look("maxFileSize", () => Number(settings, "maxFileSize", DefaultFileSize, 1, 100_000));
        Look("maxTotalSize", () => Number(settings, "maxTotalSize", DefaultTotalSize, 1, 100_000));
        Look("maxRatio", () => Number(settings, "maxRatio", DefaultRatio, 2, 10_000));
        found.AddRange(SftpSettings.Inspect(settings));
        return found;

        void Look(string name, Func<object?> parse)
        {
            try
            {
                parse();
            }
            catch (SourceException exception)
            {
                found.Add(new SettingFinding(name, exception.Message, Effective: null));
            }
        }
    }

    private static string? PathOf(SourceSettings settings)
    {
        var path = settings[PathName]?.Trim() ?? "";
        if (path.Length == 0)
        {
            return null;
        }

        if (SftpSettings.IsMeant(settings))
        {
            throw Refuse("Both a Path and an SFTP host are entered, so that it can't be told where the package is. Empty one of them.");
        }

        return System.IO.Path.IsPathFullyQualified(path) && !path.Contains('\0', StringComparison.Ordinal)
            ? path
            : throw Refuse("The Path is not a whole one. Enter it from the root of the Rollbook server's disk, such as /srv/rollbook/oneroster.zip.");
    }

    private static bool IsWatchedBy(SourceSettings settings) =>
        settings[WatchName]?.Trim() switch
        {
            null or "" or "no" => false,
            "yes" when string.IsNullOrWhiteSpace(settings[PathName]) => throw Refuse(
                "Only a place on the Rollbook server can be watched. Enter a Path, or set Watch for packages to no and let a Schedule pull them."
            ),
            "yes" => true,
            _ => throw Refuse("Watch for packages is neither yes nor no. Set it to one of them."),
        };

    private static CsvMode? ModeOf(SourceSettings settings) =>
        settings["mode"]?.Trim() switch
        {
            null or "" or "auto" => null,
            "bulk" => CsvMode.Bulk,
            "delta" => CsvMode.Delta,
            _ => throw Refuse("The Package mode is none that there is. Set it to auto, bulk or delta."),
        };

    private static PackageLimits LimitsOf(SourceSettings settings) =>
        new(
            Number(settings, "maxEntries", DefaultEntries, 1, 10_000),
            (long)Number(settings, "maxFileSize", DefaultFileSize, 1, 100_000) << 20,
            (long)Number(settings, "maxTotalSize", DefaultTotalSize, 1, 100_000) << 20,
            Number(settings, "maxRatio", DefaultRatio, 2, 10_000)
        );

    private static int Number(SourceSettings settings, string name, int otherwise, int least, int most)
    {
        if (string.IsNullOrWhiteSpace(settings[name]))
        {
            return otherwise;
        }

        return int.TryParse(settings[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Refuse(
                FormattableString.Invariant(
                    $"{All.First(setting => string.Equals(setting.Name, name, StringComparison.Ordinal)).Label} is not a number from {least} to {most}. Leave it empty for {otherwise}."
                )
            );
    }

    private static SettingDefinition Limit(string name, string label, string hint, int otherwise) =>
        new(name, label, hint, Default: otherwise.ToString(CultureInfo.InvariantCulture), Advanced: true);

    private static SourceException Refuse(string message) => new(SourceFailure.Configuration, CheckPart.Settings, message);
}
