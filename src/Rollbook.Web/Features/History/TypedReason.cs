using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Rollbook.Sync.Runs;

namespace Rollbook.Web.Features.History;

/// <summary>
/// The reason that a person typed for a decision that could not be taken, until the run's page has it in its field again. In a cookie of that page alone and not in the address, which is written
/// into logs and sent to colleagues.
/// </summary>
internal static class TypedReason
{
    private const string Cookie = "rollbook-reason";

    /// <summary>Keeps it for the page that is shown next.</summary>
    /// <param name="http">The request.</param>
    /// <param name="page">The run's page.</param>
    /// <param name="reason">What was typed.</param>
    internal static void Keep(HttpContext http, string page, string reason)
    {
        if (reason.Length is > 0 and <= RunDecision.LongestReason)
        {
            var options = Options(http, page);
            options.MaxAge = TimeSpan.FromMinutes(1);
            http.Response.Cookies.Append(Cookie, WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(reason)), options);
        }
    }

    /// <summary>What was kept, once; null when there is none.</summary>
    internal static string? Take(HttpContext http, string page)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || http.Request.Cookies[Cookie] is not { Length: > 0 } kept)
        {
            return null;
        }

        http.Response.Cookies.Delete(Cookie, Options(http, page));
        try
        {
            var reason = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(kept));
            return reason.Length <= RunDecision.LongestReason ? reason : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http, string page) =>
        new()
        {
            HttpOnly = true,
            IsEssential = true,
            Path = page,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
        };
}
