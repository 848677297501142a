using Rollbook.Telling.Email;

namespace Rollbook.Telling;

/// <summary>What the operator says about telling people.</summary>
public sealed record TellingOptions
{
    /// <summary>The mail server; null where there is none, and nobody gets e-mail.</summary>
    public MailOptions? Mail { get; init; }

    /// <summary>Where people reach the console, without a slash at its end: messages link to it. Null where the operator has not said so.</summary>
    public string? ConsoleUrl { get; init; }

    /// <summary>Whether webhooks may be called at addresses of private networks.</summary>
    public bool AllowPrivateNetworks { get; init; } = true;

    /// <summary>How often one looks whether there is something to tell or to send.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(5);
}
