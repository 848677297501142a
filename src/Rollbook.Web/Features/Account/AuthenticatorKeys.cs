using System.Text;
using Microsoft.AspNetCore.Identity;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Account;

/// <summary>The secret that a person's authenticator app shares with Rollbook.</summary>
internal sealed class AuthenticatorKeys(UserManager<User> users, IUserStore<User> store)
{
    private const string Issuer = "Rollbook";

    /// <summary>
    /// The key that waits for its first code, made when there is none. By the store and not by the manager, which would end the person's sessions
    /// for looking at a page.
    /// </summary>
    internal async Task<string> WaitingAsync(User user, CancellationToken cancellationToken)
    {
        if (await users.GetAuthenticatorKeyAsync(user) is { Length: > 0 } key)
        {
            return key;
        }

        return await RenewAsync(user, cancellationToken);
    }

    /// <summary>Makes another key, in place of one that waits for its first code.</summary>
    /// <exception cref="AccountNotChangedException">The account was changed elsewhere at the same moment.</exception>
    internal async Task<string> RenewAsync(User user, CancellationToken cancellationToken)
    {
        var key = users.GenerateNewAuthenticatorKey();
        await ((IUserAuthenticatorKeyStore<User>)store).SetAuthenticatorKeyAsync(user, key, cancellationToken);
        await users.UpdateAsync(user).OrThrowAsync();
        return key;
    }

    /// <summary>The address that an app reads from the picture (Key URI format: SHA-1, six digits, 30 seconds are what all apps take).</summary>
    internal static string Address(User user, string key) =>
        $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(user.Email ?? "")}?secret={key}&issuer={Issuer}&digits=6";

    /// <summary>The key in groups of four, to be typed.</summary>
    internal static string Spaced(string key)
    {
        var text = new StringBuilder();
        for (var i = 0; i < key.Length; i++)
        {
            text.Append(i > 0 && i % 4 == 0 ? " " : "").Append(char.ToLowerInvariant(key[i]));
        }

        return text.ToString();
    }
}
