using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Rollbook.Web.Features.Access;

/// <summary>
/// Slows down guessing from one address: passwords, codes, recovery codes, passkeys and links together. The lock of an account stops guessing one
/// person's password or code.
/// </summary>
internal static class SignInRateLimit
{
    internal const string Name = "sign-in";
    internal const int PerMinute = 30;

    internal static void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.AddPolicy(
            Name,
            http =>
                HttpMethods.IsPost(http.Request.Method)
                    ? RateLimitPartition.GetFixedWindowLimiter(
                        http.Connection.RemoteIpAddress?.ToString() ?? "",
                        _ => new FixedWindowRateLimiterOptions { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1) }
                    )
                    : RateLimitPartition.GetNoLimiter("")
        );
    }
}
