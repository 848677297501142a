using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Rollbook.Simulator.Tests;

/// <summary>A request signed by OAuth 1.0a, of which a test may change every part before and after it is signed.</summary>
internal static class SignedRequest
{
    /// <summary>Sends it.</summary>
    /// <param name="simulator">Where to.</param>
    /// <param name="path">What is asked for; its query must be encoded.</param>
    /// <param name="change">Changes the parameters before they are signed.</param>
    /// <param name="secret">The secret it is signed with.</param>
    /// <param name="sentPath">What is asked for in truth.</param>
    public static async Task<HttpResponseMessage> SendAsync(
        SimulatedSynergy simulator,
        string path,
        Action<SortedDictionary<string, string>>? change = null,
        string? secret = null,
        string? sentPath = null
    )
    {
        var url = new Uri($"{simulator.ApiUrl}/{path}");
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["oauth_consumer_key"] = simulator.ClientId,
            ["oauth_nonce"] = RandomNumberGenerator.GetHexString(32),
            ["oauth_signature_method"] = "HMAC-SHA256",
            ["oauth_timestamp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["oauth_version"] = "1.0",
        };
        change?.Invoke(parameters);
        var pairs = parameters
            .Select(parameter => (parameter.Key, Value: Uri.EscapeDataString(parameter.Value)))
            .Concat(
                url.Query.TrimStart('?')
                    .Split('&', StringSplitOptions.RemoveEmptyEntries)
                    .Select(pair => pair.Split('='))
                    .Select(pair => (pair[0], pair[1]))
            )
            .OrderBy(pair => pair.Item1, StringComparer.Ordinal)
            .Select(pair => $"{pair.Item1}={pair.Item2}");
        var text = $"GET&{Uri.EscapeDataString(url.GetLeftPart(UriPartial.Path))}&{Uri.EscapeDataString(string.Join('&', pairs))}";
        var key = Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(secret ?? simulator.ClientSecret)}&");
        parameters["oauth_signature"] = Convert.ToBase64String(
            parameters.GetValueOrDefault("oauth_signature_method") is "HMAC-SHA1"
                ? HMACSHA1.HashData(key, Encoding.UTF8.GetBytes(text))
                : HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))
        );

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{simulator.ApiUrl}/{sentPath ?? path}");
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "OAuth",
            string.Join(", ", parameters.Select(parameter => $"{parameter.Key}=\"{Uri.EscapeDataString(parameter.Value)}\""))
        );
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
