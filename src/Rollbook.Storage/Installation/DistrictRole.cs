namespace Rollbook.Storage.Installation;

/// <summary>A user's role in a district.</summary>
public sealed class DistrictRole
{
    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>The district's ID; empty for <see cref="Role.Operator"/>, which is for the whole installation.</summary>
    public required string DistrictId { get; init; }

    /// <summary>The role.</summary>
    public required Role Role { get; init; }

    /// <summary>Whether a <see cref="Role.Viewer"/> sees personal data unmasked. The admins see it anyway.</summary>
    public bool SeesPersonalData { get; init; }
}

/// <summary>What someone may do.</summary>
/// <remarks>The names are stored: never rename one.</remarks>
public enum Role
{
    /// <summary>Everything in the district, and who else is Primary District Admin.</summary>
    PrimaryDistrictAdmin,

    /// <summary>Everything in the district but what needs a Primary District Admin.</summary>
    DistrictAdmin,

    /// <summary>Looks, with personal data masked unless granted.</summary>
    Viewer,

    /// <summary>Runs the installation: districts, keys, health; sees no roster.</summary>
    Operator,
}
