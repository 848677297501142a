using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rollbook.Telling.Webhook;

/// <summary>
/// The signature of a call, as Standard Webhooks 1.0 has it: HMAC-SHA256 over the call's ID, the time and the body, so that nobody can make a call up, change it, or send an old one again.
/// </summary>
internal static class Signature
{
    internal const string IdHeader = "webhook-id";
    internal const string TimeHeader = "webhook-timestamp";
    internal const string Header = "webhook-signature";

    private const string Version = "v1,";
    private const string KeyPrefix = "whsec_";

    /// <summary>The value of the header.</summary>
    internal static string Of(string secret, string id, DateTimeOffset at, string body) =>
        Version + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), Encoding.UTF8.GetBytes($"{id}.{Seconds(at)}.{body}")));

    /// <summary>The time in a header: seconds since 1970.</summary>
    internal static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>A secret that begins with <c>whsec_</c> has its bytes in base64 behind it; any other is its own bytes.</summary>
    private static byte[] KeyOf(string secret)
    {
        var rest = secret.StartsWith(KeyPrefix, StringComparison.Ordinal) ? secret[KeyPrefix.Length..] : "";
        var bytes = new byte[rest.Length];
        return rest.Length > 0 && Convert.TryFromBase64String(rest, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(secret);
    }
}
