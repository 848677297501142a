using System.Net.Sockets;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;
using Rollbook.Sources.Sftp;

namespace Rollbook.Sources.OneRosterCsv.Packages;

/// <summary>Pulls the package that lies on an SFTP server: a ZIP file, or the newest one of a folder.</summary>
internal sealed class SftpPackages(SftpConnection connection, SftpSettings settings, OneRosterCsvOptions options)
{
    /// <summary>Pulls the package, once it is whole there, into a file that is gone with it.</summary>
    /// <exception cref="SourceException">There is none, it is still being written, or the line broke.</exception>
    public async Task<Package> PullAsync(PackageLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var file = await SettledAsync(cancellationToken);
            if (file.Length > limits.TotalBytes)
            {
                throw PackageRefusal.Package(
                    FormattableString.Invariant(
                        $"{file.Name} on the SFTP server has {file.Length >> 20:N0} MB; the limit is {limits.TotalBytes >> 20:N0} MB. If that is right, raise the limit in Advanced Settings."
                    )
                );
            }

            var local = Temporary();
            try
            {
                await connection.Client.DownloadFileAsync(file.FullName, local, cancellationToken).WaitAsync(cancellationToken);
                if (local.Length != file.Length)
                {
                    throw PackageRefusal.NotYet(
                        "The package changed while it was pulled from the SFTP server. Run the import again when it is there whole."
                    );
                }
            }
            catch
            {
                await local.DisposeAsync();
                throw;
            }

            local.Position = 0;
            return ZipPackage.Open(file.Name, local, limits);
        }
        catch (Exception exception) when (exception is SshException or SocketException or ObjectDisposedException or IOException)
        {
            throw ExplainPull(exception);
        }
    }

    private SourceException ExplainPull(Exception exception) =>
        exception switch
        {
            SftpPathNotFoundException => PackageRefusal.NotYet(
                "There is nothing at the SFTP path. Check it in Delivery Config; it begins with / or in the user's own folder.",
                exception
            ),
            SftpPermissionDeniedException => PackageRefusal.Package(
                "The SFTP server does not let this user read what is at the SFTP path. Ask whoever runs the server.",
                exception
            ),
            _ => connection.Explain(exception),
        };

    /// <summary>Looks until size and time of the package are the same twice.</summary>
    private async Task<ISftpFile> SettledAsync(CancellationToken cancellationToken)
    {
        var began = options.Time.GetTimestamp();
        for (var before = await FindAsync(cancellationToken); ; )
        {
            await Task.Delay(options.Settle, options.Time, cancellationToken);
            var now = await FindAsync(cancellationToken);
            if (
                now.Length == before.Length
                && now.LastWriteTimeUtc == before.LastWriteTimeUtc
                && now.FullName.Equals(before.FullName, StringComparison.Ordinal)
            )
            {
                return now;
            }

            if (options.Time.GetElapsedTime(began) > options.LongestWait)
            {
                throw PackageRefusal.NotYet(
                    "The package on the SFTP server is still being written. Nothing was read. Run the import again when it is there whole."
                );
            }

            before = now;
        }
    }

    private async Task<ISftpFile> FindAsync(CancellationToken cancellationToken)
    {
        var found = await connection.Client.GetAsync(settings.Path, cancellationToken).WaitAsync(cancellationToken);
        if (!found.IsDirectory)
        {
            return found;
        }

        ISftpFile? newest = null;
        await foreach (var file in connection.Client.ListDirectoryAsync(settings.Path, cancellationToken))
        {
            if (
                file.IsRegularFile
                && file.Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)
                && !file.Name.StartsWith('.')
                && (newest is null || (file.LastWriteTimeUtc, file.Name).CompareTo((newest.LastWriteTimeUtc, newest.Name)) > 0)
            )
            {
                newest = file;
            }
        }

        return newest
            ?? throw PackageRefusal.NotYet(
                "The folder at the SFTP path has no ZIP file in it. Put the package there as a ZIP file, or check the path in Delivery Config."
            );
    }

    /// <summary>A file that nobody finds, and that is gone once it is closed, also when this program is killed.</summary>
    private FileStream Temporary()
    {
        Directory.CreateDirectory(options.UploadFolder);
        var path = Path.Combine(options.UploadFolder, $"sftp-{Guid.CreateVersion7(options.Time.GetUtcNow()):N}.part");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 128 << 10, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return file;
    }
}
