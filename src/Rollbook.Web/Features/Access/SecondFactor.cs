using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>Whether a session was begun with more than a password, told by the claim <c>amr</c> as in RFC 8176.</summary>
internal static class SecondFactor
{
    /// <summary>A code of an authenticator app, a recovery code, or a passkey with the person's verification.</summary>
    internal static Claim Claim { get; } = new("amr", "mfa");

    internal static bool Used(ClaimsPrincipal person) => person.HasClaim(Claim.Type, Claim.Value);

    /// <summary>Takes a person's authenticator app, recovery codes and passkeys away, and ends the person's sessions.</summary>
    internal static async Task ResetAsync(UserManager<User> users, User user)
    {
        foreach (var passkey in await users.GetPasskeysAsync(user))
        {
            await users.RemovePasskeyAsync(user, passkey.CredentialId).OrThrowAsync();
        }

        await RemoveAuthenticatorAsync(users, user);
    }

    /// <summary>Takes the authenticator app and the recovery codes away, and ends the person's sessions.</summary>
    internal static async Task RemoveAuthenticatorAsync(UserManager<User> users, User user)
    {
        await users.SetTwoFactorEnabledAsync(user, enabled: false).OrThrowAsync();
        await users.ResetAuthenticatorKeyAsync(user).OrThrowAsync();
        await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 0);
    }
}
