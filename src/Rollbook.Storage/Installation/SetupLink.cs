namespace Rollbook.Storage.Installation;

/// <summary>A link that lets its holder set up an account with a role, once.</summary>
public sealed class SetupLink
{
    /// <summary>Hash of the link's secret, which itself is never stored.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The district; empty for an operator.</summary>
    public required string DistrictId { get; init; }

    /// <summary>The role that the account gets.</summary>
    public required Role Role { get; init; }

    /// <summary>Whether the role comes with <see cref="DistrictRole.SeesPersonalData"/>.</summary>
    public bool SeesPersonalData { get; init; }

    /// <summary>The e-mail address of the invited person in lower case, whose account alone may take the role; null when whoever has the link may.</summary>
    public string? Email { get; init; }

    /// <summary>Who made it: a sign-in name, or the operating system's user.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it is no longer good.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used; null before.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>When it was taken back; null while it is good.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }

    /// <summary>Whether it can be used at that time.</summary>
    public bool IsGoodAt(DateTimeOffset now) => UsedAt is null && WithdrawnAt is null && ExpiresAt > now;
}
