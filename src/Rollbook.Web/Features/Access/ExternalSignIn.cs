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
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Rollbook.Web.Features.Access;

/// <summary>
/// Signing in with the district's own OpenID Connect provider: code flow with PKCE, set up by the operator. The provider says who someone is; what
/// the person may do was decided by an invitation here.
/// </summary>
internal static partial class ExternalSignIn
{
    internal const string Scheme = "provider";
    private const string AuthoritySetting = "ROLLBOOK_OIDC_AUTHORITY";
    private const string ClientSetting = "ROLLBOOK_OIDC_CLIENT_ID";

    internal static void Add(IServiceCollection services, IConfiguration? configuration)
    {
        services.AddScoped<ExternalAccounts>();
        if (configuration is null || Authority(configuration) is not { } authority)
        {
            services.AddSingleton(new ExternalProvider(Name: null));
            return;
        }

        services.AddSingleton(new ExternalProvider(configuration["ROLLBOOK_OIDC_NAME"] is { Length: > 0 } name ? name : "your organization"));
        services.AddAuthentication().AddOpenIdConnect(Scheme, options => Configure(options, authority, configuration));
    }

    /// <summary>The provider's address; null where none is named.</summary>
    /// <exception cref="RefusedSettingException">The settings can't be right.</exception>
    private static Uri? Authority(IConfiguration configuration)
    {
        var (authority, client) = (configuration[AuthoritySetting], configuration[ClientSetting]);
        if (string.IsNullOrWhiteSpace(authority))
        {
            return string.IsNullOrWhiteSpace(client)
                ? null
                : throw new RefusedSettingException(
                    $"{ClientSetting} is set and {AuthoritySetting} is not. Set it to the provider's address, such as https://login.riverside.example/realms/staff, or unset both."
                );
        }

        // Only a provider on this machine, as in a rehearsal, may do without TLS.
        if (
            !Uri.TryCreate(authority, UriKind.Absolute, out var address)
            || !(address.Scheme is "https" || (address.Scheme is "http" && address.IsLoopback))
            || address.Query.Length + address.Fragment.Length > 0
        )
        {
            throw new RefusedSettingException(
                $"{AuthoritySetting} is no address of a provider. It begins with https:// and looks like this: https://login.riverside.example/realms/staff"
            );
        }

        return string.IsNullOrWhiteSpace(client)
            ? throw new RefusedSettingException(
                $"{AuthoritySetting} is set and {ClientSetting} is not. Set it to the client ID that the provider gave you."
            )
            : address;
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        // A link and not a form: our policy forbids forms to lead to another host.
        routes
            .MapGet(
                "/sign-in/provider",
                async (ExternalProvider provider, HttpContext http, string? @return) =>
                    provider.Name is null ? Results.NotFound()
                    : await IsReachableAsync(http)
                        ? Results.Challenge(
                            new AuthenticationProperties
                            {
                                RedirectUri = QueryHelpers.AddQueryString("/sign-in/provider/back", SignInCookie.Return, SignInCookie.Local(@return)),
                            },
                            [Scheme]
                        )
                    : Results.LocalRedirect(
                        QueryHelpers.AddQueryString("/sign-in?refused=unreachable", SignInCookie.Return, SignInCookie.Local(@return))
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

    // The provider's own description, which is asked for once and then known for a day.
    private static async Task<bool> IsReachableAsync(HttpContext http)
    {
        var options = http.RequestServices.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(Scheme);
        try
        {
            await options.ConfigurationManager!.GetConfigurationAsync(http.RequestAborted);
            return true;
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            Unreachable(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ExternalSignIn)), exception);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The OpenID Connect provider can't be reached, so nobody signs in with it.")]
    private static partial void Unreachable(ILogger logger, Exception exception);

    private static void Configure(OpenIdConnectOptions options, Uri authority, IConfiguration configuration)
    {
        options.SignInScheme = IdentityConstants.ExternalScheme;
        options.Authority = authority.OriginalString;
        options.ClientId = configuration[ClientSetting];
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

        options.RequireHttpsMetadata = !authority.IsLoopback;

        // A person waits meanwhile.
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        options.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            context.Response.Redirect("/sign-in?refused=provider");
            return Task.CompletedTask;
        };
    }
}
