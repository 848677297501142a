using System.Buffers;

namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>The packages that people uploaded, one an app, and those for its rehearsals. A package is looked at beside the one before, and takes its place in one step.</summary>
internal sealed class UploadedPackages(OneRosterCsvOptions options)
{
    private const string Unfinished = ".part";
    private const string Rehearsals = ".rehearsal-";

    // Longer than any rehearsal takes: older ones are of programs that were killed.
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    /// <summary>Where an app's package is, or would be.</summary>
    public string PathOf(SourceOwner owner) =>
        Path.Combine(
            FolderOf(owner),
            owner.Rehearsal is { } rehearsal ? $"{Plain(owner.App)}{Rehearsals}{Plain(rehearsal)}.zip" : $"{Plain(owner.App)}.zip"
        );

    public KeptPackage? Find(SourceOwner owner)
    {
        var file = new FileInfo(PathOf(owner));
        return file.Exists ? new KeptPackage(new DateTimeOffset(file.LastWriteTimeUtc), file.Length) : null;
    }

    /// <summary>Takes a package in.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="package">Its bytes.</param>
    /// <param name="most">How many they may be.</param>
    /// <param name="look">Looks at the file and throws when it is not to be kept.</param>
    /// <param name="cancellationToken">Stops it; then nothing is kept.</param>
    /// <exception cref="SourceException">It is not kept.</exception>
    public async Task<KeptPackage> ReceiveAsync(
        SourceOwner owner,
        Stream package,
        long most,
        Func<string, Task> look,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(FolderOf(owner));
        RemoveRehearsals(owner, options.Time.GetUtcNow() - Forgotten);
        var part = Path.Combine(FolderOf(owner), $"{owner.App}-{Guid.CreateVersion7(options.Time.GetUtcNow()):N}{Unfinished}");
        try
        {
            await CopyAsync(package, part, most, cancellationToken);
            await look(part);
            File.Move(part, PathOf(owner), overwrite: true);
            return Find(owner)!;
        }
        catch (IOException e)
        {
            throw PackageRefusal.NotYet(
                "The package could not be kept: its upload broke off, or the disk of the Rollbook server is full. Upload it again; if it stays so, tell the operator.",
                e
            );
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Removes the package of a rehearsal, or that of an app and all of its rehearsals.</summary>
    public void Remove(SourceOwner owner)
    {
        if (Directory.Exists(FolderOf(owner)))
        {
            File.Delete(PathOf(owner));
            if (owner.Rehearsal is null)
            {
                RemoveRehearsals(owner, DateTimeOffset.MaxValue);
            }
        }
    }

    private void RemoveRehearsals(SourceOwner owner, DateTimeOffset before)
    {
        foreach (var file in new DirectoryInfo(FolderOf(owner)).EnumerateFiles($"{Plain(owner.App)}{Rehearsals}*.zip"))
        {
            if (file.LastWriteTimeUtc < before.UtcDateTime)
            {
                file.Delete();
            }
        }
    }

    private string FolderOf(SourceOwner owner) => Path.Combine(options.UploadFolder, Plain(owner.District));

    /// <summary>A short name as it is; anything else is no name of a district or an app, and might lead elsewhere.</summary>
    private static string Plain(string name) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            ? name
            : throw new ArgumentException("Not a short name.", nameof(name));

    private static async Task CopyAsync(Stream from, string path, long most, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        try
        {
            await using var to = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            long length = 0;
            while (await from.ReadAsync(buffer, cancellationToken) is var got and > 0)
            {
                length += got;
                if (length > most)
                {
                    throw PackageRefusal.Package(
                        FormattableString.Invariant(
                            $"The package has more than {most >> 20:N0} MB, which is the limit for what it may have unpacked. If it is right, raise the limit in Advanced Settings."
                        )
                    );
                }

                await to.WriteAsync(buffer.AsMemory(0, got), cancellationToken);
            }

            to.Flush(flushToDisk: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
