using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rollbook.Simulator.Faults;

namespace Rollbook.Simulator.Tokens;

/// <summary>OAuth 2.0 client credentials (RFC 6749, section 4.4), with the quirks of profile and switches.</summary>
internal sealed class TokenEndpoint(SimulatorOptions options, ProfileTraits traits, FaultBoard faults, TokenStore tokens, RequestLog log)
{
    public const string Path = "/oauth/token";
    public const string Cookie = "SISNODE";

    public async Task HandleAsync(HttpContext context)
    {
        var switches = faults.Current;
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await RefuseAsync(context, 405, "invalid_request", "Ask for a token with POST.");
            return;
        }

        switch (switches.Token)
        {
            case TokenFault.Html:
                context.Response.ContentType = "text/html";
                Log(context);
                await context.Response.WriteAsync("<html><body><h1>Sign in</h1></body></html>");
                return;
            case TokenFault.ServerError:
                await RefuseAsync(context, 500, "server_error", "The token service failed.");
                return;
        }

        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : FormCollection.Empty;
        if (switches.Token == TokenFault.InvalidClient || !IsKnownClient(context.Request, form))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"token\"";
            await RefuseAsync(context, 401, "invalid_client", "The client id or secret is wrong.");
            return;
        }

        if (!string.Equals(form["grant_type"], "client_credentials", StringComparison.Ordinal))
        {
            await RefuseAsync(context, 400, "unsupported_grant_type", "The form must say grant_type=client_credentials.");
            return;
        }

        var asked = form["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (asked.Any(scope => !Scopes.IsKnown(traits.Version, scope)) || (asked.Length > 0 && switches.Token == TokenFault.InvalidScope))
        {
            await RefuseAsync(context, 400, "invalid_scope", "A scope is not known here.");
            return;
        }

        await GrantAsync(context, asked.Length == 0 ? Scopes.Granted(traits.Version) : asked, switches);
    }

    private async Task GrantAsync(HttpContext context, IReadOnlyCollection<string> scopes, FaultSwitches switches)
    {
        var (text, token) = tokens.Issue(scopes.ToHashSet(StringComparer.Ordinal), switches.TokenLifetimeSeconds);
        var answer = new JsonObject { ["access_token"] = text };
        if (switches.Token != TokenFault.NoTokenType)
        {
            answer["token_type"] = "Bearer";
        }

        if (switches.Token != TokenFault.NoExpiresIn)
        {
            answer["expires_in"] =
                switches.Token == TokenFault.ExpiresInText
                    ? switches.TokenLifetimeSeconds.ToString(CultureInfo.InvariantCulture)
                    : switches.TokenLifetimeSeconds;
        }

        answer["scope"] = string.Join(' ', scopes);
        if (traits.CookieAffinity || switches.Affinity != Affinity.Off)
        {
            context.Response.Cookies.Append(
                Cookie,
                token.Node,
                new CookieOptions
                {
                    HttpOnly = true,
                    Path = "/",
                    Secure = options.Tls,
                }
            );
        }

        await WriteAsync(context, 200, answer);
    }

    private bool IsKnownClient(HttpRequest request, IFormCollection form)
    {
        var (id, secret) =
            Basic(request)
            ?? (traits.BasicTokenOnly ? (string.Empty, string.Empty) : (form["client_id"].ToString(), form["client_secret"].ToString()));
        return string.Equals(id, options.ClientId, StringComparison.Ordinal) && string.Equals(secret, options.ClientSecret, StringComparison.Ordinal);
    }

    /// <summary>Before the body is sent, so that a client that has it finds it logged.</summary>
    private void Log(HttpContext context) =>
        log.Add(
            new LoggedRequest(context.Request.Method, context.Request.Path, string.Empty, context.Response.StatusCode, 0, 0, FromCache: false),
            Path,
            isPage: false
        );

    private static (string Id, string Secret)? Basic(HttpRequest request)
    {
        const string scheme = "Basic ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[scheme.Length..], buffer, out var length))
        {
            return (string.Empty, string.Empty);
        }

        // RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
        var parts = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        return (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : string.Empty);
    }

    private Task RefuseAsync(HttpContext context, int status, string error, string description) =>
        WriteAsync(context, status, new JsonObject { ["error"] = error, ["error_description"] = description });

    private async Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json;charset=UTF-8";
        context.Response.Headers.CacheControl = "no-store";
        Log(context);
        await context.Response.WriteAsync(body.ToJsonString());
    }
}
