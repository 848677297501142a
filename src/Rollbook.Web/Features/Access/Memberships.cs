using Microsoft.EntityFrameworkCore;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>A person's part in a district.</summary>
/// <param name="Role">The role.</param>
/// <param name="SeesPersonal">Whether personal data is shown: to admins, and to Viewers that were granted it.</param>
internal sealed record Membership(Role Role, bool SeesPersonal);

/// <summary>Which districts a person has a role in. Asked with every request, so a change is in force at once.</summary>
internal sealed class Memberships(InstallationContext context)
{
    /// <summary>The person's part in each district, the strongest where there are several. An operator's is in none: it sees no roster.</summary>
    public async Task<IReadOnlyDictionary<string, Membership>> RolesAsync(string userId, CancellationToken cancellationToken)
    {
        var roles = await context
            .DistrictRoles.AsNoTracking()
            .Where(role => role.UserId == userId && role.Role != Role.Operator)
            .ToListAsync(cancellationToken);
        return roles
            .GroupBy(role => role.DistrictId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Of(group.MinBy(role => role.Role)!), StringComparer.Ordinal);
    }

    /// <summary>Whether the person runs the installation.</summary>
    public Task<bool> IsOperatorAsync(string userId, CancellationToken cancellationToken) =>
        context.DistrictRoles.AnyAsync(role => role.UserId == userId && role.Role == Role.Operator, cancellationToken);

    /// <summary>Whether the district's admins must have used a second factor.</summary>
    public Task<bool> RequiresSecondFactorAsync(string districtId, CancellationToken cancellationToken) =>
        context.DistrictSecurity.AnyAsync(security => security.DistrictId == districtId && security.RequireSecondFactor, cancellationToken);

    private static Membership Of(DistrictRole role) =>
        new(role.Role, role.SeesPersonalData || role.Role is Role.PrimaryDistrictAdmin or Role.DistrictAdmin);
}
