using System.Collections.Concurrent;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// The cookies of one connection. Synergy's load balancer wants the cookie of the token's answer back on every API call, whatever its path says
/// (synergy-oneroster.md section 1.6), so paths are not looked at; hosts are.
/// </summary>
internal sealed class CookieJar
{
    private readonly ConcurrentDictionary<string, (string Pair, string Domain)> cookies = new(StringComparer.Ordinal);

    /// <summary>Keeps what an answer sets.</summary>
    public void Take(HttpResponseMessage answer, string host)
    {
        if (!answer.Headers.TryGetValues("Set-Cookie", out var lines))
        {
            return;
        }

        foreach (var line in lines)
        {
            var parts = line.Split(';', StringSplitOptions.TrimEntries);
            var name = parts[0].Split('=', 2)[0];
            var domain = parts.Skip(1).FirstOrDefault(part => part.StartsWith("Domain=", StringComparison.OrdinalIgnoreCase))?[7..].TrimStart('.');
            if (name.Length > 0 && parts[0].Contains('=', StringComparison.Ordinal))
            {
                cookies[name] = (parts[0], domain is { Length: > 0 } && Covers(domain, host) ? domain : host);
            }
        }
    }

    /// <summary>Puts into a request what belongs to its host.</summary>
    public void Give(HttpRequestMessage request, string host)
    {
        if (cookies.IsEmpty)
        {
            return;
        }

        var pairs = string.Join("; ", cookies.Values.Where(cookie => Covers(cookie.Domain, host)).Select(cookie => cookie.Pair));
        if (pairs.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", pairs);
        }
    }

    private static bool Covers(string domain, string host) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase)
        || (domain.Contains('.', StringComparison.Ordinal) && host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));
}
