using System.Security.Cryptography;
using System.Text;

namespace Rollbook.Sources.OneRoster;

/// <summary>How a request is signed.</summary>
internal enum SignatureMethod
{
    /// <summary>HMAC-SHA256, which is tried first.</summary>
    Sha256,

    /// <summary>HMAC-SHA1, the only one of RFC 5849 and of older servers.</summary>
    Sha1,
}

/// <summary>The signature of OAuth 1.0a (RFC 5849 section 3.4).</summary>
internal static class OAuthSignature
{
    /// <summary>The method's name on the wire.</summary>
    public static string NameOf(SignatureMethod method) => method is SignatureMethod.Sha1 ? "HMAC-SHA1" : "HMAC-SHA256";

    /// <summary>What is signed: method, address and every parameter, those of the query among them, in an order that both sides know.</summary>
    public static string BaseString(HttpMethod method, Uri address, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var encoded = parameters
            .Concat(QueryOf(address))
            .Select(parameter => (Name: Encode(parameter.Key), Value: Encode(parameter.Value)))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
            .ThenBy(parameter => parameter.Value, StringComparer.Ordinal)
            .Select(parameter => $"{parameter.Name}={parameter.Value}");
        return string.Join('&', method.Method, Encode(address.GetLeftPart(UriPartial.Path)), Encode(string.Join('&', encoded)));
    }

    /// <summary>Signs it. The key is the client's secret and that of a token, encoded and joined by <c>&amp;</c>; without a token the latter is empty.</summary>
    public static string Sign(SignatureMethod method, string key, string baseString)
    {
        var (secret, text) = (Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(baseString));
#pragma warning disable CA5350 // RFC 5849 signs with HMAC-SHA1, and some servers know no other; a collision of SHA-1 does not forge an HMAC.
        return Convert.ToBase64String(method is SignatureMethod.Sha1 ? HMACSHA1.HashData(secret, text) : HMACSHA256.HashData(secret, text));
#pragma warning restore CA5350
    }

    /// <summary>Everything but letters, digits and <c>- . _ ~</c> as the hexadecimal value of its bytes (RFC 3986).</summary>
    public static string Encode(string text) => Uri.EscapeDataString(text);

    private static IEnumerable<KeyValuePair<string, string>> QueryOf(Uri address) =>
        address
            .Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(parts => KeyValuePair.Create(Decode(parts[0]), parts.Length > 1 ? Decode(parts[1]) : ""));

    // As a form is read: a plus is a blank.
    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
