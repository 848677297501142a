using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// OAuth 1.0a without a user (RFC 5849): every request is signed anew, with HMAC-SHA256, or with HMAC-SHA1 where the API takes no other, which is found out once and then kept.
/// </summary>
internal sealed class SignatureSignIn(OneRosterSettings settings, TimeProvider time) : ISignIn
{
    // What servers usually allow a signature to be old.
    private static readonly TimeSpan UsualTolerance = TimeSpan.FromMinutes(5);

    private volatile SignatureMethod method = SignatureMethod.Sha256;
    private volatile bool isSettled;

    /// <summary>What is known of the credentials after the API has answered.</summary>
    public string Describe() =>
        isSettled
            ? $"The client ID and secret are accepted; requests are signed with {OAuthSignature.NameOf(method)}."
            : "Whether the client ID and secret are accepted is not known yet: the API let nothing be read.";

    /// <inheritdoc/>
    public async Task<HttpResponseMessage> SendAsync(
        Func<Func<Uri, AuthenticationHeaderValue>, Task<HttpResponseMessage>> send,
        CancellationToken cancellationToken
    )
    {
        var settled = isSettled;
        var with = method;
        for (var isRepeat = false; ; isRepeat = true)
        {
            var answer = await send(address => Header(address, with));
            var isGiven = false;
            try
            {
                if (!await IsRefusalAsync(answer, settled, cancellationToken))
                {
                    if (answer.IsSuccessStatusCode)
                    {
                        (method, isSettled) = (with, true);
                    }

                    isGiven = true;
                    return answer;
                }

                if (isRepeat)
                {
                    throw Refusal(answer, settled);
                }
            }
            finally
            {
                if (!isGiven)
                {
                    answer.Dispose();
                }
            }

            // What was accepted before is signed once more: a nonce may have met its like.
            with = settled ? with : SignatureMethod.Sha1;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // It holds nothing but the settings.
    }

    private AuthenticationHeaderValue Header(Uri address, SignatureMethod with)
    {
        var parameters = new List<KeyValuePair<string, string>>
        {
            new("oauth_consumer_key", settings.ClientId),
            new("oauth_nonce", RandomNumberGenerator.GetHexString(32, lowercase: true)),
            new("oauth_signature_method", OAuthSignature.NameOf(with)),
            new("oauth_timestamp", time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new("oauth_version", "1.0"),
        };
        var baseString = OAuthSignature.BaseString(HttpMethod.Get, address, parameters);
        parameters.Add(new("oauth_signature", OAuthSignature.Sign(with, OAuthSignature.Encode(settings.ClientSecret) + "&", baseString)));
        return new AuthenticationHeaderValue(
            "OAuth",
            string.Join(", ", parameters.Select(parameter => $"{parameter.Key}=\"{OAuthSignature.Encode(parameter.Value)}\""))
        );
    }

    // RFC 5849 section 3.2 answers 400 to a method that it does not take; other requests are answered so for other reasons.
    private static async Task<bool> IsRefusalAsync(HttpResponseMessage answer, bool settled, CancellationToken cancellationToken)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized)
        {
            return true;
        }

        if (settled || answer.StatusCode is not HttpStatusCode.BadRequest)
        {
            return false;
        }

        if (answer.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme.Equals("OAuth", StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        try
        {
            var body = await AnswerStatus.StartOfBodyAsync(answer, cancellationToken);
            return body.Contains("oauth", StringComparison.OrdinalIgnoreCase) || body.Contains("signature", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new RequestFailure(Fault.Broken, CheckPart.Connection, "Its answer broke off.", inner: e);
        }
    }

    private Exception Refusal(HttpResponseMessage answer, bool settled)
    {
        if (answer.StatusCode is HttpStatusCode.BadRequest)
        {
            // It may be about something else, and be gone when less is asked for.
            return new RequestFailure(
                Fault.BadRequest,
                CheckPart.Credentials,
                "It refused the request (400), signed with HMAC-SHA256 and with HMAC-SHA1, and speaks of the signature: the client may not be one of OAuth 1.0a, or its secret be another."
            );
        }

        var apart = answer.Headers.Date is { } theirs ? (time.GetUtcNow() - theirs).Duration() : TimeSpan.Zero;
        if (apart > UsualTolerance)
        {
            return Wrong(
                CheckPart.Credentials,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The API refused the signature (401), and its clock and this server's are {apart.TotalMinutes:0} minutes apart, which alone is a reason: a signature holds for minutes. Set the clock that is wrong, then test again; if it is refused still, enter client ID and client secret anew."
                )
            );
        }

        return settled
            ? Wrong(
                CheckPart.Licence,
                "The API refused a request (401) after it had accepted others that were signed alike: this client may lack the permission to read this, or its secret was replaced just now. Ask the SIS's administrator for the client's permission; if there is a new secret, enter it."
            )
            : Wrong(
                CheckPart.Credentials,
                "The API refused the signature (401): the client ID or the client secret is wrong, or the client is not one of OAuth 1.0a. Enter both anew, as the SIS shows them for this client; a secret may have been replaced there."
            );
    }

    private static SourceException Wrong(CheckPart part, string message) => new(SourceFailure.Configuration, part, message);
}
