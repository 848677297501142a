namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>Opens the package that lies at a path of this server: a ZIP file, a folder with the newest of several, or a folder with the files themselves.</summary>
internal sealed class LocalPackages(OneRosterCsvOptions options, PackageLimits limits)
{
    /// <summary>Opens it once it is whole.</summary>
    /// <exception cref="SourceException">There is none, it is still being written, or it is not safe to open.</exception>
    public async Task<Package> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            Allow(path);
            if (File.Exists(path))
            {
                return await OpenZipAsync(new FileInfo(path), cancellationToken);
            }

            if (!Directory.Exists(path))
            {
                throw PackageRefusal.NotYet(
                    "There is nothing at the path. Check it in Delivery Config: it is a path of the server that Rollbook runs on, which may not see the drives of your own computer."
                );
            }

            var (files, zips) = Look(path);
            if (files.Count > 0)
            {
                await SettleAsync(() => [.. Look(path).Files], cancellationToken);
                return FolderPackage.Open(path, Look(path).Files, limits);
            }

            return zips.Count > 0
                ? await OpenZipAsync(zips[0], cancellationToken)
                : throw PackageRefusal.NotYet(
                    "The folder has no package in it: no ZIP file and no CSV file. Put one there, or check the path in Delivery Config."
                );
        }
        catch (UnauthorizedAccessException e)
        {
            throw PackageRefusal.Package("Rollbook may not read what is at the path. Ask the operator of Rollbook to give it the right to.", e);
        }
        catch (IOException e)
        {
            throw PackageRefusal.NotYet("What is at the path could not be read. Try again; if it stays so, tell the operator of Rollbook.", e);
        }
    }

    /// <summary>What is there now, so that one sees whether it is another package: names, sizes and times. Null when there is none.</summary>
    public string? Glance(string path)
    {
        try
        {
            Allow(path);
            var (files, zips) = Directory.Exists(path) ? Look(path) : ([], [new FileInfo(path)]);
            var package = files.Count > 0 ? files : zips.Take(1).Where(zip => zip.Exists).ToList();
            return package.Count == 0 ? null : string.Join('\n', package.Select(Describe));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SourceException)
        {
            return null;
        }
    }

    private static string Describe(FileInfo file) => FormattableString.Invariant($"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}");

    private static (IReadOnlyList<FileInfo> Files, IReadOnlyList<FileInfo> Zips) Look(string folder)
    {
        var all = new DirectoryInfo(folder).EnumerateFiles().Where(file => !file.Name.StartsWith('.')).ToList();
        return (
            [
                .. all.Where(file => file.Extension.Equals(".csv", StringComparison.OrdinalIgnoreCase))
                    .OrderBy(file => file.Name, StringComparer.Ordinal),
            ],
            [
                .. all.Where(file => file.Extension.Equals(".zip", StringComparison.OrdinalIgnoreCase))
                    .OrderByDescending(file => file.LastWriteTimeUtc)
                    .ThenByDescending(file => file.Name, StringComparer.Ordinal),
            ]
        );
    }

    private async Task<Package> OpenZipAsync(FileInfo file, CancellationToken cancellationToken)
    {
        await SettleAsync(() => [new FileInfo(file.FullName)], cancellationToken);
        var stream = new FileStream(
            file.FullName,
            new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete }
        );
        return ZipPackage.Open(file.Name, stream, limits);
    }

    /// <summary>Waits until sizes and times have not changed for a while.</summary>
    private async Task SettleAsync(Func<IReadOnlyList<FileInfo>> look, CancellationToken cancellationToken)
    {
        var began = options.Time.GetTimestamp();
        var before = look();
        var newest = before.Count == 0 ? DateTime.MinValue : before.Max(file => file.LastWriteTimeUtc);
        if (options.Time.GetUtcNow().UtcDateTime - newest > options.Settle && newest <= options.Time.GetUtcNow().UtcDateTime)
        {
            return;
        }

        while (true)
        {
            await Task.Delay(options.Settle, options.Time, cancellationToken);
            var now = look();
            if (now.Select(Describe).SequenceEqual(before.Select(Describe), StringComparer.Ordinal))
            {
                return;
            }

            if (options.Time.GetElapsedTime(began) > options.LongestWait)
            {
                throw PackageRefusal.NotYet("The package is still being written. Nothing was read. Run the import again when it is there whole.");
            }

            before = now;
        }
    }

    private void Allow(string path)
    {
        if (options.Folders is not { } folders)
        {
            return;
        }

        var real = Path.GetFullPath(path);
        if (Path.Exists(real) && File.ResolveLinkTarget(real, returnFinalTarget: true) is { } target)
        {
            real = target.FullName;
        }

        if (
            !folders.Any(folder =>
                Path.GetRelativePath(Path.GetFullPath(folder), real) is var below
                && below is not ".."
                && !below.StartsWith("../", StringComparison.Ordinal)
            )
        )
        {
            throw PackageRefusal.Package(
                "Packages may not lie at this path. Choose one below the folders that the operator of Rollbook has opened for packages, or ask the operator to open this one (ROLLBOOK_PACKAGE_FOLDERS)."
            );
        }
    }
}
