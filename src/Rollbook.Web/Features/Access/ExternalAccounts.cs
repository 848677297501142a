using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Rollbook.Storage;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>
/// Whose account someone has whom the provider vouches for: the one that signed in with this identity before; or the one with the verified e-mail
/// address, unless it is guarded; or a new one, when that address has an open invitation. Never any right that no invitation gave.
/// </summary>
internal sealed class ExternalAccounts(
    UserManager<User> users,
    Memberships memberships,
    SetupLinks links,
    Accounts accounts,
    SignIns signIns,
    Trail trail
)
{
    private const string With = "OpenID Connect";

    internal async Task<SignInOutcome> SignInAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (Key(person) is not { } key)
        {
            return SignInOutcome.Refused;
        }

        var user = await users.FindByLoginAsync(ExternalSignIn.Scheme, key);
        if (user is null && VerifiedAddress(person) is { } email)
        {
            user = await users.FindByEmailAsync(email);
            if (user is not null && await IsGuardedAsync(user, cancellationToken))
            {
                await signIns.RefusedAsync(user, With, locked: false);
                return SignInOutcome.Guarded;
            }

            user ??= await MakeAsync(person, email, cancellationToken);
            if (user is not null && !await TieAsync(user, key))
            {
                user = null;
            }
        }

        if (user is null)
        {
            await trail.TellAsync(null, AuditActions.SignInFailed, "someone without an invitation", now: signIns.Told(With));
            return SignInOutcome.Refused;
        }

        // The provider says by amr whether it has asked for more than a password (RFC 8176); if not, ours is asked for where there is one.
        var isStrong = person.HasClaim(SecondFactor.Claim.Type, SecondFactor.Claim.Value);
        if (user.TwoFactorEnabled && !isStrong)
        {
            await signIns.AskCodeAsync(user);
            return SignInOutcome.NeedsCode;
        }

        await signIns.BeginAsync(user, With, isStrong);
        return SignInOutcome.Done;
    }

    /// <summary>
    /// Who someone is: the issuer together with the subject (OpenID Connect Core, section 5.7), so that another provider's subject of the same name
    /// is someone else. A hash, since both may be longer than the column.
    /// </summary>
    private static string? Key(ClaimsPrincipal person) =>
        person.FindFirstValue("iss") is { Length: > 0 } issuer && person.FindFirstValue("sub") is { Length: > 0 } subject
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")))
            : null;

    private static string? VerifiedAddress(ClaimsPrincipal person) =>
        person.FindFirstValue("email") is { } email
        && EmailAddress.IsOne(email)
        && string.Equals(person.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase)
            ? email
            : null;

    /// <summary>Whether an e-mail address at the provider is too little to open the account: an operator's, and one with a second factor of its own.</summary>
    private async Task<bool> IsGuardedAsync(User user, CancellationToken cancellationToken) =>
        user.TwoFactorEnabled || (await users.GetPasskeysAsync(user)).Count > 0 || await memberships.IsOperatorAsync(user.Id, cancellationToken);

    private async Task<User?> MakeAsync(ClaimsPrincipal person, string email, CancellationToken cancellationToken)
    {
        // An operator's account is made at the link itself, with a password.
        if (await links.ForAsync(email, cancellationToken) is not { } link || link.Role == Role.Operator)
        {
            return null;
        }

        var name = ShownName.Of(person.FindFirstValue("name") ?? "");
        var errors = await accounts.CreateAsync(link, name.Length > 0 ? name : email, link.Email!, password: null, cancellationToken);
        return errors.Any ? null : await users.FindByEmailAsync(email);
    }

    private async Task<bool> TieAsync(User user, string key)
    {
        if (!(await users.AddLoginAsync(user, new UserLoginInfo(ExternalSignIn.Scheme, key, With))).Succeeded)
        {
            return false;
        }

        await trail.TellOfAsync(user, AuditActions.ProviderTied, now: signIns.Told(With), who: user.UserName);
        return true;
    }
}
