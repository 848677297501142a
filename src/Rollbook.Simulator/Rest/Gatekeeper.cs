using Rollbook.Simulator.Tokens;

namespace Rollbook.Simulator.Rest;

/// <summary>Decides whether a read is allowed: token or signature, affinity cookie, scope, licence, and endpoints the district does not have.</summary>
internal sealed class Gatekeeper(ProfileTraits traits, TokenStore tokens, SignatureCheck signatures)
{
    /// <summary>The reason for refusing, or null.</summary>
    public StatusInfo? Refuse(Exchange exchange, Operation? operation)
    {
        var isSigned = exchange.Context.Request.Headers.Authorization.ToString().StartsWith("OAuth ", StringComparison.OrdinalIgnoreCase);
        var (refusal, scopes) = isSigned ? RefuseSignature(exchange) : RefuseToken(exchange);
        return refusal
            ?? (
                operation is null
                    ? StatusInfo.UnknownObject($"resource '{exchange.Path}'")
                    : RefuseOperation(exchange.Switches, scopes, traits.Version, operation)
            );
    }

    // A signature carries no scope and no session: it is the client's, for all that it may read.
    private (StatusInfo? Refusal, IReadOnlySet<string> Scopes) RefuseSignature(Exchange exchange)
    {
        var problem =
            traits.Version is OneRosterVersion.V12 || exchange.Switches.Signatures is SignatureSupport.None ? "Signed requests are not taken here."
            : signatures.Problem(exchange.Context.Request, exchange.Switches.Signatures) is { } found ? $"oauth_problem={found}"
            : null;
        if (problem is null)
        {
            return (null, Scopes.Granted(traits.Version).ToHashSet(StringComparer.Ordinal));
        }

        return (
            problem.EndsWith("signature_method_rejected", StringComparison.Ordinal)
                ? StatusInfo.InvalidData(problem)
                : StatusInfo.Unauthorized(problem),
            new HashSet<string>(StringComparer.Ordinal)
        );
    }

    private (StatusInfo? Refusal, IReadOnlySet<string> Scopes) RefuseToken(Exchange exchange)
    {
        var request = exchange.Context.Request;
        var switches = exchange.Switches;
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || tokens.Find(header[scheme.Length..].Trim()) is not { } token)
        {
            return (
                StatusInfo.Unauthorized("The access token is missing, unknown, revoked or expired."),
                new HashSet<string>(StringComparer.Ordinal)
            );
        }

        if (switches.RevokeTokenAfterPages is { } pages && token.Used() > pages)
        {
            token.Revoked = true;
            return (StatusInfo.Unauthorized("The access token was revoked."), token.Scopes);
        }

        if (switches.Affinity != Affinity.Off && !string.Equals(request.Cookies[TokenEndpoint.Cookie], token.Node, StringComparison.Ordinal))
        {
            return (
                switches.Affinity switch
                {
                    Affinity.Forbidden => StatusInfo.Forbidden("The session is not known."),
                    Affinity.WrongNode => StatusInfo.Unauthorized("This node has no such token."),
                    _ => StatusInfo.Unauthorized("The session is not known."),
                },
                token.Scopes
            );
        }

        return (null, token.Scopes);
    }

    private static StatusInfo? RefuseOperation(FaultSwitches switches, IReadOnlySet<string> scopes, OneRosterVersion version, Operation operation)
    {
        if (switches.MissingScope || !Scopes.Allow(scopes, version, operation))
        {
            return StatusInfo.Forbidden("The access token does not carry the scope this read needs.");
        }

        if (switches.LicenceRefused)
        {
            return StatusInfo.Forbidden("The district has no licence for this interface, or the client no permission to use it.");
        }

        foreach (var (path, status) in switches.MissingEndpoints)
        {
            var same =
                operation.Path.Equals(path, StringComparison.OrdinalIgnoreCase)
                || (operation.Single && operation.Path.Equals(path + "/{id}", StringComparison.OrdinalIgnoreCase));
            if (same)
            {
                return status == 403
                    ? StatusInfo.Forbidden($"The client may not read '{path}'.")
                    : StatusInfo.Failure(status, $"'{path}' is not offered here.");
            }
        }

        return null;
    }
}
