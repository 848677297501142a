using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollbook.Web.Ui;

namespace Rollbook.Web;

/// <summary>A message that a POST leaves for the page it leads to, which shows it with <c>Said</c>. In a cookie and not in the address, where anyone could make one up.</summary>
internal static class Flash
{
    private const string Cookie = "rollbook-said";

    internal static void Leave(HttpContext http, string message, Tone tone = Tone.Good) =>
        http.Response.Cookies.Append(
            Cookie,
            string.Create(CultureInfo.InvariantCulture, $"{(int)tone}{message}"),
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
    internal static (string Message, Tone Tone)? Take(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 1 } left)
        {
            return null;
        }

        http.Response.Cookies.Delete(Cookie);
        var tone = (Tone)(left[0] - '0');
        return (left[1..], Enum.IsDefined(tone) ? tone : Tone.Information);
    }
}
