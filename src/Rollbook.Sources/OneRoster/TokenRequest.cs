using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Rollbook.Sources.OneRoster;

/// <summary>What a token URL said.</summary>
internal abstract record TokenAnswer
{
    public sealed record Given(Token Token) : TokenAnswer;

    /// <summary>It is a token URL and gives no token. <paramref name="ByClient"/>: because of who asks, not of what is asked for.</summary>
    public sealed record Refused(string? Code, bool ByClient) : TokenAnswer;

    /// <summary>It is no token URL.</summary>
    public sealed record Elsewhere(string What) : TokenAnswer;
}

/// <summary>Where a token request carries the secret, the likeliest first.</summary>
internal enum SecretPlace
{
    /// <summary>HTTP Basic, as most clients write it.</summary>
    Basic,

    /// <summary>HTTP Basic with both parts form-encoded, as RFC 6749 section 2.3.1 wants it.</summary>
    EncodedBasic,

    /// <summary>The form (client_secret_post).</summary>
    Form,
}

/// <summary>A request for a token: OAuth 2 client credentials, parameters in a form body (a query string does not work with Synergy).</summary>
internal sealed class TokenRequest(OneRosterSettings settings, Uri url, string? scope, SecretPlace place)
{
    private const int LongestAnswer = 256 * 1024;

    /// <summary>Sends a request that is built anew for each redirect.</summary>
    public delegate Task<HttpResponseMessage> Sender(
        Uri uri,
        Func<Uri, HttpRequestMessage> build,
        CheckPart part,
        CancellationToken cancellationToken
    );

    public async Task<TokenAnswer> SendAsync(Sender send, TimeProvider time, CancellationToken cancellationToken)
    {
        using var answer = await send(url, Build, CheckPart.TokenUrl, cancellationToken);
        var status = (int)answer.StatusCode;
        if (status is 429 or >= 500 and not 501)
        {
            throw new RequestFailure(
                status is 429 ? Fault.Busy : Fault.ServerError,
                CheckPart.TokenUrl,
                $"The token URL answered {status}.",
                RetryAfter.Of(answer, time)
            );
        }

        using var body = await ReadAsync(answer, cancellationToken);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.Created => Accept(body, time),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new TokenAnswer.Refused(Code(body), ByClient: true),
            HttpStatusCode.BadRequest when body is not null => new TokenAnswer.Refused(
                Code(body),
                Code(body) is "invalid_client" or "unauthorized_client"
            ),
            HttpStatusCode.BadRequest => new TokenAnswer.Refused(null, ByClient: false),
            _ => new TokenAnswer.Elsewhere($"it answered {status}"),
        };
    }

    private HttpRequestMessage Build(Uri at)
    {
        var form = new List<KeyValuePair<string, string>> { new("grant_type", "client_credentials") };
        if (scope is not null)
        {
            form.Add(new("scope", scope));
        }

        var request = new HttpRequestMessage(HttpMethod.Post, at);
        if (place is SecretPlace.Form)
        {
            form.Add(new("client_id", settings.ClientId));
            form.Add(new("client_secret", settings.ClientSecret));
        }
        else
        {
            var pair =
                place is SecretPlace.Basic
                    ? $"{settings.ClientId}:{settings.ClientSecret}"
                    : $"{Uri.EscapeDataString(settings.ClientId)}:{Uri.EscapeDataString(settings.ClientSecret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private static TokenAnswer Accept(JsonDocument? body, TimeProvider time)
    {
        if (body is null)
        {
            return new TokenAnswer.Elsewhere("it answered with a page that is not JSON");
        }

        if (Text(body, "access_token") is not { Length: > 0 } value || !value.All(c => c is > ' ' and < '\u007f'))
        {
            return Code(body) is { } code
                ? new TokenAnswer.Refused(code, code is "invalid_client")
                : new TokenAnswer.Elsewhere("its answer holds no access_token");
        }

        // Without a life of its own the token is used until the API says 401.
        return new TokenAnswer.Given(new Token(value, Life(body) is { } life ? time.GetUtcNow() + (life * 0.9) : DateTimeOffset.MaxValue));
    }

    private static TimeSpan? Life(JsonDocument body) =>
        body.RootElement.TryGetProperty("expires_in", out var value)
        && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        && seconds is > 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string? Code(JsonDocument? body) => body is null ? null : Text(body, "error");

    private static string? Text(JsonDocument body, string name) =>
        body.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static async Task<JsonDocument?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            await answer.Content.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
            var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return document.RootElement.ValueKind is JsonValueKind.Object ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            throw new RequestFailure(Fault.Broken, CheckPart.TokenUrl, "The token URL's answer broke off.", inner: e);
        }
    }
}
