using System.Text;
using Rollbook.Sync.Configuration;

namespace Rollbook.Testing;

/// <summary>Secrets as they are, for tests.</summary>
public sealed class PlainSecrets : ISecrets
{
    /// <inheritdoc/>
    public byte[] Protect(string secret) => Encoding.UTF8.GetBytes(secret);

    /// <inheritdoc/>
    public string Unprotect(byte[] encrypted) => Encoding.UTF8.GetString(encrypted);
}
