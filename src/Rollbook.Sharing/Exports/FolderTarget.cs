using Rollbook.Sources;

namespace Rollbook.Sharing.Exports;

/// <summary>A place for packages on this server.</summary>
/// <param name="path">The whole path of the package.</param>
/// <param name="owner">Whose it is; null when that is not known, and then nothing is allowed.</param>
/// <param name="options">The folders that are open.</param>
internal sealed class FolderTarget(string path, SourceOwner? owner, ExportOptions options)
{
    /// <summary>The package may be read by the group of its folder, to whom the operator gives whoever fetches it; it is full of personal data.</summary>
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private string Folder => Path.GetDirectoryName(path)!;

    /// <summary>Puts a package there: beside its place first, onto the disk, then in one step into it.</summary>
    /// <exception cref="SourceException">It can't; what was there is there still.</exception>
    public async Task PutAsync(Stream package, CancellationToken cancellationToken)
    {
        try
        {
            Allow();
            await using (var file = Open())
            {
                package.Position = 0;
                await package.CopyToAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(Unfinished, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception);
        }
    }

    /// <summary>Finds out whether a package can be put there, by writing and removing an empty file.</summary>
    /// <exception cref="SourceException">It can't.</exception>
    public async Task TryAsync()
    {
        try
        {
            Allow();
            await Open().DisposeAsync();
            File.Delete(Unfinished);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception);
        }
    }

    private string Unfinished => Path.Combine(Folder, PartName(owner!));

    /// <summary>The name of a package that is not whole yet: one an app, so that what a killed program left is written over.</summary>
    internal static string PartName(SourceOwner owner) => $".{owner.District}-{owner.App}.part";

    private FileStream Open()
    {
        Directory.CreateDirectory(Folder);

        // What is left there may be readable for others, or a link: nothing is written into it.
        File.Delete(Unfinished);
        var how = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = Mode;
        }

        return new FileStream(Unfinished, how);
    }

    private void Allow()
    {
        if (
            owner is null
            || !options.Folders.Any(folder =>
                IsBelow(RealPath.Of(Path.Combine(Path.GetFullPath(folder), owner.District)), RealPath.Of(Path.GetFullPath(Folder)))
            )
        )
        {
            var district = owner?.District ?? "the district";
            throw new SourceException(
                SourceFailure.Configuration,
                CheckPart.Package,
                $"Packages may not be put at this path. Choose one in the folder {district} below a folder that the operator of Rollbook has opened for exports, or ask the operator to open one (ROLLBOOK_EXPORT_FOLDERS)."
            );
        }
    }

    private static bool IsBelow(string folder, string path) =>
        string.Equals(folder, path, StringComparison.Ordinal) || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static SourceException Explain(Exception exception) =>
        exception is UnauthorizedAccessException
            ? new SourceException(
                SourceFailure.Configuration,
                CheckPart.Package,
                "Rollbook may not write at the path. Ask the operator of Rollbook to give it the right to.",
                exception
            )
            : new SourceException(
                SourceFailure.Transient,
                CheckPart.Package,
                "The package could not be written at the path: the disk may be full, or a folder in the path is a file. What was there is there still. It is tried again; if it stays so, tell the operator of Rollbook.",
                exception
            );
}

/// <summary>Where a path leads once every link in it is followed.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>The path without links; what of it does not exist stays as it is written.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        var links = 0;
        return Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), ref links);
    }

    private static string Follow(string path, ref int links)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var here = Path.Combine(Follow(parent, ref links), Path.GetFileName(path));
        if (new FileInfo(here).LinkTarget is not { } target)
        {
            return here;
        }

        return ++links > MostLinks
            ? throw new IOException("Links lead in a circle.")
            : Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(target, Path.GetDirectoryName(here)!)), ref links);
    }
}
