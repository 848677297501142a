using Microsoft.AspNetCore.Http;

namespace Rollbook.Web;

/// <summary>A message that a POST leaves for the page it leads to. In a cookie and not in the address, where anyone could make one up.</summary>
internal static class Flash
{
    private const string Cookie = "rollbook-said";

    internal static void Leave(HttpContext http, string message) =>
        http.Response.Cookies.Append(
            Cookie,
            message,
            new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = TimeSpan.FromMinutes(1),
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
            }
        );

    /// <summary>The message, once; null when there is none.</summary>
    internal static string? Take(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } message)
        {
            return null;
        }

        http.Response.Cookies.Delete(Cookie);
        return message;
    }
}
