using Microsoft.EntityFrameworkCore;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>Which districts a person has a role in.</summary>
internal sealed class Memberships(InstallationContext context)
{
    /// <summary>The person's roles, by the district's ID.</summary>
    public Task<Dictionary<string, Role>> RolesAsync(string userId, CancellationToken cancellationToken) =>
        context.Set<DistrictRole>()
            .AsNoTracking()
            .Where(role => role.UserId == userId)
            .ToDictionaryAsync(role => role.DistrictId, role => role.Role, StringComparer.Ordinal, cancellationToken);
}
