using System.Security.Cryptography.X509Certificates;
using Rollbook.Telling.Email;
using Rollbook.Testing;

namespace Rollbook.Telling.Tests.Email;

/// <summary>Settings of mail servers.</summary>
internal static class MailSettings
{
    /// <summary>Of one that nobody asks.</summary>
    internal static MailOptions Any { get; } = new("127.0.0.1", 9, MailTls.None, null, null, "Rollbook <rollbook@riverside.example>", []);

    /// <summary>Of a server of the tests.</summary>
    internal static MailOptions Of(SmtpServer server, MailTls tls = MailTls.StartTls, string? password = SmtpServer.Password, bool trusted = true)
    {
        var authorities = new X509Certificate2Collection();
        if (trusted)
        {
            authorities.ImportFromPem(server.Authority);
        }

        return new MailOptions(
            "localhost",
            server.Port,
            tls,
            password is null ? null : SmtpServer.User,
            password,
            "Rollbook of Riverside <rollbook@riverside.example>",
            authorities
        );
    }
}
