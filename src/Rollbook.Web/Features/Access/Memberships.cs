using Microsoft.EntityFrameworkCore;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>Which districts a person has a role in.</summary>
internal sealed class Memberships(InstallationContext context)
{
    /// <summary>The person's role in each district, the strongest where there are several. An operator's is in none: it sees no roster.</summary>
    public async Task<IReadOnlyDictionary<string, Role>> RolesAsync(string userId, CancellationToken cancellationToken)
    {
        var roles = await context
            .DistrictRoles.AsNoTracking()
            .Where(role => role.UserId == userId && role.Role != Role.Operator)
            .ToListAsync(cancellationToken);
        return roles
            .GroupBy(role => role.DistrictId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Min(role => role.Role), StringComparer.Ordinal);
    }
}
