using Rollbook.Simulator.Tokens;

namespace Rollbook.Simulator.Rest;

/// <summary>Decides whether a read is allowed: token, affinity cookie, scope, licence, and endpoints the district does not have.</summary>
internal sealed class Gatekeeper(TokenStore tokens)
{
    /// <summary>The reason for refusing, or null.</summary>
    public StatusInfo? Refuse(Exchange exchange, Operation? operation)
    {
        var request = exchange.Context.Request;
        var switches = exchange.Switches;
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || tokens.Find(header[scheme.Length..].Trim()) is not { } token)
        {
            return StatusInfo.Unauthorized("The access token is missing, unknown, revoked or expired.");
        }

        if (switches.RevokeTokenAfterPages is { } pages && token.Used() > pages)
        {
            token.Revoked = true;
            return StatusInfo.Unauthorized("The access token was revoked.");
        }

        if (switches.Affinity != Affinity.Off && !string.Equals(request.Cookies[TokenEndpoint.Cookie], token.Node, StringComparison.Ordinal))
        {
            return switches.Affinity switch
            {
                Affinity.Forbidden => StatusInfo.Forbidden("The session is not known."),
                Affinity.WrongNode => StatusInfo.Unauthorized("This node has no such token."),
                _ => StatusInfo.Unauthorized("The session is not known."),
            };
        }

        return operation is null ? StatusInfo.UnknownObject($"resource '{exchange.Path}'") : RefuseOperation(switches, token, operation);
    }

    private static StatusInfo? RefuseOperation(FaultSwitches switches, IssuedToken token, Operation operation)
    {
        if (switches.MissingScope || !Scopes.Allow(token.Scopes, operation))
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
