using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>
/// Codes of authenticator apps (TOTP, RFC 6238) and recovery codes. Wrong ones have a lock of their own beside the password's: whoever guesses passwords
/// does not shut out someone who signs in with the provider and a code.
/// </summary>
internal sealed class OneTimeCodes(UserManager<User> users, InstallationContext context, TimeProvider time)
{
    private const string Provider = "Rollbook";
    private const string Used = "LastCode";
    private const string Tries = "CodeTries";

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
        var now = time.GetUtcNow();
        var used = (await users.GetAuthenticationTokenAsync(user, Provider, Used) ?? "")
            .Split(';')
            .Select(Stamped)
            .Where(each => each.Text.Length > 0 && now - each.At < Good)
            .ToList();
        return !used.Exists(each => string.Equals(each.Text, digits, StringComparison.Ordinal))
            && await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, digits)
            && await KeepAsync(user, Used, string.Join(';', used.Append((Text: digits, At: now)).Select(each => Stamp(each.Text, each.At))));
    }

    /// <summary>
    /// Counts a try before it is judged, so that many at the same moment are all counted; false when there were too many and the codes are locked.
    /// </summary>
    internal async Task<bool> CountTryAsync(User user)
    {
        var tries = await TriesAsync(user);
        return tries < PasswordRules.AttemptsBeforeLock
            && await KeepAsync(user, Tries, Stamp((tries + 1).ToString(CultureInfo.InvariantCulture), time.GetUtcNow()));
    }

    /// <summary>Whether there were so many wrong codes that the next one is not looked at.</summary>
    internal async Task<bool> IsLockedAsync(User user) => await TriesAsync(user) >= PasswordRules.AttemptsBeforeLock;

    /// <summary>Begins to count anew, after a right code; false when the account was changed at the same moment.</summary>
    internal async Task<bool> ForgetTriesAsync(User user) => (await users.RemoveAuthenticationTokenAsync(user, Provider, Tries)).Succeeded;

    private async Task<int> TriesAsync(User user)
    {
        var (text, at) = Stamped(await users.GetAuthenticationTokenAsync(user, Provider, Tries) ?? "");
        return time.GetUtcNow() - at < PasswordRules.LockedFor && int.TryParse(text, CultureInfo.InvariantCulture, out var tries) ? tries : 0;
    }

    // False when someone else was faster, with the same code or another one.
    private async Task<bool> KeepAsync(User user, string name, string value)
    {
        try
        {
            return (await users.SetAuthenticationTokenAsync(user, Provider, name, value)).Succeeded;
        }
        catch (DbUpdateException)
        {
            context.ChangeTracker.Clear();
            return false;
        }
    }

    private static string Stamp(string text, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{text}@{at.ToUnixTimeSeconds()}");

    private static (string Text, DateTimeOffset At) Stamped(string text) =>
        text.Split('@') is [var before, var at] && long.TryParse(at, CultureInfo.InvariantCulture, out var seconds)
            ? (before, DateTimeOffset.FromUnixTimeSeconds(seconds))
            : ("", DateTimeOffset.MinValue);

    private static string Digits(string code) => string.Concat(code.Where(sign => !char.IsWhiteSpace(sign)));
}
