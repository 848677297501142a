namespace Rollbook.Sources.OneRosterCsv;

/// <summary>What the operator of this server, not the district, decides about OneRoster CSV packages.</summary>
public sealed record OneRosterCsvOptions
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where packages that were uploaded in the console are kept, a folder a district.</summary>
    public string UploadFolder { get; init; } = Path.Combine(Path.GetTempPath(), "rollbook-packages");

    /// <summary>The folders below which a district may have its packages; null for anywhere that this program can read.</summary>
    public IReadOnlyList<string>? Folders { get; init; }

    /// <summary>How long size and time of a package must stay the same before it counts as whole.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a package that goes on changing is waited for.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether an SFTP server may have an address of a private network or of this machine; see <see cref="OneRoster.OneRosterOptions"/>.</summary>
    public bool AllowPrivateNetworks { get; init; } = true;

    /// <summary>How long a connection to an SFTP server may take to stand, and each of its answers to come.</summary>
    public TimeSpan SftpTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Both, as a connection wants them.</summary>
    internal Sftp.SftpOptions Sftp => new(AllowPrivateNetworks, SftpTimeout);
}
