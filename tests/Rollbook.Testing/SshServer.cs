using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rollbook.Testing;

/// <summary>
/// OpenSSH's own server on a free loopback port, run as whoever runs the tests, with a key of its own and one key that it lets in. Its files are in a temporary folder that goes with it.
/// </summary>
public sealed class SshServer : IAsyncDisposable
{
    private readonly Process process;

    private SshServer(string folder, Process process, int port)
    {
        (Folder, this.process, Port) = (folder, process, port);
    }

    /// <summary>A folder that can be reached over SFTP.</summary>
    public string Folder { get; }

    /// <summary>The port on this machine.</summary>
    public int Port { get; }

    /// <summary>Who it lets in.</summary>
    public static string User => Environment.UserName;

    /// <summary>The private key that it lets in.</summary>
    public string PrivateKey => File.ReadAllText(Path.Combine(Folder, "user"));

    /// <summary>A private key that it does not let in.</summary>
    public string OtherKey => File.ReadAllText(Path.Combine(Folder, "other"));

    /// <summary>The fingerprint of its own key, as OpenSSH prints it.</summary>
    public string HostKey { get; private set; } = "";

    /// <summary>Starts one.</summary>
    /// <exception cref="InvalidOperationException">OpenSSH's server is not installed or does not start; the message says what to do.</exception>
    public static async Task<SshServer> StartAsync()
    {
        var program =
            new[] { "/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("The tests of SFTP start OpenSSH's server. Install the package openssh-server, then try again.");
        var folder = Directory.CreateTempSubdirectory("rollbook-sshd-").FullName;
        foreach (var key in new[] { "host", "user", "other" })
        {
            await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, key));
        }

        File.Copy(Path.Combine(folder, "user.pub"), Path.Combine(folder, "authorized"));
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd");
        }

        var port = FreePort();
        var configuration = Path.Combine(folder, "sshd_config");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {folder}/host
            PidFile none
            AuthorizedKeysFile {folder}/authorized
            StrictModes no
            PermitRootLogin prohibit-password
            PasswordAuthentication yes
            KbdInteractiveAuthentication no
            Subsystem sftp internal-sftp

            """
        );
        var sshd = Process.Start(
            new ProcessStartInfo(program, ["-D", "-e", "-f", configuration]) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        var said = sshd.StandardError.ReadToEndAsync();
        var server = new SshServer(folder, sshd, port)
        {
            HostKey = (await RunAsync("ssh-keygen", "-l", "-E", "sha256", "-f", Path.Combine(folder, "host.pub"))).Split(' ')[1],
        };
        for (var tries = 0; tries < 100; tries++)
        {
            if (sshd.HasExited)
            {
                throw new InvalidOperationException($"OpenSSH's server did not start: {await said}");
            }

            if (await AnswersAsync(port))
            {
                return server;
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException("OpenSSH's server does not answer.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var running = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var output = await running.StandardOutput.ReadToEndAsync();
        await running.WaitForExitAsync();
        return running.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} failed: {await running.StandardError.ReadToEndAsync()}");
    }
}
