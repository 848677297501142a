using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rollbook.Web.Features.Access;

/// <summary>The cookie that says who is signed in.</summary>
internal static class SignInCookie
{
    internal const string Return = "return";

    internal static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "rollbook";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

        // The row of the session has the limits that count; a ticket lives as long as any session can.
        options.ExpireTimeSpan = Sessions.Absolute;
        options.SlidingExpiration = false;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = Return;
        options.Events.OnSigningIn = context => context.HttpContext.RequestServices.GetRequiredService<Sessions>().BeginAsync(context);
        options.Events.OnSigningOut = context => context.HttpContext.RequestServices.GetRequiredService<Sessions>().EndAsync(context.HttpContext);
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    /// <summary>The address to go to after signing in: one of ours, or the start. Never another site's.</summary>
    internal static string Local(string? address) =>
        address is ['/', ..] && address is not ['/', '/' or '\\', ..] && !address.Any(char.IsControl) ? address : "/";

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var stamp = services.GetRequiredService<IOptions<IdentityOptions>>().Value.ClaimsIdentity.SecurityStampClaimType;
        if (
            !await services
                .GetRequiredService<Sessions>()
                .GoesOnAsync(context.Principal, context.Properties, stamp, context.HttpContext.RequestAborted)
        )
        {
            context.RejectPrincipal();
        }
    }
}
