namespace Rollbook.Sources.Sftp;

/// <summary>What the operator of this server, not the district, decides about SFTP.</summary>
/// <param name="AllowPrivateNetworks">Whether an SFTP server may have an address of a private network or of this machine.</param>
/// <param name="Timeout">How long a connection may take to stand, and each of its answers to come.</param>
public sealed record SftpOptions(bool AllowPrivateNetworks, TimeSpan Timeout)
{
    /// <summary>Private networks allowed, half a minute.</summary>
    public static SftpOptions Default { get; } = new(AllowPrivateNetworks: true, TimeSpan.FromSeconds(30));
}
