namespace Rollbook.Sync.Configuration;

/// <summary>Encrypts secrets at rest.</summary>
public interface ISecrets
{
    /// <summary>Encrypts.</summary>
    byte[] Protect(string secret);

    /// <summary>Decrypts.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The keys of this installation are not those it was encrypted with.</exception>
    string Unprotect(byte[] encrypted);
}
