using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>A package that is a ZIP file, as OneRoster has it. Its directory is read and judged before any file is opened.</summary>
internal sealed class ZipPackage : Package
{
    private readonly ZipArchive archive;
    private readonly PackageLimits limits;
    private readonly Dictionary<string, ZipArchiveEntry> byName = new(StringComparer.Ordinal);

    private ZipPackage(string name, ZipArchive archive, PackageLimits limits)
    {
        (Name, this.archive, this.limits) = (name, archive, limits);
        var hash = new XxHash128();
        var entries = new List<PackageEntry>();
        foreach (var entry in archive.Entries.Where(entry => !EntryNames.IsNoData(entry.FullName)))
        {
            byName[entry.FullName] = entry;
            entries.Add(new PackageEntry(entry.FullName, entry.Length));
            hash.Append(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{entry.FullName}\n{entry.Length}\n{entry.Crc32}\n")));
        }

        Entries = entries;
        Fingerprint = Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<PackageEntry> Entries { get; }

    /// <inheritdoc/>
    public override string Fingerprint { get; }

    /// <summary>Opens one.</summary>
    /// <param name="name">As messages name it.</param>
    /// <param name="stream">The file; disposed of with the package, and when this throws.</param>
    /// <param name="limits">How much it may hold.</param>
    /// <exception cref="SourceException">It is not whole, or not safe to open.</exception>
    public static ZipPackage Open(string name, Stream stream, PackageLimits limits)
    {
        ZipArchive? zip = null;
        try
        {
            zip = new ZipArchive(stream, ZipArchiveMode.Read);
            Check(name, zip, stream.Length, limits);
            return new ZipPackage(name, zip, limits);
        }
        catch (InvalidDataException e)
        {
            Close();
            throw PackageRefusal.Package(
                $"{name} is no whole ZIP file: its directory, which stands at the end, can't be read. It may have been cut off on its way. Send it again.",
                e
            );
        }
        catch
        {
            Close();
            throw;
        }

        void Close()
        {
            zip?.Dispose();
            stream.Dispose();
        }
    }

    /// <inheritdoc/>
    public override Stream Open(PackageEntry entry)
    {
        var zipped = byName[entry.Name];
        Stream stream;
        try
        {
            stream = zipped.Open();
        }
        catch (InvalidDataException e)
        {
            throw PackageRefusal.Package(
                $"{entry.Name} in the package can't be unpacked. Make the package anew, with the usual ZIP compression (deflate).",
                e
            );
        }

        var most = Math.Min(limits.EntryBytes, Math.Max(PackageLimits.RatioMatters, zipped.CompressedLength * limits.Ratio));
        return new CheckedStream(
            stream,
            entry.Name,
            Math.Min(most, entry.Length),
            () =>
                PackageRefusal.Package(
                    $"{entry.Name} unpacks to more than the package says it has. Such a package is not read. Make it anew with the usual ZIP program."
                ),
            (length, crc) =>
            {
                if (length != entry.Length || crc != zipped.Crc32)
                {
                    throw PackageRefusal.Package(
                        $"{entry.Name} in the package is damaged: its checksum is not the one that the package has. Make the package anew and send it again."
                    );
                }
            }
        );
    }

    /// <inheritdoc/>
    protected override void Dispose(bool isDisposing)
    {
        if (isDisposing)
        {
            archive.Dispose();
        }
    }

    private static void Check(string name, ZipArchive archive, long length, PackageLimits limits)
    {
        if (archive.Entries.Count > limits.Entries)
        {
            throw PackageRefusal.Package(
                FormattableString.Invariant(
                    $"{name} has {archive.Entries.Count:N0} entries; the limit is {limits.Entries:N0}. A OneRoster package has about twenty. Look at what was zipped; the limit is in Advanced Settings."
                )
            );
        }

        var data = archive.Entries.Where(entry => !EntryNames.IsNoData(entry.FullName)).ToList();
        EntryNames.Check([.. data.Select(entry => entry.FullName)]);
        if (data.Count == 0)
        {
            throw PackageRefusal.Package($"{name} is empty. Make the package anew, with the files of OneRoster in it.");
        }

        long packed = 0;
        long total = 0;
        foreach (var entry in archive.Entries)
        {
            packed += entry.CompressedLength;
            total += entry.Length;
            if (entry.IsEncrypted)
            {
                throw PackageRefusal.Package($"{entry.Name} in the package is encrypted. Make the package without a password.");
            }

            if (entry.Length > limits.EntryBytes)
            {
                throw PackageRefusal.Package(
                    $"{entry.Name} in the package has {Megabytes(entry.Length)} unpacked; the limit is {Megabytes(limits.EntryBytes)}. If that is right, raise the limit in Advanced Settings."
                );
            }

            if (entry.Length > PackageLimits.RatioMatters && entry.Length / Math.Max(1, entry.CompressedLength) > limits.Ratio)
            {
                throw PackageRefusal.Package(
                    FormattableString.Invariant(
                        $"{entry.Name} in the package unpacks to {entry.Length / Math.Max(1, entry.CompressedLength):N0} times its size; the limit is {limits.Ratio:N0}. Files of a roster do not. If that is right, raise the limit in Advanced Settings."
                    )
                );
            }
        }

        if (total > limits.TotalBytes)
        {
            throw PackageRefusal.Package(
                $"{name} has {Megabytes(total)} unpacked; the limit is {Megabytes(limits.TotalBytes)}. If that is right, raise the limit in Advanced Settings."
            );
        }

        if (packed > length)
        {
            throw PackageRefusal.Package(
                $"The entries of {name} overlap: together they are larger than the file. Such a package is not opened. Make it anew with the usual ZIP program."
            );
        }
    }
}
