using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>Codes of authenticator apps (TOTP, RFC 6238) and recovery codes.</summary>
internal sealed class OneTimeCodes(UserManager<User> users, TimeProvider time)
{
    private const string Provider = "Rollbook";
    private const string LastCode = "LastCode";

    // Identity takes the codes of two steps of 30 seconds before and after the present one.
    private static readonly TimeSpan Good = TimeSpan.FromMinutes(3);

    /// <summary>How many recovery codes a person gets.</summary>
    internal const int Recoveries = 10;

    /// <summary>Whether this is a code of an authenticator app: six digits, with or without a space.</summary>
    internal static bool LooksLikeOne(string code) => Digits(code) is { Length: 6 } digits && digits.All(char.IsAsciiDigit);

    /// <summary>A recovery code as it was shown (ABCDE-FGHJK), whatever its case, spaces and hyphen.</summary>
    internal static string Recovery(string code)
    {
        var signs = Digits(code).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
        return signs.Length == 10 ? $"{signs[..5]}-{signs[5..]}" : signs;
    }

    /// <summary>Whether the code is right now and was not used before: each is good once (RFC 6238, section 5.2).</summary>
    internal async Task<bool> TakeAsync(User user, string code)
    {
        var digits = Digits(code);
        var last = await users.GetAuthenticationTokenAsync(user, Provider, LastCode);
        var now = time.GetUtcNow();
        if (
            last?.Split('@') is [var used, var at]
            && string.Equals(used, digits, StringComparison.Ordinal)
            && long.TryParse(at, CultureInfo.InvariantCulture, out var seconds)
            && now - DateTimeOffset.FromUnixTimeSeconds(seconds) < Good
        )
        {
            return false;
        }

        if (!await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, digits))
        {
            return false;
        }

        await users.SetAuthenticationTokenAsync(
            user,
            Provider,
            LastCode,
            string.Create(CultureInfo.InvariantCulture, $"{digits}@{now.ToUnixTimeSeconds()}")
        );
        return true;
    }

    private static string Digits(string code) => string.Concat(code.Where(sign => !char.IsWhiteSpace(sign)));
}
