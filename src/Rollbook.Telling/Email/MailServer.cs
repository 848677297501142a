using System.Net.Sockets;
using System.Security.Authentication;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Telling.Email;

/// <summary>A connection to the operator's mail server.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly MailOptions options;
    private readonly SmtpClient client;
    private readonly CertificateTrust trust;

    private MailServer(MailOptions options)
    {
        this.options = options;
        trust = new CertificateTrust(options.Authorities);
        client = new SmtpClient
        {
            ServerCertificateValidationCallback = trust.Accepts,
            CheckCertificateRevocation = false,
            Timeout = (int)options.Patience.TotalMilliseconds,
        };
    }

    /// <summary>Connects and signs in.</summary>
    /// <exception cref="MailException">That is not possible.</exception>
    internal static async Task<MailServer> ConnectAsync(MailOptions options, CancellationToken cancellationToken)
    {
        var server = new MailServer(options);
        try
        {
            await server.SignInAsync(cancellationToken);
            return server;
        }
        catch (Exception exception) when (server.Trouble(exception) is { } trouble)
        {
            await server.DisposeAsync();
            throw new MailException(trouble, isFinal: false, isOfServer: true, exception);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a message. Not to be stopped half-way: whether it went would not be known.</summary>
    /// <exception cref="MailException">It could not be sent.</exception>
    internal async Task SendAsync(MimeMessage message)
    {
        try
        {
            await WithinAsync(token => client.SendAsync(message, token), CancellationToken.None);
        }
        catch (SmtpCommandException refused) when (refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted)
        {
            // 5xx is a refusal for good, 4xx one for now (RFC 5321, section 4.2.1).
            var isFinal = (int)refused.StatusCode >= 500;
            throw new MailException(
                $"The mail server did not accept the recipient's address (status {(int)refused.StatusCode}).",
                isFinal,
                isOfServer: false,
                refused
            );
        }
        catch (Exception exception) when (Trouble(exception) is { } trouble)
        {
            throw new MailException(trouble, isFinal: false, isOfServer: true, exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (client.IsConnected)
            {
                await client.DisconnectAsync(quit: true, CancellationToken.None);
            }
        }
        catch (Exception exception) when (Trouble(exception) is not null)
        {
            // What was sent is sent, also when the server does not say goodbye.
            return;
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        var security = options.Tls switch
        {
            MailTls.None => SecureSocketOptions.None,
            MailTls.StartTls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.SslOnConnect,
        };
        await WithinAsync(token => client.ConnectAsync(options.Host, options.Port, security, token), cancellationToken);
        if (options.User is { } user)
        {
            await WithinAsync(token => client.AuthenticateAsync(user, options.Password!, token), cancellationToken);
        }
    }

    private async Task WithinAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Patience);
        try
        {
            await step(patience.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The mail server is silent.", exception);
        }
    }

    /// <summary>What went wrong and what to do, without what the server said word by word; null for a defect.</summary>
    private string? Trouble(Exception exception) =>
        exception switch
        {
            SslHandshakeException or System.Security.Authentication.AuthenticationException => trust.Refusal is { } refusal
                ? $"The certificate of the mail server {options} is not accepted: {refusal}. Check ROLLBOOK_SMTP_HOST and ROLLBOOK_SMTP_CA_CERTIFICATE."
                : $"No encrypted connection to the mail server {options} came about. Check ROLLBOOK_SMTP_PORT and ROLLBOOK_SMTP_TLS.",
            MailKit.Security.AuthenticationException or SaslException =>
                $"The mail server {options} refuses the user name or the password. Check ROLLBOOK_SMTP_USER and ROLLBOOK_SMTP_PASSWORD.",
            NotSupportedException => options.Tls == MailTls.StartTls && !client.Capabilities.HasFlag(SmtpCapabilities.StartTLS)
                ? $"The mail server {options} does not offer StartTLS. Check the port, or choose another ROLLBOOK_SMTP_TLS."
                : $"The mail server {options} does not let anybody sign in, though a user is set. Check ROLLBOOK_SMTP_USER and ROLLBOOK_SMTP_TLS.",
            ServiceNotAuthenticatedException =>
                $"The mail server {options} wants a user and a password. Set ROLLBOOK_SMTP_USER and ROLLBOOK_SMTP_PASSWORD.",
            SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } sender =>
                $"The mail server {options} does not accept the sender {options.From} (status {(int)sender.StatusCode}). Check ROLLBOOK_SMTP_FROM.",
            SmtpCommandException refused =>
                $"The mail server {options} did not take the message (status {(int)refused.StatusCode}). Its log says why.",
            TimeoutException =>
                $"The mail server {options} did not answer within {options.Patience.TotalSeconds:0} seconds. Check ROLLBOOK_SMTP_PORT and ROLLBOOK_SMTP_TLS.",
            SocketException => $"The mail server {options} can't be reached. Check ROLLBOOK_SMTP_HOST and ROLLBOOK_SMTP_PORT, and whether it runs.",
            IOException or ProtocolException or ServiceNotConnectedException =>
                $"The connection to the mail server {options} broke off. Check ROLLBOOK_SMTP_PORT and ROLLBOOK_SMTP_TLS.",
            _ => null,
        };
}

/// <summary>A message that could not be sent.</summary>
internal sealed class MailException(string message, bool isFinal, bool isOfServer, Exception inner) : Exception(message, inner)
{
    /// <summary>Whether trying again is of no use.</summary>
    internal bool IsFinal { get; } = isFinal;

    /// <summary>Whether other messages meet the same.</summary>
    internal bool IsOfServer { get; } = isOfServer;
}
