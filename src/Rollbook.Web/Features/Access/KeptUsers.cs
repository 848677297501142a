using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>
/// Identity's store of users, but a copy of the database gives no second factor away: the key of an authenticator app is encrypted with the
/// installation's keys, and of recovery codes only hashes are kept. (Identity keeps both as they are.)
/// </summary>
internal sealed class KeptUsers(InstallationContext context, IDataProtectionProvider protection, IdentityErrorDescriber describer)
    : UserOnlyStore<
        User,
        InstallationContext,
        string,
        IdentityUserClaim<string>,
        IdentityUserLogin<string>,
        IdentityUserToken<string>,
        IdentityUserPasskey<string>
    >(context, describer)
{
    private readonly IDataProtector protector = protection.CreateProtector("Rollbook.AuthenticatorKey.v1");

    /// <inheritdoc/>
    public override Task SetAuthenticatorKeyAsync(User user, string key, CancellationToken cancellationToken) =>
        base.SetAuthenticatorKeyAsync(user, protector.Protect(key), cancellationToken);

    /// <inheritdoc/>
    public override async Task<string?> GetAuthenticatorKeyAsync(User user, CancellationToken cancellationToken) =>
        await base.GetAuthenticatorKeyAsync(user, cancellationToken) is { } kept ? protector.Unprotect(kept) : null;

    /// <inheritdoc/>
    public override Task ReplaceCodesAsync(User user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) =>
        base.ReplaceCodesAsync(user, recoveryCodes.Select(Hash), cancellationToken);

    /// <inheritdoc/>
    public override async Task<bool> RedeemCodeAsync(User user, string code, CancellationToken cancellationToken)
    {
        // The base would hand the rest, which are hashes already, to ReplaceCodesAsync.
        var kept = (await GetTokenAsync(user, "[AspNetUserStore]", "RecoveryCodes", cancellationToken) ?? "").Split(';');
        var hash = Hash(code);
        if (!kept.Contains(hash, StringComparer.Ordinal))
        {
            return false;
        }

        await base.ReplaceCodesAsync(user, kept.Where(each => !string.Equals(each, hash, StringComparison.Ordinal)), cancellationToken);
        return true;
    }

    // 50 random bits and a lock after five wrong ones: a fast hash is enough.
    private static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}
