using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using MimeKit;
using Rollbook.Sources;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Telling.Email;

/// <summary>The operator's mail server (docs/guide/notifications.md).</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port.</param>
/// <param name="Tls">How the connection is encrypted.</param>
/// <param name="User">Who signs in to it; null for nobody.</param>
/// <param name="Password">With what; never shown.</param>
/// <param name="From">The sender of every message: an address, with a name where wanted.</param>
/// <param name="Authorities">Certificates that are trusted in addition to the system's.</param>
public sealed record MailOptions(
    string Host,
    int Port,
    MailTls Tls,
    string? User,
    string? Password,
    string From,
    X509Certificate2Collection Authorities
)
{
    private const string Prefix = "ROLLBOOK_SMTP_";

    /// <summary>How long the server may be silent.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads the operator's settings; null where no mail server is named.</summary>
    /// <exception cref="FormatException">One has an impossible value; the message says which, and what is expected.</exception>
    public static MailOptions? Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        string? Of(string name) => configuration[Prefix + name] is { Length: > 0 } value ? value : null;
        if (Of("HOST") is not { } host)
        {
            return null;
        }

        var tls = (Of("TLS") ?? "starttls").ToUpperInvariant() switch
        {
            "NONE" => MailTls.None,
            "STARTTLS" => MailTls.StartTls,
            "TLS" => MailTls.Tls,
            _ => throw Refuse("TLS", "expected none, starttls or tls"),
        };
        var port = DefaultPort(tls);
        if (Of("PORT") is { } text && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536))
        {
            throw Refuse("PORT", "expected a number from 1 to 65535");
        }

        var (user, password) = (Of("USER"), Of("PASSWORD"));
        if (user is null != password is null)
        {
            throw Refuse(user is null ? "USER" : "PASSWORD", "a user and a password go together");
        }

        if (user is not null && tls == MailTls.None && !IsThisMachine(host))
        {
            throw Refuse("TLS", "with none the password would be sent in clear; expected starttls or tls");
        }

        var from = Of("FROM") ?? throw Refuse("FROM", "is missing: the sender of the messages, such as Rollbook <rollbook@riverside.example>");
        if (!MailboxAddress.TryParse(from, out var sender) || !sender.Address.Contains('@', StringComparison.Ordinal))
        {
            throw Refuse("FROM", "expected an address such as Rollbook <rollbook@riverside.example>");
        }

        return new MailOptions(host, port, tls, user, password, from, ReadAuthorities(Of("CA_CERTIFICATE")));
    }

    /// <summary>Nothing of the password.</summary>
    public override string ToString() => FormattableString.Invariant($"{Host}:{Port}");

    private static int DefaultPort(MailTls tls) =>
        tls switch
        {
            MailTls.None => 25,
            MailTls.StartTls => 587,
            _ => 465,
        };

    private static bool IsThisMachine(string host) =>
        host is "localhost" || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));

    private static X509Certificate2Collection ReadAuthorities(string? file)
    {
        try
        {
            return CertificateTrust.Parse(file is null ? null : File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is SourceException or IOException or UnauthorizedAccessException)
        {
            throw Refuse("CA_CERTIFICATE", "expected a file with certificates as PEM text, which this user may read");
        }
    }

    private static FormatException Refuse(string setting, string expected) => new($"The setting {Prefix}{setting} can't be used: {expected}.");
}

/// <summary>How the connection to a mail server is encrypted.</summary>
public enum MailTls
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>From the command STARTTLS on, without which nothing is sent.</summary>
    StartTls,

    /// <summary>From the first byte.</summary>
    Tls,
}
