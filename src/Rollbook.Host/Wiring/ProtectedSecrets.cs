using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Rollbook.Sync.Configuration;

namespace Rollbook.Host.Wiring;

/// <summary>Secrets encrypted with the installation's Data Protection keys.</summary>
internal sealed class ProtectedSecrets(IDataProtectionProvider provider) : ISecrets
{
    private readonly IDataProtector protector = provider.CreateProtector("Rollbook.Secrets.v1");

    /// <inheritdoc/>
    public byte[] Protect(string secret) => protector.Protect(Encoding.UTF8.GetBytes(secret));

    /// <inheritdoc/>
    public string Unprotect(byte[] encrypted) => Encoding.UTF8.GetString(protector.Unprotect(encrypted));
}
