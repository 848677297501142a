using System.Net.Sockets;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.Sftp;

/// <summary>A connection to an SFTP server that has shown the key by which it is known. Without a key that is configured, nothing is sent by which one signs in.</summary>
public sealed class SftpConnection : IDisposable
{
    private readonly SftpClient client;
    private readonly SftpSettings settings;

    private SftpConnection(SftpClient client, SftpSettings settings) => (this.client, this.settings) = (client, settings);

    /// <summary>What speaks with the server.</summary>
    internal SftpClient Client => client;

    /// <summary>Connects and signs in.</summary>
    /// <exception cref="SourceException">It can't; the part says where it failed.</exception>
    public static async Task<SftpConnection> OpenAsync(SftpSettings settings, SftpOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(options);
        var address = await ResolveAsync(settings, options, cancellationToken);
        var opened = new SftpClient(new ConnectionInfo(address, settings.Port, settings.User, [.. Methods(settings)]) { Timeout = options.Timeout })
        {
            OperationTimeout = options.Timeout,
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
            return new SftpConnection(opened, settings);
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

    /// <summary>
    /// Puts a file on the server: beside its place first, then in one step into it, so that whoever looks finds the file before or this one, whole. What an attempt before left
    /// half done goes.
    /// </summary>
    /// <param name="content">The file, which can be read from its start.</param>
    /// <param name="path">Its place.</param>
    /// <param name="unfinished">Where it grows meanwhile, on the same disk.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="SourceException">It can't; the part says where it failed. The file before is still there.</exception>
    public async Task PutAsync(Stream content, string path, string unfinished, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        try
        {
            content.Position = 0;
            await client
                .UploadFileAsync(content, unfinished, canOverride: true, uploadProgress: null, cancellationToken)
                .WaitAsync(cancellationToken);
            if ((await client.GetAttributesAsync(unfinished, cancellationToken)).Size != content.Length)
            {
                throw new SourceException(
                    SourceFailure.Transient,
                    CheckPart.Package,
                    "The SFTP server has another size of the package than was sent. It is sent again."
                );
            }

            await Task.Run(() => Replace(unfinished, path), cancellationToken);
        }
        catch (Exception exception) when (exception is SshException or SocketException or ObjectDisposedException or IOException)
        {
            throw ExplainPut(exception);
        }
    }

    /// <summary>Finds out whether a file can be put beside a path, by writing and removing an empty one.</summary>
    /// <exception cref="SourceException">It can't.</exception>
    public async Task TryPutAsync(string unfinished, CancellationToken cancellationToken)
    {
        try
        {
            using var nothing = new MemoryStream();
            await client
                .UploadFileAsync(nothing, unfinished, canOverride: true, uploadProgress: null, cancellationToken)
                .WaitAsync(cancellationToken);
            await client.DeleteFileAsync(unfinished, cancellationToken);
        }
        catch (Exception exception) when (exception is SshException or SocketException or ObjectDisposedException or IOException)
        {
            throw ExplainPut(exception);
        }
    }

    /// <summary>What failed on a connection that stood, in a sentence for a person.</summary>
    internal SourceException Explain(Exception exception) => Explain(exception, settings, shown: null);

    /// <summary>OpenSSH's own request replaces a file in one step; a server that does not know it may still give a new file its name.</summary>
    private void Replace(string unfinished, string path)
    {
        try
        {
            client.RenameFile(unfinished, path, isPosix: true);
        }
        catch (NotSupportedException)
        {
            client.RenameFile(unfinished, path);
        }
    }

    private SourceException ExplainPut(Exception exception) =>
        exception switch
        {
            SftpPathNotFoundException => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Package,
                "The SFTP server has no folder of the SFTP path. Check it in Delivery Config; it begins with / or in the user's own folder.",
                exception
            ),
            SftpPermissionDeniedException => new SourceException(
                SourceFailure.Configuration,
                CheckPart.Package,
                "The SFTP server does not let this user write at the SFTP path. Ask whoever runs the server.",
                exception
            ),
            SftpException => new SourceException(
                SourceFailure.Transient,
                CheckPart.Package,
                "The SFTP server took the package and could not put it in the place of the one before. If it stays so, the server can't replace a file in one step: put {version} into the name at the end of the SFTP path, so that each package has a name of its own.",
                exception
            ),
            _ => Explain(exception),
        };

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static async Task<string> ResolveAsync(SftpSettings settings, SftpOptions options, CancellationToken cancellationToken)
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
            _ => new SourceException(
                SourceFailure.Transient,
                CheckPart.Connection,
                $"The connection to the SFTP server {settings.Host} on port {settings.Port} failed or broke off. Check host and port, and that firewalls let this server through; then try again.",
                exception
            ),
        };
    }
}
