namespace Rollbook.Sources.OneRoster;

/// <summary>Asks for a token; one request tells of the token URL, the credentials and the scope.</summary>
internal sealed class TokenCheck(TokenSource tokens)
{
    private SourceException? refusal;

    public async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tokens.GetAsync(cancellationToken);
        }
        catch (SourceException e) when (e.Part is CheckPart.Credentials or CheckPart.Scope)
        {
            refusal = e;
        }

        return $"A token service answers at {tokens.Url.GetLeftPart(UriPartial.Path)}.";
    }

    public Task<string> CredentialsAsync(CancellationToken cancellationToken) =>
        refusal is { Part: CheckPart.Credentials } ? Task.FromException<string>(refusal) : Task.FromResult("The client ID and secret are accepted.");

    public Task<string> ScopeAsync(CancellationToken cancellationToken) =>
        refusal is not null
            ? Task.FromException<string>(refusal)
            : Task.FromResult(
                tokens switch
                {
                    { Scope: { } scope } => $"The scope {scope} was granted.",
                    { ScopeWasRefused: true } => "The token URL takes no scope; it gave a token without one.",
                    _ => "No scope was asked for.",
                }
            );
}
