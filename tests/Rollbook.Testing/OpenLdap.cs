using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Rollbook.Testing;

/// <summary>
/// A slapd of our own on free loopback ports, with the attributes of Active Directory that tests need, a certificate of an authority of its own, and OpenLDAP's usual limit of
/// 500 entries for whoever is not excepted from it. It is killed and its folder removed when it is disposed of or the test process ends.
/// </summary>
public sealed class OpenLdap : IAsyncDisposable
{
    /// <summary>What everything lies in.</summary>
    public const string Suffix = "DC=district,DC=example";

    /// <summary>An account that may read everything, page by page.</summary>
    public const string Reader = $"CN=rollbook,{Suffix}";

    /// <summary>An account that gets no more than 500 entries, in pages or not.</summary>
    public const string Limited = $"CN=limited,{Suffix}";

    /// <summary>The password of both.</summary>
    public const string Password = "r3ad-0nly-and-n0where-t0-be-seen";

    private const string Administrator = $"cn=admin,{Suffix}";
    private const string AdministratorPassword = "admin";

    private readonly string folder;
    private readonly Process process;

    private OpenLdap(string folder, Process process, int port, int securePort, string authority)
    {
        (this.folder, this.process, Port, SecurePort, Authority) = (folder, process, port, securePort, authority);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
    }

    /// <summary>Where it speaks LDAP, and takes StartTLS.</summary>
    public int Port { get; }

    /// <summary>Where it speaks LDAPS.</summary>
    public int SecurePort { get; }

    /// <summary>The certificate of the authority that issued its own, as PEM text. Its own is for <c>localhost</c>.</summary>
    public string Authority { get; }

    /// <summary>Starts one that holds some people, and the OUs they lie in.</summary>
    /// <exception cref="InvalidOperationException">slapd is not installed or does not start; the message says what to do.</exception>
    public static async Task<OpenLdap> StartAsync(IEnumerable<DirectoryPerson> people)
    {
        var temporary = Directory.CreateTempSubdirectory("rollbook-slapd-").FullName;
        try
        {
            var authority = WriteCertificates(temporary);
            Directory.CreateDirectory(Path.Combine(temporary, "data"));
            var configuration = Path.Combine(temporary, "slapd.conf");
            await File.WriteAllTextAsync(configuration, Configuration(temporary));
            var ldif = Path.Combine(temporary, "people.ldif");
            await File.WriteAllTextAsync(ldif, Ldif(people));
            await RunAsync("slapadd", input: null, "-q", "-f", configuration, "-l", ldif);
            var (port, securePort) = (FreePort(), FreePort());
            var server = new OpenLdap(
                temporary,
                Start("slapd", "-f", configuration, "-h", $"ldap://127.0.0.1:{port} ldaps://127.0.0.1:{securePort}", "-d", "0"),
                port,
                securePort,
                authority
            );
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    /// <summary>Puts an entry's attribute to another value.</summary>
    public Task ReplaceAsync(string dn, string attribute, string value) =>
        ModifyAsync($"dn: {dn}\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n");

    /// <summary>Deletes an entry.</summary>
    public Task DeleteAsync(string dn) => ModifyAsync($"dn: {dn}\nchangetype: delete\n");

    /// <summary>Gives an entry another common name, and with it another distinguished name.</summary>
    public Task RenameAsync(string dn, string name) => ModifyAsync($"dn: {dn}\nchangetype: modrdn\nnewrdn: CN={name}\ndeleteoldrdn: 1\n");

    /// <summary>Moves an entry into another OU.</summary>
    public Task MoveAsync(string dn, string ou) =>
        ModifyAsync($"dn: {dn}\nchangetype: modrdn\nnewrdn: {dn.Split(',')[0]}\ndeleteoldrdn: 0\nnewsuperior: {ou},{Suffix}\n");

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    private Task ModifyAsync(string ldif) =>
        RunAsync("ldapmodify", ldif, "-x", "-H", $"ldap://127.0.0.1:{Port}", "-D", Administrator, "-w", AdministratorPassword);

    private static string Configuration(string folder)
    {
        var text = new StringBuilder();
        foreach (var schema in new[] { "core", "cosine", "inetorgperson" })
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"include /etc/ldap/schema/{schema}.schema");
        }

        text.AppendLine("modulepath /usr/lib/ldap").AppendLine("moduleload back_mdb");
        text.AppendLine(
            "attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )"
        );
        text.AppendLine(
            "attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )"
        );
        text.AppendLine(
            "attributetype ( 1.2.840.113556.1.2.102 NAME 'memberOf' EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )"
        );
        // In Active Directory this one holds a DN and is asked for by its last name; here it is that name.
        (string Oid, string Name)[] texts =
        [
            ("1.2.840.113556.1.4.782", "objectCategory"),
            ("1.2.840.113556.1.4.221", "sAMAccountName"),
            ("1.2.840.113556.1.4.656", "userPrincipalName"),
            ("1.2.840.113556.1.4.35", "employeeID"),
            ("1.2.840.113556.1.2.210", "proxyAddresses"),
            ("1.2.840.113556.1.2.141", "department"),
            ("1.2.840.113556.1.2.146", "company"),
            // Its own number belongs to another attribute in OpenLDAP.
            ("1.3.6.1.4.1.99999.1", "middleName"),
            .. Enumerable.Range(1, 15).Select(number => ($"1.2.840.113556.1.2.{422 + number}", $"extensionAttribute{number}")),
        ];
        foreach (var (oid, name) in texts)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"attributetype ( {oid} NAME '{name}' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )"
            );
        }

        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP top STRUCTURAL MUST cn MAY ( objectGUID $ userAccountControl $ memberOf $ sn $ givenName $ mail $ telephoneNumber $ mobile $ title $ description $ displayName $ employeeNumber $ employeeType $ {string.Join(" $ ", texts.Select(attribute => attribute.Name))} ) )"
        );
        text.AppendLine("objectclass ( 1.2.840.113556.1.3.30 NAME 'computer' SUP user STRUCTURAL )");
        text.AppendLine(CultureInfo.InvariantCulture, $"TLSCACertificateFile {folder}/authority.pem");
        text.AppendLine(CultureInfo.InvariantCulture, $"TLSCertificateFile {folder}/server.pem");
        text.AppendLine(CultureInfo.InvariantCulture, $"TLSCertificateKeyFile {folder}/server.key");
        text.AppendLine("sizelimit 500");
        text.AppendLine("database mdb").AppendLine("maxsize 67108864").AppendLine("dbnosync");
        text.AppendLine(CultureInfo.InvariantCulture, $"directory {folder}/data");
        text.AppendLine(CultureInfo.InvariantCulture, $"suffix \"{Suffix}\"");
        text.AppendLine(CultureInfo.InvariantCulture, $"rootdn \"{Administrator}\"");
        text.AppendLine(CultureInfo.InvariantCulture, $"rootpw {AdministratorPassword}");
        text.AppendLine(CultureInfo.InvariantCulture, $"limits dn.exact=\"{Reader}\" size.soft=500 size.hard=500 size.prtotal=unlimited");
        text.AppendLine("access to attrs=userPassword by * auth");
        text.AppendLine("access to * by users read");
        return text.ToString();
    }

    private static string Ldif(IEnumerable<DirectoryPerson> people)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"dn: {Suffix}\nobjectClass: domain\ndc: district\n\n");
        foreach (var account in new[] { Reader, Limited })
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"dn: {account}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: {account.Split('=', ',')[1]}\nuserPassword: {Password}\n\n"
            );
        }

        var units = new HashSet<string>(StringComparer.Ordinal);
        foreach (var person in people)
        {
            var path = person.Unit.Split(',');
            for (var i = path.Length - 1; i >= 0; i--)
            {
                if (units.Add(string.Join(',', path[i..])))
                {
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"dn: {string.Join(',', path[i..])},{Suffix}\nobjectClass: organizationalUnit\nou: {path[i][3..].Replace(@"\2C", ",", StringComparison.Ordinal)}\n\n"
                    );
                }
            }

            text.Append(
                CultureInfo.InvariantCulture,
                $"dn: {person.Dn}\nobjectClass: {(person.IsComputer ? "computer" : "user")}\ncn: {person.Name}\n"
            );
            text.Append(CultureInfo.InvariantCulture, $"objectCategory: {(person.IsComputer ? "computer" : "person")}\n");
            if (person.Guid is { } guid)
            {
                text.Append(CultureInfo.InvariantCulture, $"objectGUID:: {Convert.ToBase64String(guid.ToByteArray())}\n");
            }

            foreach (var (attribute, value) in person.Attributes)
            {
                text.Append(CultureInfo.InvariantCulture, $"{attribute}:: {Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    internal static string WriteCertificates(string folder, IPAddress? address = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = RSA.Create(2048);
        var request = new CertificateRequest("CN=Authority of tests", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        using var key = RSA.Create(2048);
        var server = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        if (address is not null)
        {
            names.AddIpAddress(address);
        }

        server.CertificateExtensions.Add(names.Build());
        using var certificate = server.Create(authority, now.AddDays(-1), now.AddDays(29), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, "authority.pem"), authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
        return authority.ExportCertificatePem();
    }

    internal static string Find(string program) =>
        new[] { "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec" }
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            $"These tests start an OpenLDAP server of their own, and there is no {program}. Install it: apt-get install slapd ldap-utils. It need not run."
        );

    internal static Process Start(string program, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(Find(program), arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;

    internal static async Task RunAsync(string program, string? input, params string[] arguments)
    {
        using var run = Start(program, arguments);
        await run.StandardInput.WriteAsync(input);
        run.StandardInput.Close();
        var output = run.StandardOutput.ReadToEndAsync();
        var errors = await run.StandardError.ReadToEndAsync();
        await output;
        await run.WaitForExitAsync();
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed with {run.ExitCode}: {errors.Trim()}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, SecurePort);
                return;
            }
            catch (SocketException) when (attempt < 200 && !process.HasExited)
            {
                await Task.Delay(50);
            }
            catch (SocketException e)
            {
                Stop();
                throw new InvalidOperationException($"slapd was started, but does not answer on port {SecurePort}: {e.Message}", e);
            }
        }
    }

    private void Stop()
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit(TimeSpan.FromSeconds(15));
            }

            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Console.Error.WriteLine($"The test directory's folder {folder} could not be removed: {e.Message}");
        }
    }
}

/// <summary>An entry of a directory in tests.</summary>
/// <param name="Name">Its common name, without commas.</param>
/// <param name="Unit">The OUs it lies in, below the suffix: <c>OU=Students,OU=Lincoln High</c>.</param>
/// <param name="Guid">Its objectGUID; null for none.</param>
/// <param name="Attributes">Its other attributes.</param>
/// <param name="IsComputer">Whether it is a computer and no person.</param>
public sealed record DirectoryPerson(
    string Name,
    string Unit,
    Guid? Guid,
    IReadOnlyList<(string Attribute, string Value)> Attributes,
    bool IsComputer = false
)
{
    /// <summary>Its distinguished name.</summary>
    public string Dn => $"CN={Name},{Unit},{OpenLdap.Suffix}";
}
