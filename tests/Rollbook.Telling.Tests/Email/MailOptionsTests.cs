using Microsoft.Extensions.Configuration;
using Rollbook.Telling.Email;

namespace Rollbook.Telling.Tests.Email;

/// <summary>The operator's settings.</summary>
public sealed class MailOptionsTests
{
    [Fact]
    public void Without_a_host_there_is_no_mail_server()
    {
        Read([]).Mail.ShouldBeNull();
        Read([]).ConsoleUrl.ShouldBeNull();
        Read([("ROLLBOOK_CONSOLE_URL", "https://rollbook.example/")]).ConsoleUrl.ShouldBe("https://rollbook.example");
    }

    [Theory]
    [InlineData(null, MailTls.StartTls, 587)]
    [InlineData("starttls", MailTls.StartTls, 587)]
    [InlineData("TLS", MailTls.Tls, 465)]
    [InlineData("none", MailTls.None, 25)]
    public void Encryption_is_on_by_default_and_says_the_port(string? tls, MailTls expected, int port)
    {
        var mail = Read([("ROLLBOOK_SMTP_HOST", "mail.example"), ("ROLLBOOK_SMTP_FROM", "a@x.example"), ("ROLLBOOK_SMTP_TLS", tls)]).Mail!;
        (mail.Tls, mail.Port, mail.User).ShouldBe((expected, port, null));
    }

    [Theory]
    [InlineData("ROLLBOOK_SMTP_FROM", "", "ROLLBOOK_SMTP_FROM", "is missing")]
    [InlineData("ROLLBOOK_SMTP_FROM", "Rollbook", "ROLLBOOK_SMTP_FROM", "expected an address")]
    [InlineData("ROLLBOOK_SMTP_PORT", "smtp", "ROLLBOOK_SMTP_PORT", "from 1 to 65535")]
    [InlineData("ROLLBOOK_SMTP_TLS", "ssl", "ROLLBOOK_SMTP_TLS", "expected none, starttls or tls")]
    [InlineData("ROLLBOOK_SMTP_TLS", "none", "ROLLBOOK_SMTP_TLS", "in clear")]
    [InlineData("ROLLBOOK_SMTP_PASSWORD", "", "ROLLBOOK_SMTP_PASSWORD", "go together")]
    [InlineData("ROLLBOOK_SMTP_USER", "", "ROLLBOOK_SMTP_USER", "go together")]
    [InlineData("ROLLBOOK_SMTP_CA_CERTIFICATE", "/nowhere.pem", "ROLLBOOK_SMTP_CA_CERTIFICATE", "PEM text")]
    [InlineData("ROLLBOOK_CONSOLE_URL", "rollbook.example", "ROLLBOOK_CONSOLE_URL", "https://")]
    public void An_impossible_setting_is_named_with_what_is_expected(string setting, string value, string named, string expected)
    {
        var message = Should.Throw<FormatException>(() => Read([.. Good, (setting, value)])).Message;
        message.ShouldContain(named);
        message.ShouldContain(expected);
        message.ShouldNotContain("s3cret");
    }

    [Fact]
    public void The_password_is_in_no_text_of_the_settings() => $"{Read(Good).Mail} {Read(Good)}".ShouldNotContain("s3cret");

    private static readonly (string, string?)[] Good =
    [
        ("ROLLBOOK_SMTP_HOST", "mail.example"),
        ("ROLLBOOK_SMTP_FROM", "Rollbook <a@x.example>"),
        ("ROLLBOOK_SMTP_USER", "rollbook"),
        ("ROLLBOOK_SMTP_PASSWORD", "s3cret"),
    ];

    private static TellingOptions Read((string Name, string? Value)[] settings)
    {
        var last = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in settings)
        {
            last[name] = value;
        }

        return TellingServices.Options(new ConfigurationBuilder().AddInMemoryCollection(last).Build());
    }
}
