using System.IO.Hashing;
using System.Text;

namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>A package that lies unpacked in a folder. Each file must be, when it has been read, what it was when the package was opened.</summary>
internal sealed class FolderPackage : Package
{
    private readonly string folder;
    private readonly Dictionary<string, (long Length, DateTime Written)> found = new(StringComparer.Ordinal);

    private FolderPackage(string folder, IReadOnlyList<FileInfo> files)
    {
        this.folder = folder;
        var hash = new XxHash128();
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            found[file.Name] = (file.Length, file.LastWriteTimeUtc);
            hash.Append(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{file.Name}\n{file.Length}\n{file.LastWriteTimeUtc.Ticks}\n")));
        }

        Entries = [.. found.Select(file => new PackageEntry(file.Key, file.Value.Length))];
        Fingerprint = Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <inheritdoc/>
    public override string Name => "The folder";

    /// <inheritdoc/>
    public override IReadOnlyList<PackageEntry> Entries { get; }

    /// <inheritdoc/>
    public override string Fingerprint { get; }

    /// <summary>Takes the CSV files of a folder; what lies in folders below it, or is no CSV, is none of it.</summary>
    /// <exception cref="SourceException">They are more than the limits let pass.</exception>
    public static FolderPackage Open(string folder, IReadOnlyList<FileInfo> files, PackageLimits limits)
    {
        EntryNames.Check([.. files.Select(file => file.Name)]);
        if (files.Count > limits.Entries)
        {
            throw PackageRefusal.Package(
                FormattableString.Invariant(
                    $"The folder has {files.Count:N0} CSV files; the limit is {limits.Entries:N0}. Leave only those of the package there; the limit is in Advanced Settings."
                )
            );
        }

        if (files.Sum(file => file.Length) is var total && total > limits.TotalBytes)
        {
            throw PackageRefusal.Package(
                $"The files in the folder have {Megabytes(total)}; the limit is {Megabytes(limits.TotalBytes)}. If that is right, raise the limit in Advanced Settings."
            );
        }

        if (files.FirstOrDefault(file => file.Length > limits.EntryBytes) is { } large)
        {
            throw PackageRefusal.Package(
                $"{large.Name} has {Megabytes(large.Length)}; the limit is {Megabytes(limits.EntryBytes)}. If that is right, raise the limit in Advanced Settings."
            );
        }

        return new FolderPackage(folder, files);
    }

    /// <inheritdoc/>
    public override Stream Open(PackageEntry entry)
    {
        var path = Path.Combine(folder, entry.Name);
        try
        {
            var stream = new FileStream(
                path,
                new FileStreamOptions
                {
                    Access = FileAccess.Read,
                    Share = FileShare.ReadWrite | FileShare.Delete,
                    Options = FileOptions.SequentialScan,
                }
            );
            return new CheckedStream(stream, entry.Name, entry.Length, Changed, (length, _) => AtEnd(length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PackageRefusal.NotYet(
                $"{entry.Name} in the folder can't be read. See that Rollbook may read it, and that nobody is writing it.",
                e
            );
        }

        SourceException Changed() =>
            PackageRefusal.NotYet($"{entry.Name} was changed while it was read. Let the package be written to its end, then run the import again.");

        void AtEnd(long length)
        {
            var now = new FileInfo(path);
            if (length != entry.Length || !now.Exists || (now.Length, now.LastWriteTimeUtc) != found[entry.Name])
            {
                throw Changed();
            }
        }
    }
}
