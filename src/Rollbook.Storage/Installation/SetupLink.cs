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

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it is no longer good.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used; null before.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}
