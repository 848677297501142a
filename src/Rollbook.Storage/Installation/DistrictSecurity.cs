namespace Rollbook.Storage.Installation;

/// <summary>What a district asks of those who sign in; a district without a row asks for nothing beyond a password.</summary>
public sealed class DistrictSecurity
{
    /// <summary>The district's ID.</summary>
    public required string DistrictId { get; init; }

    /// <summary>Whether its District Admins and Primary District Admins must have signed in with a second factor.</summary>
    public bool RequireSecondFactor { get; set; }
}
