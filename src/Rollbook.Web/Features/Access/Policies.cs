using Microsoft.AspNetCore.Authorization;

namespace Rollbook.Web.Features.Access;

/// <summary>Who may do what in a district (product.md section 1).</summary>
internal static class Policies
{
    /// <summary>Reading: everyone with a role in the district.</summary>
    public const string Read = "district:read";

    /// <summary>Starting and stopping imports: District Admins and Primary District Admins.</summary>
    public const string Work = "district:work";
}

/// <summary>A role in the district of the address.</summary>
/// <param name="Work">Whether it must be one that may change things.</param>
internal sealed record DistrictRequirement(bool Work) : IAuthorizationRequirement;
