namespace Rollbook.Telling.Email;

/// <summary>Sends the message with which an operator tries the settings.</summary>
public sealed class TestEmail(TellingOptions options, TimeProvider time)
{
    /// <summary>Sends it to an address, at once and once.</summary>
    /// <returns>Null when the mail server took it; else what went wrong and what to do.</returns>
    public async Task<string?> SendAsync(string to, CancellationToken cancellationToken)
    {
        if (options.Mail is not { } mail)
        {
            return "No mail server is set. Set ROLLBOOK_SMTP_HOST and start the server again.";
        }

        try
        {
            await using var server = await MailServer.ConnectAsync(mail, cancellationToken);
            await server.SendAsync(MailText.Test(options, to, time.GetUtcNow()));
            return null;
        }
        catch (MailException trouble)
        {
            return trouble.Message;
        }
    }
}
