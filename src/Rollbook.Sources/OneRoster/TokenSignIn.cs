using System.Net;
using System.Net.Http.Headers;

namespace Rollbook.Sources.OneRoster;

/// <summary>OAuth 2: every request carries the token, which is renewed once when the API does not take it.</summary>
internal sealed class TokenSignIn(TokenSource tokens) : ISignIn
{
    /// <summary>Where the tokens come from.</summary>
    public TokenSource Tokens => tokens;

    /// <inheritdoc/>
    public async Task<HttpResponseMessage> SendAsync(
        Func<Func<Uri, AuthenticationHeaderValue>, Task<HttpResponseMessage>> send,
        CancellationToken cancellationToken
    )
    {
        for (var renewed = false; ; renewed = true)
        {
            var token = await tokens.GetAsync(cancellationToken);
            var answer = await send(_ => new AuthenticationHeaderValue("Bearer", token));
            if (answer.StatusCode is not HttpStatusCode.Unauthorized)
            {
                return answer;
            }

            answer.Dispose();
            tokens.Forget(token);
            if (renewed)
            {
                throw new SourceException(
                    SourceFailure.Configuration,
                    CheckPart.ApiUrl,
                    "The API did not accept the token that the token URL gave (401), not even a new one. Check that API URL and Token URL belong to the same SIS, and the client's permissions there."
                );
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => tokens.Dispose();
}
