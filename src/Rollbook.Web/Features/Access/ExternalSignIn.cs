using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Rollbook.Web.Features.Access;

/// <summary>
/// Signing in with the district's own OpenID Connect provider: code flow with PKCE, set up by the operator. The provider says who someone is; what
/// the person may do was decided by an invitation here.
/// </summary>
internal static class ExternalSignIn
{
    internal const string Scheme = "provider";

    internal static void Add(IServiceCollection services, IConfiguration? configuration)
    {
        services.AddScoped<ExternalAccounts>();
        if (configuration?["ROLLBOOK_OIDC_AUTHORITY"] is not { Length: > 0 } authority)
        {
            services.AddSingleton(new ExternalProvider(Name: null));
            return;
        }

        services.AddSingleton(new ExternalProvider(configuration["ROLLBOOK_OIDC_NAME"] is { Length: > 0 } name ? name : "your organization"));
        services.AddAuthentication().AddOpenIdConnect(Scheme, options => Configure(options, authority, configuration));
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        // A link and not a form: our policy forbids forms to lead to another host.
        routes
            .MapGet(
                "/sign-in/provider",
                (ExternalProvider provider, string? @return) =>
                    provider.Name is null
                        ? Results.NotFound()
                        : Results.Challenge(
                            new AuthenticationProperties
                            {
                                RedirectUri = QueryHelpers.AddQueryString("/sign-in/provider/back", SignInCookie.Return, SignInCookie.Local(@return)),
                            },
                            [Scheme]
                        )
            )
            .AllowAnonymous();
        routes.MapGet("/sign-in/provider/back", BackAsync).AllowAnonymous();
    }

    private static async Task<IResult> BackAsync(ExternalProvider provider, ExternalAccounts accounts, HttpContext http, string? @return)
    {
        var external = provider.Name is null ? null : await http.AuthenticateAsync(IdentityConstants.ExternalScheme);
        if (external is not { Succeeded: true, Principal: { } person })
        {
            return Results.LocalRedirect("/sign-in?refused=provider");
        }

        await http.SignOutAsync(IdentityConstants.ExternalScheme);
        return await accounts.SignInAsync(person, http.RequestAborted) switch
        {
            SignInOutcome.Done => Results.LocalRedirect(SignInCookie.Local(@return)),
            SignInOutcome.NeedsCode => Results.LocalRedirect(
                QueryHelpers.AddQueryString("/sign-in/code", SignInCookie.Return, SignInCookie.Local(@return))
            ),
            SignInOutcome.Guarded => Results.LocalRedirect("/sign-in?refused=guarded"),
            _ => Results.LocalRedirect("/sign-in?refused=account"),
        };
    }

    private static void Configure(OpenIdConnectOptions options, string authority, IConfiguration configuration)
    {
        options.SignInScheme = IdentityConstants.ExternalScheme;
        options.Authority = authority;
        options.ClientId = configuration["ROLLBOOK_OIDC_CLIENT_ID"];
        options.ClientSecret = configuration["ROLLBOOK_OIDC_CLIENT_SECRET"];
        options.ResponseType = OpenIdConnectResponseType.Code;

        // The answer comes as a link that is followed, so the cookies that belong to it need not be sent along by other sites' forms.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        options.CallbackPath = "/sign-in/provider/callback";
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.MapJsonKey("email_verified", "email_verified", ClaimValueTypes.Boolean);
        options.MapInboundClaims = false;

        // The handler would drop it; who someone is, only issuer and subject together say.
        options.ClaimActions.Remove("iss");
        options.Scope.Add("email");

        // Only a provider on this machine, as in a rehearsal, may do without TLS.
        options.RequireHttpsMetadata = !(Uri.TryCreate(authority, UriKind.Absolute, out var address) && address.IsLoopback);
        options.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            context.Response.Redirect("/sign-in?refused=provider");
            return Task.CompletedTask;
        };
    }
}
