using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Rollbook.Sources;
using Rollbook.Sources.OneRoster;

namespace Rollbook.Telling.Webhook;

/// <summary>Calls a district's webhook. Never follows a redirect: what is signed for one address goes to no other.</summary>
internal sealed class WebhookCaller : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient client;

    public WebhookCaller(TellingOptions options)
    {
        var guard = new AddressGuard(options.AllowPrivateNetworks);
        client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ConnectTimeout = Patience,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                ConnectCallback = (context, cancellationToken) => guard.ConnectAsync(context.DnsEndPoint, cancellationToken),
            }
        )
        {
            Timeout = Patience,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Rollbook", "0.1"));
    }

    /// <summary>Calls it; what comes back beside the status is not read.</summary>
    /// <returns>Null when it said that it has it.</returns>
    internal async Task<WebhookTrouble?> CallAsync(string url, string secret, string id, DateTimeOffset at, string body)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url);
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            request.Headers.Add(Signature.IdHeader, id);
            request.Headers.Add(Signature.TimeHeader, Signature.Seconds(at));
            request.Headers.Add(Signature.Header, Signature.Of(secret, id, at, body));

            // Not to be stopped half-way: whether it was heard would not be known.
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
            return answer.IsSuccessStatusCode ? null : Of(answer.StatusCode);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or SourceException or SocketException)
        {
            return Of(exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static WebhookTrouble Of(HttpStatusCode status) =>
        (int)status switch
        {
            >= 300 and < 400 => new(
                $"The webhook answered with a redirect (status {(int)status}), which is not followed. Enter the address to which it leads.",
                IsFinal: false
            ),
            410 => new("The webhook answered that it is gone (status 410), so this is not sent to it again.", IsFinal: true),
            401 or 403 => new($"The webhook refused the call (status {(int)status}). Check that it has the same signing secret.", IsFinal: false),
            var other => new($"The webhook answered with status {other}. Its log says why.", IsFinal: false),
        };

    private static WebhookTrouble Of(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SourceException:
                    return new(
                        "The webhook has an address that may not be called (link-local, or private on a server whose operator does not allow it).",
                        IsFinal: false
                    );
                case AuthenticationException:
                    return new("The webhook's certificate is not trusted, or no encrypted connection came about.", IsFinal: false);
                case TimeoutException or TaskCanceledException:
                    return new($"The webhook did not answer within {Patience.TotalSeconds:0} seconds.", IsFinal: false);
            }
        }

        return new("The webhook can't be reached. Check its address, and whether it runs.", IsFinal: false);
    }
}

/// <summary>Why a call did not come through, for a person.</summary>
/// <param name="Message">What happened and what to do.</param>
/// <param name="IsFinal">Whether calling again is of no use.</param>
internal sealed record WebhookTrouble(string Message, bool IsFinal);
