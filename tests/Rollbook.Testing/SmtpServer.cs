using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rollbook.Testing;

/// <summary>
/// A mail server of its own process (Debian's aiosmtpd) on a free loopback port, with StartTLS under a certificate for <c>localhost</c> of an authority of its own, and one user. What it
/// takes lies in a folder, a file a message, in the order in which they came. It is killed when it is disposed of.
/// </summary>
public sealed class SmtpServer : IAsyncDisposable
{
    /// <summary>Who may sign in.</summary>
    public const string User = "rollbook";

    /// <summary>With what.</summary>
    public const string Password = "m4il-and-n0where-t0-be-seen";

    /// <summary>A recipient that it refuses for good.</summary>
    public const string Refused = "gone@riverside.example";

    // Takes no message without a sign-in, and no sign-in without encryption.
    private const string Program = """
        import asyncio, ssl, sys
        from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
        folder, port, user, password, refused, tls = sys.argv[1:7]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + '/server.pem', folder + '/server.key')

        class Handler:
            count = 0
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address == refused:
                    return '550 no such user'
                envelope.rcpt_tos.append(address)
                return '250 OK'
            async def handle_DATA(self, server, session, envelope):
                Handler.count += 1
                name = '%s/%05d' % (folder, Handler.count)
                with open(name + '.part', 'wb') as file:
                    file.write(('X-Envelope: %s > %s\r\n' % (envelope.mail_from, ' '.join(envelope.rcpt_tos))).encode() + envelope.content)
                import os
                os.rename(name + '.part', name + '.eml')
                return '250 OK'

        def check(server, session, envelope, mechanism, data):
            good = isinstance(data, LoginPassword) and data.login == user.encode() and data.password == password.encode()
            return AuthResult(success=good, handled=False)

        def make():
            if tls == 'tls':
                return SMTP(Handler(), authenticator=check, auth_required=True, auth_require_tls=False, hostname='localhost')
            return SMTP(Handler(), tls_context=context, require_starttls=True, authenticator=check, auth_required=True, hostname='localhost')

        async def main():
            server = await asyncio.get_running_loop().create_server(make, '127.0.0.1', int(port), ssl=context if tls == 'tls' else None)
            print('ready', flush=True)
            await server.serve_forever()

        asyncio.run(main())
        """;

    private readonly string folder;
    private readonly Process process;
    private readonly Task<string> said;

    private SmtpServer(string folder, Process process, int port, string authority)
    {
        (this.folder, this.process, Port, Authority) = (folder, process, port, authority);
        said = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>The certificate of the authority that issued its own, as PEM text.</summary>
    public string Authority { get; }

    /// <summary>The file in which that is.</summary>
    public string AuthorityFile => Path.Combine(folder, "authority.pem");

    /// <summary>What it has taken, as text: the envelope in the first line, then the message.</summary>
    public IReadOnlyList<string> Messages =>
        [.. Directory.GetFiles(folder, "*.eml").Order(StringComparer.Ordinal).Select(file => File.ReadAllText(file, Encoding.UTF8))];

    /// <summary>Starts one.</summary>
    /// <param name="port">Where it is to listen; null for a free port.</param>
    /// <param name="tls">Whether it speaks TLS from the first byte; else it wants StartTLS.</param>
    /// <exception cref="InvalidOperationException">It is not installed or does not start; the message says what to do.</exception>
    public static async Task<SmtpServer> StartAsync(int? port = null, bool tls = false)
    {
        var files = Directory.CreateTempSubdirectory("rollbook-smtp-").FullName;
        var authority = OpenLdap.WriteCertificates(files);
        var at = port ?? FreePort();

        // Debian's own Python, for which the package is, and not another one that comes first on the PATH.
        var python = Process.Start(
            new ProcessStartInfo(
                "/usr/bin/python3",
                ["-c", Program, files, at.ToString(CultureInfo.InvariantCulture), User, Password, Refused, tls ? "tls" : "starttls"]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var server = new SmtpServer(files, python, at, authority);
        return await python.StandardOutput.ReadLineAsync() is "ready"
            ? server
            : throw new InvalidOperationException(
                $"The mail server did not start. Install the package python3-aiosmtpd, then try again. {await server.said}"
            );
    }

    /// <summary>A port on which nobody listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await said;
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
