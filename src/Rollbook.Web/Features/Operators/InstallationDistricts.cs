using Microsoft.EntityFrameworkCore;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Operators;

/// <summary>A district as an operator sees it: who runs it, nothing of its roster.</summary>
/// <param name="Info">The district.</param>
/// <param name="Primaries">How many Primary District Admins it has.</param>
/// <param name="People">How many people have a role in it.</param>
/// <param name="IsInvited">Whether someone was invited to become Primary District Admin and can still accept.</param>
internal sealed record DistrictLine(DistrictInfo Info, int Primaries, int People, bool IsInvited);

/// <summary>The districts of the installation, and making one.</summary>
internal sealed class InstallationDistricts(IInstallationStore installation, InstallationContext context, SetupLinks links, Trail trail)
{
    internal async Task<IReadOnlyList<DistrictLine>> ListAsync(CancellationToken cancellationToken)
    {
        var roles = await context.DistrictRoles.AsNoTracking().Where(role => role.Role != Role.Operator).ToListAsync(cancellationToken);
        var byDistrict = roles.ToLookup(role => role.DistrictId, StringComparer.Ordinal);
        var awaiting = await links.AwaitingPrimaryAsync(cancellationToken);
        return
        [
            .. (await installation.ListAsync(cancellationToken)).Select(district => new DistrictLine(
                district,
                Persons(byDistrict[district.Id].Where(role => role.Role == Role.PrimaryDistrictAdmin)),
                Persons(byDistrict[district.Id]),
                awaiting.Contains(district.Id)
            )),
        ];

        static int Persons(IEnumerable<DistrictRole> roles) => roles.DistinctBy(role => role.UserId, StringComparer.Ordinal).Count();
    }

    internal async Task<DistrictInfo?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await installation.ListAsync(cancellationToken)).FirstOrDefault(district => string.Equals(district.Id, id, StringComparison.Ordinal));

    /// <summary>Makes a district; false when there is one of this ID, which is left as it is.</summary>
    internal async Task<bool> CreateAsync(DistrictInfo district, CancellationToken cancellationToken)
    {
        if (await FindAsync(district.Id, cancellationToken) is not null)
        {
            return false;
        }

        await installation.CreateAsync(district, cancellationToken);
        foreach (var log in new[] { null, district.Id })
        {
            await trail.TellAsync(log, AuditActions.DistrictCreated, district.Id, now: new { name = district.Name, timeZone = district.TimeZone });
        }

        return true;
    }
}
