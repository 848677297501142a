using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Rollbook.Storage;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>
/// Whose account someone has whom the provider vouches for: the one that signed in with this identity before; or the one with the verified e-mail
/// address; or a new one, when that address has an open invitation. Never any right that no invitation gave.
/// </summary>
internal sealed class ExternalAccounts(
    UserManager<User> users,
    SignInManager<User> signIn,
    SetupLinks links,
    Accounts accounts,
    SignIns signIns,
    Trail trail
)
{
    private const string With = "OpenID Connect";

    internal async Task<SignInOutcome> SignInAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (person.FindFirstValue("sub") is not { Length: > 0 } subject)
        {
            return SignInOutcome.Refused;
        }

        var user = await users.FindByLoginAsync(ExternalSignIn.Scheme, subject) ?? await JoinAsync(person, subject, cancellationToken);
        if (user is null)
        {
            await trail.TellAsync(null, AuditActions.SignInFailed, "someone without an invitation", now: signIns.Told(With));
            return SignInOutcome.Refused;
        }

        if (await users.IsLockedOutAsync(user))
        {
            return await signIns.RefusedAsync(user, With, locked: true);
        }

        // The provider says by amr whether it has asked for more than a password (RFC 8176); if not, ours is asked for where there is one.
        var isStrong = person.HasClaim(SecondFactor.Claim.Type, SecondFactor.Claim.Value);
        if (user.TwoFactorEnabled && !isStrong)
        {
            var result = await signIn.ExternalLoginSignInAsync(ExternalSignIn.Scheme, subject, isPersistent: false, bypassTwoFactor: false);
            return result.RequiresTwoFactor ? SignInOutcome.NeedsCode : await signIns.RefusedAsync(user, With, result.IsLockedOut);
        }

        await signIns.BeginAsync(user, With, isStrong);
        return SignInOutcome.Done;
    }

    private async Task<User?> JoinAsync(ClaimsPrincipal person, string subject, CancellationToken cancellationToken)
    {
        if (
            person.FindFirstValue("email") is not { Length: > 0 } email
            || !string.Equals(person.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase)
        )
        {
            return null;
        }

        var user = await users.FindByEmailAsync(email);
        if (user is null && await links.ForAsync(email, cancellationToken) is { } link)
        {
            var errors = await accounts.CreateAsync(link, person.FindFirstValue("name") ?? email, link.Email!, password: null, cancellationToken);
            user = errors.Any ? null : await users.FindByEmailAsync(email);
        }

        return user is not null && (await users.AddLoginAsync(user, new UserLoginInfo(ExternalSignIn.Scheme, subject, With))).Succeeded ? user : null;
    }
}
