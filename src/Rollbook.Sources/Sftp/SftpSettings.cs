using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Rollbook.Sources.Sftp;

/// <summary>A place on an SFTP server from which packages are pulled or to which they are pushed, read from settings and checked. Holds secrets: prints nothing.</summary>
public sealed partial class SftpSettings
{
    /// <summary>The setting that names the server.</summary>
    public const string HostName = "sftp.host";

    /// <summary>The setting with the path on it.</summary>
    public const string PathName = "sftp.path";

    private SftpSettings(SourceSettings settings)
    {
        Host = HostOf(settings);
        Port = PortOf(settings);
        User = Required(settings, "sftp.user", "SFTP user");
        Path = Required(settings, PathName, "SFTP path");
        HostKeys = HostKeysOf(settings);
        Password = settings["sftp.password"] is { Length: > 0 } password ? password : null;
        PrivateKey = PrivateKeyOf(settings);
        Passphrase = settings["sftp.passphrase"] is { Length: > 0 } passphrase ? passphrase : null;
        if (Password is null && PrivateKey is null)
        {
            throw Refuse("Neither an SFTP password nor an SFTP private key is given. Enter the one by which the server lets Rollbook in.");
        }
    }

    /// <summary>The settings.</summary>
    /// <param name="host">What the host is for, a sentence or two.</param>
    /// <param name="path">What the path is.</param>
    public static IReadOnlyList<SettingDefinition> Definitions(string host, string path) =>
        [
            new(HostName, "SFTP host", host, Address: true),
            new("sftp.port", "SFTP port", "The server's port; 22 when it is empty.", Address: true),
            new("sftp.user", "SFTP user", "The name under which Rollbook signs in there."),
            new("sftp.password", "SFTP password", "The password of that user, unless there is a private key.", Secret: true),
            new(
                "sftp.privateKey",
                "SFTP private key",
                "The private key of that user, from -----BEGIN to the end, unless there is a password.",
                Secret: true
            ),
            new("sftp.passphrase", "SFTP passphrase", "The passphrase of the private key, if it has one.", Secret: true),
            new(
                "sftp.hostKey",
                "SFTP host key",
                "The fingerprint of the server's key, such as SHA256:ohD8VZEXGWo6Ez8GSEJQ9WpafgLFsOfLOtGGQCQo6Og, from whoever runs the server; several with blanks between. Test Connection shows the one that it meets.",
                Address: true
            ),
            new(PathName, "SFTP path", path),
        ];

    /// <summary>The server's name or address.</summary>
    public string Host { get; }

    /// <summary>The server's port.</summary>
    public int Port { get; }

    /// <summary>Who signs in.</summary>
    public string User { get; }

    /// <summary>The password; null when there is none.</summary>
    public string? Password { get; }

    /// <summary>The private key in PEM; null when there is none.</summary>
    public string? PrivateKey { get; }

    /// <summary>The passphrase of the private key; null when it has none.</summary>
    public string? Passphrase { get; }

    /// <summary>The keys by which the server is known, as <c>SHA256:…</c>; empty when none is given yet.</summary>
    public IReadOnlyList<string> HostKeys { get; }

    /// <summary>The path on that server.</summary>
    public string Path { get; }

    /// <summary>Whether settings name a server.</summary>
    public static bool IsMeant(SourceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return !string.IsNullOrWhiteSpace(settings[HostName]);
    }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SourceException">One is missing or wrong; the message names it.</exception>
    public static SftpSettings Parse(SourceSettings settings) => new(settings);

    /// <summary>Looks at each setting on its own.</summary>
    public static IEnumerable<SettingFinding> Inspect(SourceSettings settings)
    {
        if (!IsMeant(settings))
        {
            yield break;
        }

        (string Name, Action Parse)[] checks =
        [
            (HostName, () => HostOf(settings)),
            ("sftp.port", () => PortOf(settings)),
            ("sftp.user", () => Required(settings, "sftp.user", "SFTP user")),
            ("sftp.privateKey", () => PrivateKeyOf(settings)),
            ("sftp.hostKey", () => HostKeysOf(settings)),
            (PathName, () => Required(settings, PathName, "SFTP path")),
        ];
        foreach (var (name, parse) in checks)
        {
            string? problem = null;
            try
            {
                parse();
            }
            catch (SourceException exception)
            {
                problem = exception.Message;
            }

            if (problem is not null)
            {
                yield return new SettingFinding(name, problem, Effective: null);
            }
        }
    }

    /// <summary>The fingerprint of a key, as OpenSSH prints it.</summary>
    public static string Fingerprint(byte[] key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');

    /// <inheritdoc/>
    public override string ToString() => nameof(SftpSettings);

    private static string HostOf(SourceSettings settings)
    {
        var host = Required(settings, HostName, "SFTP host");
        return Uri.CheckHostName(host) == UriHostNameType.Unknown
            ? throw Refuse(
                "The SFTP host is no name of a host. Enter the name alone, such as sftp.riverside.example, without sftp:// and without a path."
            )
            : host;
    }

    private static int PortOf(SourceSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings["sftp.port"]))
        {
            return 22;
        }

        return int.TryParse(settings["sftp.port"], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536
            ? port
            : throw Refuse("The SFTP port is not a number from 1 to 65535. Leave it empty for 22.");
    }

    private static string[] HostKeysOf(SourceSettings settings)
    {
        var words = (settings["sftp.hostKey"] ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return Array.TrueForAll(words, word => FingerprintForm().IsMatch(word))
            ? [.. words.Select(word => word.TrimEnd('='))]
            : throw Refuse("The SFTP host key is no fingerprint. It looks like SHA256:ohD8VZEXGWo6Ez8GSEJQ9WpafgLFsOfLOtGGQCQo6Og.");
    }

    /// <summary>The key with its lines as they must be: pasted into one line, it loses them.</summary>
    private static string? PrivateKeyOf(SourceSettings settings)
    {
        if (settings["sftp.privateKey"] is not { } text || string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var match = Pem().Match(text);
        if (!match.Success)
        {
            throw Refuse("The SFTP private key can't be read. Paste it whole, from -----BEGIN \u2026----- to -----END \u2026-----.");
        }

        var body = string.Concat(match.Groups["body"].Value.Where(letter => !char.IsWhiteSpace(letter)));
        return $"-----BEGIN {match.Groups["label"].Value}-----\n{string.Join('\n', body.Chunk(64).Select(line => new string(line)))}\n-----END {match.Groups["label"].Value}-----\n";
    }

    private static string Required(SourceSettings settings, string name, string label) =>
        settings[name]?.Trim() is { Length: > 0 } value ? value : throw Refuse($"The {label} is empty. Enter it, or empty the SFTP host.");

    private static SourceException Refuse(string message) => new(SourceFailure.Configuration, CheckPart.Settings, message);

    [GeneratedRegex("^SHA256:[A-Za-z0-9+/]{43}=?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FingerprintForm();

    [GeneratedRegex(
        "-----BEGIN (?<label>[A-Z ]*PRIVATE KEY)-----(?<body>[A-Za-z0-9+/=\\s]+)-----END",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pem();
}
