using System.Net.Sockets;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.OneRosterCsv.Packages;

namespace Rollbook.Sources.OneRosterCsv.Sftp;

/// <summary>A connection to an SFTP server that has shown the key by which it is known. Without a key that is configured, nothing is sent by which one signs in.</summary>
internal sealed class SftpConnection : IDisposable
{
    private readonly SftpClient client;
    private readonly SftpSettings settings;
    private readonly OneRosterCsvOptions options;

    private SftpConnection(SftpClient client, SftpSettings settings, OneRosterCsvOptions options)
    {
        (this.client, this.settings, this.options) = (client, settings, options);
    }

    /// <summary>Connects and signs in.</summary>
    /// <exception cref="SourceException">It can't; the part says where it failed.</exception>
    public static async Task<SftpConnection> OpenAsync(SftpSettings settings, OneRosterCsvOptions options, CancellationToken cancellationToken)
    {
        var address = await ResolveAsync(settings, options, cancellationToken);
        var opened = new SftpClient(
            new ConnectionInfo(address, settings.Port, settings.User, [.. Methods(settings)]) { Timeout = options.SftpTimeout }
        )
        {
            OperationTimeout = options.SftpTimeout,
        };
        (string Print, string Name)? shown = null;
        opened.HostKeyReceived += (_, key) =>
        {
            shown = (SftpSettings.Fingerprint(key.HostKey), key.HostKeyName);
            key.CanTrust = settings.HostKeys.Contains(shown.Value.Print, StringComparer.Ordinal);
        };
        try
        {
            await opened.ConnectAsync(cancellationToken).WaitAsync(cancellationToken);
            return new SftpConnection(opened, settings, options);
        }
        catch (Exception exception)
        {
            opened.Dispose();
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw Explain(exception, settings, shown);
        }
    }

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
                await client.DownloadFileAsync(file.FullName, local, cancellationToken).WaitAsync(cancellationToken);
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
            throw Explain(exception, settings, shown: null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static async Task<string> ResolveAsync(SftpSettings settings, OneRosterCsvOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await new AddressGuard(options.AllowPrivateNetworks).ResolveAsync(settings.Host, cancellationToken);
            return addresses.OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First().ToString();
        }
        catch (SocketException exception)
        {
            throw new SourceException(
                SourceFailure.Configuration,
                CheckPart.Host,
                $"The name {settings.Host} does not resolve. Check the spelling of the SFTP host, and that this server can resolve names.",
                exception
            );
        }
    }

    private static IEnumerable<AuthenticationMethod> Methods(SftpSettings settings)
    {
        if (settings.PrivateKey is { } key)
        {
            PrivateKeyFile file;
            try
            {
                using var stream = new MemoryStream(Encoding.ASCII.GetBytes(key));
                file = new PrivateKeyFile(stream, settings.Passphrase);
            }
            catch (Exception exception)
                when (exception is SshException or InvalidOperationException or NotSupportedException or ArgumentException or FormatException)
            {
                // What is wrong is not repeated: it may be a part of the key.
                throw new SourceException(
                    SourceFailure.Configuration,
                    CheckPart.Credentials,
                    "The SFTP private key can't be read, or its passphrase is another. Paste the key whole, and enter its passphrase if it has one."
                );
            }

            yield return new PrivateKeyAuthenticationMethod(settings.User, file);
        }

        if (settings.Password is { } password)
        {
            yield return new PasswordAuthenticationMethod(settings.User, password);
        }
    }

    private static SourceException Explain(Exception exception, SftpSettings settings, (string Print, string Name)? shown)
    {
        if (shown is { } key && !settings.HostKeys.Contains(key.Print, StringComparer.Ordinal))
        {
            return new SourceException(
                SourceFailure.Configuration,
                CheckPart.HostKey,
                settings.HostKeys.Count == 0
                    ? $"No SFTP host key is entered yet. The server shows {key.Print} ({key.Name}). Compare it with what whoever runs the server tells you, then enter it as SFTP host key."
                    : $"The server shows another key than the one that is entered: {key.Print} ({key.Name}). It may have been set up anew, or someone stands between. Nothing was sent to it. Ask whoever runs the server; enter this one only if they confirm it.",
                exception
            );
        }

        return exception switch
        {
            SshAuthenticationException or SshPassPhraseNullOrEmptyException => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Credentials,
                $"The SFTP server does not let {settings.User} in with what is entered. Enter the user, and the password or the private key, anew.",
                exception
            ),
            SftpPathNotFoundException => PackageRefusal.NotYet(
                "There is nothing at the SFTP path. Check it in Delivery Config; it begins with / or in the user's own folder.",
                exception
            ),
            SftpPermissionDeniedException => PackageRefusal.Package(
                "The SFTP server does not let this user read what is at the SFTP path. Ask whoever runs the server.",
                exception
            ),
            _ => new SourceException(
                SourceFailure.Transient,
                CheckPart.Connection,
                $"The connection to the SFTP server {settings.Host} on port {settings.Port} failed or broke off. Check host and port, and that firewalls let this server through; then try again.",
                exception
            ),
        };
    }

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
        var found = await client.GetAsync(settings.Path, cancellationToken).WaitAsync(cancellationToken);
        if (!found.IsDirectory)
        {
            return found;
        }

        ISftpFile? newest = null;
        await foreach (var file in client.ListDirectoryAsync(settings.Path, cancellationToken))
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
