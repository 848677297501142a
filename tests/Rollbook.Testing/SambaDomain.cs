using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rollbook.Testing;

/// <summary>
/// A domain controller of Samba of our own, on a loopback address of its own since its ports can't be chosen, for which it must run as root. It is killed and its folder removed when it is
/// disposed of.
/// </summary>
public sealed class SambaDomain : IAsyncDisposable
{
    /// <summary>What everything lies in.</summary>
    public const string Suffix = "DC=district,DC=example";

    /// <summary>The account to sign in with, as a user principal name.</summary>
    public const string Account = "Administrator@district.example";

    /// <summary>Its password.</summary>
    public const string Password = "Adm1n-n0where-t0-be-seen";

    private readonly string folder;
    private readonly Process process;

    private SambaDomain(string folder, Process process, IPAddress address, string authority) =>
        (this.folder, this.process, Address, Authority) = (folder, process, address, authority);

    /// <summary>Whether one can be run here.</summary>
    public static bool CanRun => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>Where it listens, at the ports 389 and 636.</summary>
    public IPAddress Address { get; }

    /// <summary>The certificate of the authority that issued its own, as PEM text.</summary>
    public string Authority { get; }

    /// <summary>Starts one.</summary>
    /// <exception cref="InvalidOperationException">Samba is not installed or does not start; the message says what to do.</exception>
    public static async Task<SambaDomain> StartAsync()
    {
        var temporary = Directory.CreateTempSubdirectory("rollbook-samba-").FullName;
        var own = new IPAddress([127, (byte)(64 + (Environment.ProcessId % 100)), (byte)(Environment.ProcessId / 100 % 250), 7]);
        await OpenLdap.RunAsync(
            "samba-tool",
            input: null,
            "domain",
            "provision",
            "--realm=DISTRICT.EXAMPLE",
            "--domain=DISTRICT",
            "--host-name=dc1",
            "--server-role=dc",
            "--dns-backend=NONE",
            $"--adminpass={Password}",
            $"--targetdir={temporary}",
            "--option=interfaces=lo"
        );
        var authority = OpenLdap.WriteCertificates(temporary, own);
        await OpenLdap.RunAsync("chmod", input: null, "600", Path.Combine(temporary, "server.key"));
        var samba = OpenLdap.Start(
            "samba",
            "-i",
            "-s",
            Path.Combine(temporary, "etc", "smb.conf"),
            $"--option=interfaces={own}/8",
            "--option=bind interfaces only=yes",
            "--option=server services=ldap",
            $"--option=log file={temporary}/log",
            $"--option=pid directory={temporary}",
            $"--option=tls keyfile={temporary}/server.key",
            $"--option=tls certfile={temporary}/server.pem",
            $"--option=tls cafile={temporary}/authority.pem"
        );
        samba.OutputDataReceived += (_, _) => { };
        samba.ErrorDataReceived += (_, _) => { };
        samba.BeginOutputReadLine();
        samba.BeginErrorReadLine();
        var domain = new SambaDomain(temporary, samba, own, authority);
        try
        {
            await domain.WaitUntilReadyAsync();
            return domain;
        }
        catch
        {
            await domain.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds entries, or changes them: LDIF, with DNs below <see cref="Suffix"/>.</summary>
    public async Task ApplyAsync(string ldif)
    {
        var file = Path.Combine(folder, "changes.ldif");
        await File.WriteAllTextAsync(file, ldif);
        await OpenLdap.RunAsync(
            "env",
            input: null,
            $"LDAPTLS_CACERT={folder}/authority.pem",
            OpenLdap.Find("ldapmodify"),
            "-x",
            "-H",
            $"ldaps://{Address}",
            "-D",
            Account,
            "-w",
            Password,
            "-f",
            file
        );
    }

    /// <summary>LDIF that adds an OU.</summary>
    public static string Unit(string unit) => $"dn: {unit},{Suffix}\nchangetype: add\nobjectClass: organizationalUnit\n\n";

    /// <summary>LDIF that adds a person without a password.</summary>
    public static string Person(string name, string unit, bool isDisabled, params (string Attribute, string Value)[] attributes)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"dn: CN={name},{unit},{Suffix}\nchangetype: add\nobjectClass: user\n");
        text.Append(CultureInfo.InvariantCulture, $"userAccountControl: {(isDisabled ? 546 : 544)}\n");
        foreach (var (attribute, value) in attributes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{attribute}: {value}\n");
        }

        return text.Append('\n').ToString();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task WaitUntilReadyAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(Address, 636);
                return;
            }
            catch (SocketException) when (attempt < 400 && !process.HasExited)
            {
                await Task.Delay(50);
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException($"Samba was started, but does not answer at {Address}: {e.Message}", e);
            }
        }
    }
}
