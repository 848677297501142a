namespace Rollbook.Sources.OneRoster;

/// <summary>
/// Gets the token of one connection and renews it at nine tenths of its life. What the token URL wants (scope or none, Basic or the secret in the
/// form, which of the guessed URLs) is found out once and then kept (synergy-oneroster.md section 1.3).
/// </summary>
internal sealed class TokenSource(OneRosterSettings settings, OneRosterOptions options, TokenRequest.Sender send) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private Token? current;
    private int url;
    private int scope;
    private SecretPlace place;

    /// <summary>The scope that was accepted; null for none.</summary>
    public string? Scope => settings.ScopeChoices[scope];

    /// <summary>Whether a scope was asked for that the token URL did not accept.</summary>
    public bool ScopeWasRefused => scope > 0;

    /// <summary>The token URL that answers.</summary>
    public Uri Url => settings.TokenUrls[url];

    /// <summary>A token that is good for a while.</summary>
    /// <exception cref="SourceException">The credentials or the URL are wrong.</exception>
    /// <exception cref="RequestFailure">The token URL is down.</exception>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref current) is { } good && good.RenewAt > options.Time.GetUtcNow())
        {
            return good.Value;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (current is { } token && token.RenewAt > options.Time.GetUtcNow())
            {
                return token.Value;
            }

            current = await FindAsync(cancellationToken);
            return current.Value;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Drops a token that the API did not accept, unless it has been renewed meanwhile.</summary>
    public void Forget(string value)
    {
        var token = Volatile.Read(ref current);
        if (token is not null && string.Equals(token.Value, value, StringComparison.Ordinal))
        {
            Interlocked.CompareExchange(ref current, null, token);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private async Task<Token> FindAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var request = new TokenRequest(settings, Url, Scope, place);
            switch (await request.SendAsync(send, options.Time, cancellationToken))
            {
                case TokenAnswer.Given given:
                    return given.Token;
                case TokenAnswer.Elsewhere when url + 1 < settings.TokenUrls.Count:
                    url++;
                    break;
                case TokenAnswer.Refused { ByClient: false } when scope + 1 < settings.ScopeChoices.Count:
                    scope++;
                    break;
                case TokenAnswer.Refused when place < SecretPlace.Form:
                    place = place is SecretPlace.Basic && EncodingMatters ? SecretPlace.EncodedBasic : SecretPlace.Form;
                    break;
                case TokenAnswer.Refused { Code: "invalid_scope" }:
                    throw Wrong(
                        CheckPart.Scope,
                        "The token URL gave no token without a scope and none for the scope asked for. Enter the scope that the SIS shows for this client."
                    );
                case TokenAnswer.Refused:
                    place = SecretPlace.Basic;
                    throw Wrong(
                        CheckPart.Credentials,
                        "The token URL refused the client ID or the client secret. Enter both anew, as the SIS shows them for this client; a secret may have been replaced there."
                    );
                case TokenAnswer.Elsewhere elsewhere:
                    throw Wrong(
                        CheckPart.TokenUrl,
                        settings.TokenUrlIsGuessed
                            ? "No token URL was given, and none was found below the API URL. Enter the Token URL that the SIS shows for this client."
                            : $"{Url.Host} answered, but not as a token URL: {elsewhere.What}. Enter the Token URL that the SIS shows for this client; it is not the API URL."
                    );
            }
        }
    }

    private bool EncodingMatters =>
        !string.Equals(
            Uri.EscapeDataString(settings.ClientId + settings.ClientSecret),
            settings.ClientId + settings.ClientSecret,
            StringComparison.Ordinal
        );

    private static SourceException Wrong(CheckPart part, string message) => new(SourceFailure.Configuration, part, message);
}

/// <summary>An access token. Prints nothing of itself.</summary>
internal sealed class Token(string value, DateTimeOffset renewAt)
{
    public string Value => value;

    public DateTimeOffset RenewAt => renewAt;
}
