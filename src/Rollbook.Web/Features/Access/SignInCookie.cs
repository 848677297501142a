using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
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
        var ordinary = options.Events.OnRedirectToLogin;
        options.Events.OnRedirectToLogin = context =>
        {
            context.RedirectUri = QueryHelpers.AddQueryString(options.LoginPath, Return, Back(context.HttpContext));
            return ordinary(context);
        };
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    /// <summary>The address to go to after signing in: one of ours, or the start. Never another site's.</summary>
    internal static string Local(string? address) =>
        address is ['/', ..] && address is not ['/', '/' or '\\', ..] && !address.Any(char.IsControl) ? address : "/";

    /// <summary>
    /// Where someone is to come back to who is led away from what they asked for: the page; for a form, which can't be sent on, the page that it was on,
    /// or the start. Never with what was searched for, which may name a pupil; only where a page itself leads on to is kept.
    /// </summary>
    internal static string Back(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            return Page(http.Request.Path, http.Request.Query[Return]);
        }

        return
            Uri.TryCreate(http.Request.Headers.Referer, UriKind.Absolute, out var referer)
            && string.Equals(referer.Authority, http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
            ? Page(PathString.FromUriComponent(referer), QueryHelpers.ParseQuery(referer.Query).GetValueOrDefault(Return))
            : "/";
    }

    private static string Page(PathString path, string? onwards)
    {
        var page = Local(path.ToUriComponent());
        return string.IsNullOrEmpty(onwards) ? page : QueryHelpers.AddQueryString(page, Return, Local(onwards).Split('?', '#')[0]);
    }

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
