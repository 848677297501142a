using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv.Format;
using Rollbook.Sources.OneRosterCsv.Packages;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>A file of a package that is read.</summary>
/// <param name="File">What it holds.</param>
/// <param name="Entry">Where it is.</param>
/// <param name="Mode">Bulk or delta.</param>
internal sealed record PackageFile(CsvFile File, PackageEntry Entry, CsvMode Mode)
{
    public bool IsBulk => Mode == CsvMode.Bulk;
}

/// <summary>
/// What a package is made of: its files, each bulk or delta, and its version. The manifest is believed as far as the files bear it out; where it says nothing, a file counts
/// as one of changes, from which nothing is concluded about what is missing.
/// </summary>
internal sealed class Contents
{
    private readonly Dictionary<string, PackageFile> files;

    private Contents(Package package, Manifest manifest, Dictionary<string, PackageFile> files, string version)
    {
        (Package, Manifest, this.files, Version) = (package, manifest, files, version);
    }

    public Package Package { get; }

    public Manifest Manifest { get; }

    /// <summary>1.1 or 1.2, as the files have it.</summary>
    public string Version { get; }

    /// <summary>Whether users' roles are in a file of their own.</summary>
    public bool HasRolesApart => Version is "1.2";

    /// <summary>Whether users, or their roles or profiles, came as changes apart from each other.</summary>
    public bool HasUserChanges =>
        HasRolesApart
        && this[CsvFiles.Users] is not { IsBulk: true }
        && (this[CsvFiles.Users] ?? this[CsvFiles.Roles] ?? this[CsvFiles.UserProfiles]) is not null;

    /// <summary>The files that are read.</summary>
    public IReadOnlyCollection<PackageFile> Files => files.Values;

    /// <summary>Whether any of the files is one of changes: then those that are not there are as they were.</summary>
    public bool HasChangesOnly => files.Values.Any(file => !file.IsBulk);

    /// <summary>The file; null when the package has none.</summary>
    public PackageFile? this[CsvFile file] => files.GetValueOrDefault(file.Name);

    /// <summary>Looks at a package: its manifest, its files' names and every header.</summary>
    /// <param name="package">The package; still the caller's to dispose of.</param>
    /// <param name="chosen">The mode that the district chose for all files; null to go by the manifest.</param>
    /// <param name="log">Takes what is otherwise than it should be.</param>
    /// <exception cref="SourceException">It can't be believed.</exception>
    public static Contents Read(Package package, CsvMode? chosen, FindingLog log)
    {
        var manifestEntry = package.Entries.FirstOrDefault(entry => entry.Name.Equals(Manifest.FileName, StringComparison.OrdinalIgnoreCase));
        if (manifestEntry is null)
        {
            log.Add(CsvRules.ManifestMissing, Manifest.FileName);
        }

        var manifest = manifestEntry is null ? Manifest.None : Manifest.Read(package, manifestEntry, log);
        var found = new Dictionary<string, PackageFile>(StringComparer.Ordinal);
        foreach (var entry in package.Entries.Where(entry => entry != manifestEntry))
        {
            if (FileOf(entry, log) is { } file)
            {
                found[file.Name] = new PackageFile(file, entry, ModeOf(file, manifest, manifestEntry is not null, chosen, entry, log));
            }
        }

        foreach (var (name, mode) in manifest.Files)
        {
            if (mode is CsvMode.Bulk or CsvMode.Delta && CsvFiles.Find(name) is { } file && !found.ContainsKey(file.Name))
            {
                throw PackageRefusal.File(
                    $"The manifest says that {file.FileName} is in the package ({(mode == CsvMode.Bulk ? "bulk" : "delta")}), and it is not there. Make the package anew with that file, or mark it absent."
                );
            }
        }

        if (found.Count == 0)
        {
            throw PackageRefusal.File(
                $"{package.Name} has none of the files of a OneRoster roster (orgs.csv, users.csv, enrollments.csv, \u2026). Look at what was exported, and make the package anew."
            );
        }

        var headers = found.Values.ToDictionary(file => file.File.Name, file => HeaderOf(package, file), StringComparer.Ordinal);
        var version = VersionOf(headers, manifest);
        if (manifest.Version is { } said && !said.Equals(version, StringComparison.Ordinal))
        {
            log.Add(CsvRules.ManifestVersion, Manifest.FileName, line: null, "oneroster.version", said);
        }

        if (version is "1.2" && FoundAs(CsvFiles.Users) is CsvMode.Bulk && FoundAs(CsvFiles.Roles) is not CsvMode.Bulk)
        {
            throw PackageRefusal.File(
                "users.csv is bulk, and roles.csv, which says what each user is in OneRoster 1.2, is not. Have both exported whole, and mark both bulk in the manifest."
            );
        }

        return new Contents(package, manifest, found, version);

        CsvMode? FoundAs(CsvFile file) => found.GetValueOrDefault(file.Name)?.Mode;
    }

    private static CsvFile? FileOf(PackageEntry entry, FindingLog log)
    {
        var isCsv = Path.GetExtension(entry.Name).Equals(".csv", StringComparison.OrdinalIgnoreCase);
        var name = Path.GetFileNameWithoutExtension(entry.Name);
        if (isCsv && CsvFiles.Find(name) is { } file)
        {
            if (!entry.Name.Equals(file.FileName, StringComparison.Ordinal))
            {
                log.Add(CsvRules.FileName, entry.Name);
            }

            return file;
        }

        if (!isCsv || !CsvFiles.Others.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            log.Add(CsvRules.FileUnknown, entry.Name.Length <= 60 ? entry.Name : entry.Name[..60]);
        }

        return null;
    }

    private static CsvMode ModeOf(CsvFile file, Manifest manifest, bool hasManifest, CsvMode? chosen, PackageEntry entry, FindingLog log)
    {
        var said = manifest.Files.GetValueOrDefault(file.Name);
        if (hasManifest && said is not (CsvMode.Bulk or CsvMode.Delta))
        {
            log.Add(CsvRules.ManifestUnlisted, entry.Name);
        }

        return chosen ?? (said == CsvMode.Bulk ? CsvMode.Bulk : CsvMode.Delta);
    }

    private static Header HeaderOf(Package package, PackageFile file)
    {
        using var rows = CsvRows.Open(package, file.Entry);
        return rows.Next()
            ? Header.Read(rows, file.File, file.Entry.Name, file.Mode, new FindingLog())
            : throw PackageRefusal.File(
                $"{file.Entry.Name} is empty: it has not even a header. Have it exported anew, or leave it out and mark it absent in the manifest."
            );
    }

    /// <summary>In 1.1 a user's row has the role; in 1.2 there is a file of roles.</summary>
    private static string VersionOf(Dictionary<string, Header> headers, Manifest manifest)
    {
        if (!headers.TryGetValue(CsvFiles.Users.Name, out var users))
        {
            return headers.ContainsKey(CsvFiles.Roles.Name) ? "1.2" : manifest.Version ?? "1.1";
        }

        if (users.Has("role"))
        {
            return users.Has("orgSourcedIds")
                ? "1.1"
                : throw PackageRefusal.File(
                    "users.csv has no column orgSourcedIds, which OneRoster 1.1 requires. Have it exported with that column, or correct its name in the header."
                );
        }

        return headers.ContainsKey(CsvFiles.Roles.Name) || users.Has("primaryOrgSourcedId") || users.Has("userMasterIdentifier")
            ? "1.2"
            : throw PackageRefusal.File(
                "users.csv has no column role, as OneRoster 1.1 requires, and the package has no roles.csv, as 1.2 does. Have it exported with one of them."
            );
    }
}
