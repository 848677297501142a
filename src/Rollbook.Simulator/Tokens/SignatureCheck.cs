using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Rollbook.Simulator.Tokens;

/// <summary>Checks requests that are signed by OAuth 1.0a without a user (RFC 5849): consumer, time, nonce and signature.</summary>
internal sealed class SignatureCheck(SimulatorOptions options)
{
    private const int Tolerance = 300;
    private const int ManyNonces = 100_000;

    private readonly ConcurrentDictionary<string, long> nonces = new(StringComparer.Ordinal);

    /// <summary>The problem, in the words of OAuth's problem reporting; null when the signature is right.</summary>
    public string? Problem(HttpRequest request, SignatureSupport support)
    {
        var parameters = Parse(request.Headers.Authorization.ToString());
        var method = parameters.GetValueOrDefault("oauth_signature_method");
        if (
            !parameters.ContainsKey("oauth_signature")
            || !parameters.TryGetValue("oauth_nonce", out var nonce)
            || !long.TryParse(parameters.GetValueOrDefault("oauth_timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp)
        )
        {
            return "parameter_absent";
        }

        if (parameters.GetValueOrDefault("oauth_version", "1.0") is not "1.0")
        {
            return "version_rejected";
        }

        if (Key(method, support) is not { } sign)
        {
            return "signature_method_rejected";
        }

        if (!string.Equals(parameters.GetValueOrDefault("oauth_consumer_key"), options.ClientId, StringComparison.Ordinal))
        {
            return "consumer_key_unknown";
        }

        if (Math.Abs(options.Time.GetUtcNow().ToUnixTimeSeconds() - timestamp) > Tolerance)
        {
            return "timestamp_refused";
        }

        var expected = sign(Encoding.UTF8.GetBytes(Encode(options.ClientSecret) + "&"), Encoding.UTF8.GetBytes(BaseString(request, parameters)));
        if (!string.Equals(Convert.ToBase64String(expected), parameters["oauth_signature"], StringComparison.Ordinal))
        {
            return "signature_invalid";
        }

        Forget();
        return nonces.TryAdd(string.Create(CultureInfo.InvariantCulture, $"{timestamp} {nonce}"), timestamp) ? null : "nonce_used";
    }

    // A timestamp that is refused needs no memory of its nonces.
    private void Forget()
    {
        if (nonces.Count < ManyNonces)
        {
            return;
        }

        var oldest = options.Time.GetUtcNow().ToUnixTimeSeconds() - Tolerance;
        foreach (var nonce in nonces.Where(nonce => nonce.Value < oldest))
        {
            nonces.TryRemove(nonce);
        }
    }

    private static Func<byte[], byte[], byte[]>? Key(string? method, SignatureSupport support) =>
        (method, support) switch
        {
            ("HMAC-SHA256", SignatureSupport.Both or SignatureSupport.Sha256) => HMACSHA256.HashData,
#pragma warning disable CA5350 // It is what RFC 5849 signs with.
            ("HMAC-SHA1", SignatureSupport.Both or SignatureSupport.Sha1) => HMACSHA1.HashData,
#pragma warning restore CA5350
            _ => null,
        };

    /// <summary>RFC 5849, section 3.4.1, from the request as it came over the wire.</summary>
    private static string BaseString(HttpRequest request, Dictionary<string, string> parameters)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var pairs = parameters
            .Where(parameter => parameter.Key is not ("oauth_signature" or "realm"))
            .Select(parameter => (Encode(parameter.Key), Encode(parameter.Value)))
            .ToList();
        if (target.Length > 1)
        {
            foreach (var pair in target[1].Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = pair.Split('=', 2);
                pairs.Add((Encode(Decode(parts[0])), Encode(parts.Length > 1 ? Decode(parts[1]) : string.Empty)));
            }
        }

        pairs.Sort(
            (one, other) =>
                string.CompareOrdinal(one.Item1, other.Item1) is var order and not 0 ? order : string.CompareOrdinal(one.Item2, other.Item2)
        );
        var standardPort = request.IsHttps ? 443 : 80;
        var host = request.Host.Host.ToLowerInvariant() + (request.Host.Port is { } port && port != standardPort ? ":" + request.Host.Port : "");
        var joined = string.Join('&', pairs.Select(pair => pair.Item1 + "=" + pair.Item2));
        return $"{request.Method.ToUpperInvariant()}&{Encode($"{request.Scheme}://{host}{target[0]}")}&{Encode(joined)}";
    }

    private static Dictionary<string, string> Parse(string header)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            var pair = part.Split('=', 2);
            parameters[Uri.UnescapeDataString(pair[0])] = pair.Length > 1 ? Uri.UnescapeDataString(pair[1].Trim('"')) : string.Empty;
        }

        return parameters;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    /// <summary>Written out, so that the client's encoding meets one that is not its own.</summary>
    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || (char)value is '-' or '.' or '_' or '~')
            {
                encoded.Append((char)value);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }
        }

        return encoded.ToString();
    }
}
