using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Appearance;

/// <summary>Light, dark, or as the system has it; kept in a cookie, so it works without scripts and before anyone signs in.</summary>
internal static class Theme
{
    internal static readonly string[] All = ["system", "light", "dark"];
    private const string Cookie = "rollbook-theme";

    internal static string Of(HttpContext? http) =>
        http?.Request.Cookies[Cookie] is { } theme && All.Contains(theme, StringComparer.Ordinal) ? theme : "system";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/theme",
                (HttpContext http, [FromForm] string theme, [FromForm] string? back) =>
                {
                    if (All.Contains(theme, StringComparer.Ordinal))
                    {
                        Preference.Set(http, Cookie, theme);
                    }

                    return Results.LocalRedirect(SignInCookie.Local(back));
                }
            )
            .AllowAnonymous()
            .NeedsFormToken();
}

/// <summary>A choice about how things look, remembered by the browser for a year.</summary>
internal static class Preference
{
    internal static void Set(HttpContext http, string name, string value) =>
        http.Response.Cookies.Append(
            name,
            value,
            new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(365),
                Path = "/",
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
            }
        );
}
