using Rollbook.Sources.Sftp;

namespace Rollbook.Sharing.Exports;

/// <summary>What the operator of this server, not the district, decides about packages that are delivered.</summary>
public sealed record ExportOptions
{
    /// <summary>Where packages are made before they are delivered.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>
    /// The folders below which packages may be put, each district's in a folder of its own that is named as the district: so none can replace another's, or a file that
    /// is not a package.
    /// </summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Connections to SFTP servers.</summary>
    public SftpOptions Sftp { get; init; } = SftpOptions.Default;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
