using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Rollbook.Storage;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>What is done for someone who can't sign in any more; told in the log of each of the person's districts.</summary>
public sealed class Recovery(UserManager<User> users, Trail trail)
{
    /// <summary>Takes a person's authenticator app, recovery codes and passkeys away, and ends the person's sessions.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="by">In which part whoever does it acts: <c>an admin</c>, <c>an operator</c>.</param>
    /// <exception cref="AccountNotChangedException">The account was changed elsewhere at the same moment.</exception>
    public async Task ResetSecondFactorAsync(User user, string by)
    {
        ArgumentNullException.ThrowIfNull(user);
        await SecondFactor.ResetAsync(users, user);
        await trail.TellOfAsync(user, AuditActions.SecondFactorRemoved, old: "everything", now: $"reset by {by}");
    }

    /// <summary>
    /// Makes a link with which the person chooses a new password, and returns its path, <c>/new-password/…</c>. It is good for
    /// <see cref="SetupLinks.Lifetime"/>, and until the person's password, second factor or role changes: so it works once. It signs nobody in.
    /// </summary>
    public async Task<string> PasswordLinkAsync(User user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var token = await users.GeneratePasswordResetTokenAsync(user);
        await trail.TellOfAsync(user, AuditActions.PasswordLinkMade);
        return $"/new-password/{user.Id}/{Base64Url.EncodeToString(Convert.FromBase64String(token))}";
    }

    /// <summary>Whose link this is, and its token as Identity has it; null when it is not good, or not any more.</summary>
    internal async Task<(User User, string Token)?> FindAsync(string id, string token)
    {
        if (!Guid.TryParse(id, out _) || !Base64Url.IsValid(token) || await users.FindByIdAsync(id) is not { } user)
        {
            return null;
        }

        var made = Convert.ToBase64String(Base64Url.DecodeFromChars(token));
        return await users.VerifyUserTokenAsync(
            user,
            users.Options.Tokens.PasswordResetTokenProvider,
            UserManager<User>.ResetPasswordTokenPurpose,
            made
        )
            ? (user, made)
            : null;
    }

    /// <summary>
    /// Uses a link: the password is another one, the lock after wrong ones is gone, and every session has ended. The second factor stays.
    /// </summary>
    internal async Task<IdentityResult> ChangePasswordAsync(User user, string token, string password)
    {
        var changed = await users.ResetPasswordAsync(user, token, password);
        if (changed.Succeeded)
        {
            await users.SetLockoutEndDateAsync(user, null).OrThrowAsync();
            await users.ResetAccessFailedCountAsync(user).OrThrowAsync();
            await trail.TellOfAsync(user, AuditActions.PasswordChanged, now: new { with = "link", from = trail.From }, who: user.UserName);
        }

        return changed;
    }
}
