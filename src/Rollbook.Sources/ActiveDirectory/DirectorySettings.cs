using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Rollbook.Sources.ActiveDirectory.Ldap;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.ActiveDirectory;

/// <summary>How the connection is kept from other eyes.</summary>
internal enum DirectorySecurity
{
    /// <summary>TLS from the first byte.</summary>
    Ldaps,

    /// <summary>TLS after a first question in clear.</summary>
    StartTls,

    /// <summary>Nothing: only on this machine.</summary>
    None,
}

/// <summary>The settings of an Active Directory source, as the wizard draws them, read and checked.</summary>
internal sealed class DirectorySettings
{
    private const string DefaultFilter = "(&(objectCategory=person)(objectClass=user)(!(objectClass=computer)))";
    private const int LargestPage = 1000;

    private DirectorySettings(SourceSettings settings)
    {
        Host = HostOf(settings);
        Security = SecurityOf(settings);
        Port = Number(settings, "port", "Port", Security == DirectorySecurity.Ldaps ? 636 : 389, 65_535);
        BindDn = Required(settings, "bindDn", "Bind DN");
        Password = Required(settings, "password", "Password");
        BaseDns = BaseDnsOf(settings);
        Rules = RoleRules.Parse(settings["rules"]);
        Filter = FilterOf(settings);
        PageSize = Number(settings, "pageSize", "Page size", LargestPage, LargestPage);
        NumberAttributes = NumberAttributesOf(settings);
        NumberPrefixes = List(settings["numberPrefixes"]);
        MoreAttributes = MoreAttributesOf(settings);
        ExtraTrust = CertificateTrust.Parse(settings["caCertificate"]);
    }

    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        new("host", "Host", "The name of a domain controller, or of the domain: dc1.district.example.", Required: true, Address: true),
        new(
            "security",
            "Security",
            "ldaps: TLS from the start. starttls: TLS on the ordinary port. none sends the password in clear and is taken for this machine (localhost) only.",
            Choices: ["ldaps", "starttls", "none"],
            Default: "ldaps"
        ),
        new("port", "Port", "Left empty: 636 with ldaps, else 389.", Address: true),
        new(
            "bindDn",
            "Bind DN",
            "The account that Rollbook signs in with; one that may only read. Its DN, or its user principal name: rollbook@district.example.",
            Required: true
        ),
        new("password", "Password", "The password of that account.", Required: true, Secret: true),
        new("baseDns", "Base DNs", "Where to search, one a line: OU=Schools,DC=district,DC=example.", Required: true, Long: true),
        new(
            "rules",
            "Rules",
            "Who is what and where, one a line: OU or group => role, school. For example: OU=Students,OU=Lincoln High => student, Lincoln High. A * as school means every school of these rules. People whom no line fits are not sent.",
            Required: true,
            Long: true
        ),
        new(
            "caCertificate",
            "CA certificate",
            "PEM text of a certificate to trust in addition, for a directory with a certificate of a private authority, as most domain controllers have.",
            Long: true,
            Address: true
        ),
        new(
            "filter",
            "Filter",
            "The LDAP filter of the people. The default takes people, enabled and disabled, and no computers.",
            Default: DefaultFilter,
            Advanced: true
        ),
        new("pageSize", "Page size", "How many entries are asked for at once, from 1 to 1000.", Default: "1000", Advanced: true),
        new(
            "numberAttribute",
            "Number attribute",
            "Where the student or staff number is. auto: employeeID, or employeeNumber where that is empty.",
            Choices: ["auto", "employeeID", "employeeNumber"],
            Default: "auto",
            Advanced: true
        ),
        new(
            "numberPrefixes",
            "Number prefixes",
            "What the directory writes before the number and the SIS does not, separated by commas: s, t. It is taken off.",
            Advanced: true
        ),
        new(
            "attributes",
            "More attributes",
            "Further attributes to read, separated by commas. They come as metadata.NAME, as extensionAttribute1 to 15 and the usual ones do without being named.",
            Advanced: true
        ),
    ];

    public string Host { get; }

    public DirectorySecurity Security { get; }

    public int Port { get; }

    public string BindDn { get; }

    public string Password { get; }

    public IReadOnlyList<string> BaseDns { get; }

    public RoleRules Rules { get; }

    /// <summary>The filter as it is sent.</summary>
    public byte[] Filter { get; }

    public int PageSize { get; }

    /// <summary>Where the number is, the first that is not empty.</summary>
    public IReadOnlyList<string> NumberAttributes { get; }

    public IReadOnlyList<string> NumberPrefixes { get; }

    public IReadOnlyList<string> MoreAttributes { get; }

    public X509Certificate2Collection ExtraTrust { get; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SourceException">A setting is missing or wrong; the message names it.</exception>
    public static DirectorySettings Parse(SourceSettings settings) => new(settings);

    /// <summary>Looks at each setting on its own.</summary>
    public static IReadOnlyList<SettingFinding> Inspect(SourceSettings settings)
    {
        var found = new List<SettingFinding>();
        Look("host", () => HostOf(settings));
        Look("security", () => SecurityOf(settings));
        Look("port", () => Number(settings, "port", "Port", 636, 65_535));
        Look("bindDn", () => Required(settings, "bindDn", "Bind DN"));
        Look("password", () => Required(settings, "password", "Password"));
        Look("baseDns", () => BaseDnsOf(settings));
        Look("rules", () => RoleRules.Parse(settings["rules"]));
        Look("caCertificate", () => CertificateTrust.Parse(settings["caCertificate"]));
        Look("filter", () => FilterOf(settings));
        Look("pageSize", () => Number(settings, "pageSize", "Page size", LargestPage, LargestPage));
        Look("numberAttribute", () => NumberAttributesOf(settings));
        Look("attributes", () => MoreAttributesOf(settings));
        return found;

        void Look(string name, Func<object> parse)
        {
            try
            {
                parse();
            }
            catch (SourceException exception)
            {
                found.Add(new SettingFinding(name, exception.Message, Effective: null));
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(DirectorySettings);

    private static string HostOf(SourceSettings settings)
    {
        var host = Required(settings, "host", "Host");
        return Uri.CheckHostName(host) is UriHostNameType.Unknown
            ? throw Refuse("The Host is no host name. Enter the name alone, such as dc1.district.example, without ldaps:// and without a port.")
            : host;
    }

    private static DirectorySecurity SecurityOf(SourceSettings settings)
    {
        var security = settings["security"]?.Trim() switch
        {
            null or "" or "ldaps" => DirectorySecurity.Ldaps,
            "starttls" => DirectorySecurity.StartTls,
            "none" => DirectorySecurity.None,
            _ => throw Refuse("The Security is none that there is. Set it to ldaps, starttls or none."),
        };
        return security != DirectorySecurity.None || IsThisMachine(settings["host"]?.Trim() ?? "")
            ? security
            : throw Refuse(
                "Security none would send the password and everybody's data over the network in clear, so it is taken only for a directory on this machine (localhost). Set it to ldaps or starttls."
            );
    }

    private static bool IsThisMachine(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static List<string> BaseDnsOf(SourceSettings settings)
    {
        var lines = Required(settings, "baseDns", "Base DNs").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines)
        {
            if (DistinguishedName.Parse(line) is null)
            {
                throw Refuse("The Base DNs have a line that is no DN. Write one a line, such as OU=Schools,DC=district,DC=example.");
            }
        }

        return [.. lines];
    }

    private static byte[] FilterOf(SourceSettings settings)
    {
        try
        {
            return LdapFilter.Encode(settings["filter"]?.Trim() is { Length: > 0 } filter ? filter : DefaultFilter);
        }
        catch (FormatException e)
        {
            throw new SourceException(
                SourceFailure.Configuration,
                CheckPart.Settings,
                $"The Filter is no LDAP filter: {e.Message}. Leave it empty for {DefaultFilter}.",
                e
            );
        }
    }

    private static string[] NumberAttributesOf(SourceSettings settings) =>
        settings["numberAttribute"]?.Trim() switch
        {
            null or "" or "auto" => ["employeeID", "employeeNumber"],
            "employeeID" => ["employeeID"],
            "employeeNumber" => ["employeeNumber"],
            _ => throw Refuse("The Number attribute is none that there is. Set it to auto, employeeID or employeeNumber."),
        };

    private static string[] MoreAttributesOf(SourceSettings settings)
    {
        var names = List(settings["attributes"]);
        return Array.TrueForAll(names, name => char.IsAsciiLetter(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
            ? names
            : throw Refuse(
                "More attributes has a name that no LDAP attribute can have. Write their LDAP names, separated by commas: pager, division."
            );
    }

    private static string[] List(string? text) =>
        (text ?? "").Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static int Number(SourceSettings settings, string name, string label, int otherwise, int most)
    {
        if (string.IsNullOrWhiteSpace(settings[name]))
        {
            return otherwise;
        }

        return int.TryParse(settings[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw Refuse(FormattableString.Invariant($"{label} is not a number from 1 to {most}."));
    }

    // A password is used as it is; without one a directory would take the sign-in for that of nobody.
    private static string Required(SourceSettings settings, string name, string label) =>
        string.IsNullOrWhiteSpace(settings[name]) ? throw Refuse($"{label} is missing. Enter it.")
        : string.Equals(name, "password", StringComparison.Ordinal) ? settings[name]!
        : settings[name]!.Trim();

    private static SourceException Refuse(string message) => new(SourceFailure.Configuration, CheckPart.Settings, message);
}
