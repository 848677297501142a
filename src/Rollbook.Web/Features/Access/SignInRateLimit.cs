using System.Net;
using System.Net.Sockets;
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

    /// <summary>
    /// Whose attempts are counted together: those of one IPv4 address, or of one IPv6 network of 64 bits, all addresses of which one machine may take
    /// (RFC 4291, section 2.5.4).
    /// </summary>
    internal static string Partition(IPAddress? address) =>
        address switch
        {
            null => "",
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)),
            _ => address.ToString(),
        };

    internal static void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.AddPolicy(
            Name,
            http =>
                HttpMethods.IsPost(http.Request.Method)
                    ? RateLimitPartition.GetFixedWindowLimiter(
                        Partition(http.Connection.RemoteIpAddress),
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
