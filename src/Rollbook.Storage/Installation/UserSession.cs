namespace Rollbook.Storage.Installation;

/// <summary>
/// A sign-in that goes on. A cookie is good only while its row is here, so that ending a session ends it for a copy of the cookie too.
/// </summary>
public sealed class UserSession
{
    /// <summary>A random name, which the cookie carries encrypted.</summary>
    public required string Id { get; init; }

    /// <summary>Who signed in.</summary>
    public required string UserId { get; init; }

    /// <summary>When; from here on counts the absolute limit.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was last used, to the minute; from here on counts the idle limit.</summary>
    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>The browser, as it names itself, shortened; for the person to tell one session from another.</summary>
    public string Browser { get; init; } = "";
}
