using System.Globalization;
using Rollbook.Sharing.Csv;
using Rollbook.Sources;
using Rollbook.Sources.Sftp;
using Rollbook.Sync.Deliver;

namespace Rollbook.Sharing.Exports;

/// <summary>The settings of a OneRoster CSV export, as the set-up draws them, read and checked.</summary>
internal sealed class ExportSettings
{
    private const string VersionName = "version";
    private const string ModeName = "mode";
    private const string PathName = "path";
    private const string Bulk = "bulk";
    private const string Delta = "delta";

    /// <summary>Stands in a name for the roster's version.</summary>
    private const string VersionMark = "{version}";

    private ExportSettings(SourceSettings settings)
    {
        Format = FormatOf(settings);
        SendsChanges = IsDelta(settings);
        Path = PathOf(settings);
        Sftp = SftpSettings.IsMeant(settings) ? SftpSettings.Parse(settings) : null;
        CheckSftpPath(settings);
    }

    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        new(
            VersionName,
            "OneRoster version",
            "The version of OneRoster CSV that whoever takes the packages reads.",
            Choices: ["1.1", "1.2"],
            Default: "1.1"
        ),
        new(
            ModeName,
            "Package mode",
            "bulk: every package has everything. delta: the first one has, and each one after it what changed since the one before, with what is gone marked tobedeleted.",
            Choices: [Bulk, Delta],
            Default: Bulk
        ),
        new(
            PathName,
            "Path",
            "Where the package is put on the Rollbook server: a ZIP file in the folder that the operator has opened for this district. {version} in its name stands for the roster's version. Leave it empty to push packages over SFTP, or to download them here."
        ),
        .. SftpSettings.Definitions(
            "The name of the SFTP server to which packages are pushed. Leave it empty for packages that are put on this server, or downloaded here.",
            "The package on that server: a ZIP file in a folder that is there. {version} in its name stands for the roster's version."
        ),
        WaitFor.Definition,
    ];

    public CsvFormat Format { get; }

    /// <summary>Whether the packages are deltas, once there was a first one.</summary>
    public bool SendsChanges { get; }

    /// <summary>Where packages are put on this server; null for nowhere.</summary>
    public string? Path { get; }

    /// <summary>Where packages are pushed; null for nowhere.</summary>
    public SftpSettings? Sftp { get; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SourceException">One is missing or wrong; the message names it.</exception>
    public static ExportSettings Parse(SourceSettings settings) => new(settings);

    /// <summary>Looks at each setting on its own.</summary>
    public static IReadOnlyList<SettingFinding> Inspect(SourceSettings settings)
    {
        var found = new List<SettingFinding>();
        Look(VersionName, () => FormatOf(settings));
        Look(ModeName, () => IsDelta(settings));
        Look(PathName, () => PathOf(settings));
        found.AddRange(SftpSettings.Inspect(settings));
        if (!found.Exists(finding => finding.Name is SftpSettings.PathName))
        {
            Look(SftpSettings.PathName, () => CheckSftpPath(settings));
        }

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

    /// <summary>The format, whatever else is wrong with the settings.</summary>
    /// <exception cref="SourceException">It is none that there is.</exception>
    public static CsvFormat FormatOf(SourceSettings settings) =>
        settings[VersionName]?.Trim() is not { Length: > 0 } word
            ? CsvFormat.OneRoster11
            : CsvFormats.Find(word) ?? throw Refuse("The OneRoster version is none that can be written. Set it to 1.1 or 1.2.");

    /// <summary>Whether the packages are deltas, whatever else is wrong with the settings.</summary>
    public static bool IsDelta(SourceSettings settings) =>
        settings[ModeName]?.Trim() switch
        {
            null or "" or Bulk => false,
            Delta => true,
            _ => throw Refuse("The Package mode is none that there is. Set it to bulk or delta."),
        };

    /// <summary>Where it goes, in one line; see <see cref="IExporter.TargetOf"/>.</summary>
    public static string TargetOf(SourceSettings settings)
    {
        var format = settings[VersionName]?.Trim() is { Length: > 0 } version ? version : CsvFormat.OneRoster11.Number();
        return (SftpSettings.IsMeant(settings), settings[PathName]?.Trim()) switch
        {
            (true, _) =>
                $"{format} sftp {settings[SftpSettings.HostName]?.Trim()}:{settings["sftp.port"]?.Trim()} {settings[SftpSettings.PathName]?.Trim()}",
            (_, { Length: > 0 } path) => $"{format} {path}",
            _ => $"{format} download",
        };
    }

    /// <summary>A path with the roster's version in its name.</summary>
    public static string Named(string path, int version) =>
        path.Replace(VersionMark, version.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string? PathOf(SourceSettings settings)
    {
        var path = settings[PathName]?.Trim() ?? "";
        if (path.Length == 0)
        {
            return null;
        }

        if (SftpSettings.IsMeant(settings))
        {
            throw Refuse(
                "Both a Path and an SFTP host are entered. Empty one of them: an app delivers to one place; activate a second one for the other."
            );
        }

        if (!System.IO.Path.IsPathFullyQualified(path) || path.Any(char.IsControl))
        {
            throw Refuse(
                "The Path is not a whole one. Enter it from the root of the Rollbook server's disk, such as /srv/exports/riverside/roster.zip."
            );
        }

        return CheckName("Path", path, settings);
    }

    private static string? CheckSftpPath(SourceSettings settings) =>
        SftpSettings.IsMeant(settings) && settings[SftpSettings.PathName]?.Trim() is { Length: > 0 } path
            ? CheckName("SFTP path", path, settings)
            : null;

    /// <summary>A delta has a name of its own, so that none takes the place of one that nobody has fetched yet.</summary>
    private static string CheckName(string label, string path, SourceSettings settings)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (!name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) || name.StartsWith('.'))
        {
            throw Refuse($"The {label} does not end in the name of a ZIP file. Add one, such as roster.zip.");
        }

        if (path[..^name.Length].Contains(VersionMark, StringComparison.Ordinal))
        {
            throw Refuse($"The {label} has {VersionMark} in the name of a folder. Put it into the name of the ZIP file.");
        }

        return settings[ModeName]?.Trim() is not Delta || name.Contains(VersionMark, StringComparison.Ordinal)
            ? path
            : throw Refuse(
                $"The {label} gives every delta the same name, so that one would take the place of another that nobody has fetched yet. Put {VersionMark} into the name, such as roster-{VersionMark}.zip."
            );
    }

    private static SourceException Refuse(string message) => new(SourceFailure.Configuration, CheckPart.Settings, message);
}
