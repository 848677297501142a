using Rollbook.Sources.Sftp;

namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>Opens the package that an app's settings lead to: at a path of this server, on an SFTP server, or the one that was uploaded last.</summary>
internal static class PackageSource
{
    /// <summary>Opens it once it is whole; whoever asked disposes of it.</summary>
    /// <exception cref="SourceException">There is none, it is not whole, or it is not safe to open.</exception>
    public static async Task<Package> OpenAsync(
        SourceSettings given,
        CsvSettings settings,
        OneRosterCsvOptions options,
        CancellationToken cancellationToken
    )
    {
        // What is handed over for a rehearsal is read whatever the settings name.
        var isRehearsal = given.Owner is { Rehearsal: not null };
        if (!isRehearsal && settings.Path is { } path)
        {
            return await new LocalPackages(options, settings.Limits).OpenAsync(path, cancellationToken);
        }

        if (!isRehearsal && settings.Sftp is { } server)
        {
            using var connection = await SftpConnection.OpenAsync(server, options.Sftp, cancellationToken);
            return await new SftpPackages(connection, server, options).PullAsync(settings.Limits, cancellationToken);
        }

        var uploaded = given.Owner is { } owner ? new UploadedPackages(options).PathOf(owner) : null;
        return uploaded is not null && File.Exists(uploaded)
            ? OpenUploaded(uploaded, settings.Limits)
            : throw PackageRefusal.Package(
                "No package was uploaded yet. Upload one in Delivery Config, or enter a Path or an SFTP host there from which it is taken."
            );
    }

    /// <summary>Opens an uploaded one, which is whole since it lies under its name.</summary>
    public static Package OpenUploaded(string path, PackageLimits limits) =>
        ZipPackage.Open(
            "The package",
            new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete }),
            limits
        );
}
