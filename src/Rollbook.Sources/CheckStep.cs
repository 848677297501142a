namespace Rollbook.Sources;

/// <summary>The part of a connection that a check step looks at.</summary>
public enum CheckPart
{
    /// <summary>The settings themselves.</summary>
    Settings,

    /// <summary>The host name in the URL.</summary>
    Host,

    /// <summary>Whether something listens there.</summary>
    Connection,

    /// <summary>The TLS certificate.</summary>
    Certificate,

    /// <summary>The token URL.</summary>
    TokenUrl,

    /// <summary>The client ID or secret.</summary>
    Credentials,

    /// <summary>The scope.</summary>
    Scope,

    /// <summary>The API URL.</summary>
    ApiUrl,

    /// <summary>The licence or permission on the SIS's side.</summary>
    Licence,

    /// <summary>Reading the roster.</summary>
    Roster,

    /// <summary>The key by which an SFTP server shows that it is the one that is meant.</summary>
    HostKey,

    /// <summary>The package of files: whether it is there, whole and safe to open.</summary>
    Package,

    /// <summary>The files in the package: manifest, headers, rows.</summary>
    Files,
}

/// <summary>One step of a connection test.</summary>
/// <param name="Part">What was looked at.</param>
/// <param name="Ok">Whether it is in order.</param>
/// <param name="Text">What was found, in a sentence: "The token URL gave a token for the scope roster-core.readonly."</param>
/// <param name="Remedy">What to do about a failure; null when it is in order.</param>
/// <param name="Duration">How long it took.</param>
public sealed record CheckStep(CheckPart Part, bool Ok, string Text, string? Remedy, TimeSpan Duration);
