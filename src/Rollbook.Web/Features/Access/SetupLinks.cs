using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>What a link gives to whom.</summary>
/// <param name="DistrictId">The district; empty for an operator.</param>
/// <param name="Role">The role.</param>
/// <param name="Email">Whose account alone may take it; null: whoever has the link.</param>
/// <param name="SeesPersonal">Whether a Viewer sees personal data.</param>
public sealed record Invitation(string DistrictId, Role Role, string? Email = null, bool SeesPersonal = false);

/// <summary>One-time links by which a person takes a role in a district, making an account where there is none. Only a hash of the token is kept.</summary>
public sealed class SetupLinks(InstallationContext context, TimeProvider time)
{
    /// <summary>How long a link can be used.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);

    /// <summary>Makes a link that whoever has it can use, once, and returns its path, <c>/setup/…</c>.</summary>
    public Task<string> CreateAsync(string districtId, Role role, CancellationToken cancellationToken) =>
        CreateAsync(new Invitation(districtId, role), Environment.UserName, AuditChannel.Command, cancellationToken);

    /// <summary>Makes a link, tells the audit log so, and returns the link's path, <c>/setup/…</c>. It can't be shown again.</summary>
    public async Task<string> CreateAsync(Invitation invitation, string by, AuditChannel how, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invitation);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var now = time.GetUtcNow();
        context.Add(
            new SetupLink
            {
                TokenHash = Hash(token),
                DistrictId = invitation.DistrictId,
                Role = invitation.Role,
                SeesPersonalData = invitation.SeesPersonal,
                Email = invitation.Email?.ToLowerInvariant(),
                CreatedBy = by,
                CreatedAt = now,
                ExpiresAt = now + Lifetime,
            }
        );
        context.Add(
            AuditRow.Of(
                new AuditEntry(
                    invitation.DistrictId.Length == 0 ? null : invitation.DistrictId,
                    by,
                    how,
                    AuditActions.InvitationSent,
                    invitation.Email ?? "whoever has the link"
                )
                {
                    NewValue = $"\"{Roles.Name(invitation.Role)}\"",
                },
                now
            )
        );
        await context.SaveChangesAsync(cancellationToken);
        return $"/setup/{token}";
    }

    /// <summary>The links of a district that can still be used, newest first.</summary>
    internal async Task<IReadOnlyList<SetupLink>> OpenAsync(string districtId, CancellationToken cancellationToken)
    {
        var unused = await Unused.Where(link => link.DistrictId == districtId).ToListAsync(cancellationToken);
        return [.. Good(unused)];
    }

    /// <summary>The districts for which someone was invited to become Primary District Admin and can still accept.</summary>
    internal async Task<IReadOnlySet<string>> AwaitingPrimaryAsync(CancellationToken cancellationToken)
    {
        var unused = await Unused.Where(link => link.Role == Role.PrimaryDistrictAdmin).ToListAsync(cancellationToken);
        return Good(unused).Select(link => link.DistrictId).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Takes a link back; false when it was used meanwhile.</summary>
    internal async Task<bool> WithdrawAsync(SetupLink link, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await Unused
                .Where(found => found.TokenHash == link.TokenHash)
                .ExecuteUpdateAsync(set => set.SetProperty(found => found.WithdrawnAt, now), cancellationToken) == 1;
    }

    internal Task<SetupLink?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var hash = Hash(token);
        return context.SetupLinks.AsNoTracking().FirstOrDefaultAsync(link => link.TokenHash == hash, cancellationToken);
    }

    /// <summary>The newest link for this address that can still be used; null when there is none.</summary>
    internal async Task<SetupLink?> ForAsync(string email, CancellationToken cancellationToken)
    {
        var address = email.ToLowerInvariant();
        var unused = await Unused.Where(link => link.Email == address).ToListAsync(cancellationToken);
        return Good(unused).FirstOrDefault();
    }

    /// <summary>Marks the link as used; false when someone was faster, or it is no longer good.</summary>
    internal async Task<bool> UseAsync(SetupLink link, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return link.IsGoodAt(now)
            && await Unused
                .Where(found => found.TokenHash == link.TokenHash)
                .ExecuteUpdateAsync(set => set.SetProperty(found => found.UsedAt, now), cancellationToken) == 1;
    }

    // SQLite can't compare when they end.
    private IQueryable<SetupLink> Unused => context.SetupLinks.AsNoTracking().Where(link => link.UsedAt == null && link.WithdrawnAt == null);

    private IEnumerable<SetupLink> Good(IEnumerable<SetupLink> links) =>
        links.Where(link => link.IsGoodAt(time.GetUtcNow())).OrderByDescending(link => link.CreatedAt);

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
