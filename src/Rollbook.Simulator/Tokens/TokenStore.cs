using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Rollbook.Simulator.Tokens;

/// <summary>A token that was given out.</summary>
internal sealed class IssuedToken(IReadOnlySet<string> scopes, DateTimeOffset expires, string node)
{
    private int reads;

    public IReadOnlySet<string> Scopes => scopes;

    public DateTimeOffset Expires => expires;

    /// <summary>The value of the affinity cookie that goes with the token.</summary>
    public string Node => node;

    public bool Revoked { get; set; }

    /// <summary>Counts a read with this token and returns how many there were.</summary>
    public int Used() => Interlocked.Increment(ref reads);
}

/// <summary>The tokens given out so far.</summary>
internal sealed class TokenStore(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, IssuedToken> tokens = new(StringComparer.Ordinal);

    public (string Text, IssuedToken Token) Issue(IReadOnlySet<string> scopes, int lifetimeSeconds)
    {
        var text = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
        var token = new IssuedToken(scopes, time.GetUtcNow().AddSeconds(lifetimeSeconds), "node-" + text[..6]);
        tokens[text] = token;
        return (text, token);
    }

    /// <summary>The token if it is known, not expired and not revoked.</summary>
    public IssuedToken? Find(string text) =>
        tokens.TryGetValue(text, out var token) && !token.Revoked && token.Expires > time.GetUtcNow() ? token : null;

    public void RevokeAll()
    {
        foreach (var token in tokens.Values)
        {
            token.Revoked = true;
        }
    }
}
