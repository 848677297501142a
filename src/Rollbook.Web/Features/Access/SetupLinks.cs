using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>One-time links by which a person makes an account with a role in a district. Only a hash of the token is kept.</summary>
public sealed class SetupLinks(InstallationContext context, TimeProvider time)
{
    /// <summary>How long a link can be used.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(3);

    /// <summary>Makes a link and returns its path, <c>/setup/…</c>: whoever has it can take the role, once.</summary>
    public async Task<string> CreateAsync(string districtId, Role role, CancellationToken cancellationToken)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var now = time.GetUtcNow();
        context.Add(
            new SetupLink
            {
                TokenHash = Hash(token),
                DistrictId = districtId,
                Role = role,
                CreatedAt = now,
                ExpiresAt = now + Lifetime,
            }
        );
        await context.SaveChangesAsync(cancellationToken);
        return $"/setup/{token}";
    }

    internal Task<SetupLink?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var hash = Hash(token);
        return context.SetupLinks.AsNoTracking().FirstOrDefaultAsync(link => link.TokenHash == hash, cancellationToken);
    }

    /// <summary>Marks the link as used; false when someone was faster.</summary>
    internal async Task<bool> UseAsync(SetupLink link, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await context
                .SetupLinks.Where(found => found.TokenHash == link.TokenHash && found.UsedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(found => found.UsedAt, now), cancellationToken) == 1;
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
