using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

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
                        _ => new FixedWindowRateLimiterOptions
                        {
                            PermitLimit = http.RequestServices.GetRequiredService<SignInLimit>().PerMinute,
                            Window = TimeSpan.FromMinutes(1),
                        }
                    )
                    : RateLimitPartition.GetNoLimiter("")
        );
    }
}

/// <summary>How often one network address may try to sign in.</summary>
/// <param name="PerMinute">Attempts a minute, all ways together.</param>
internal sealed record SignInLimit(int PerMinute);
