using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>How a step of a sign-in ended.</summary>
internal enum SignInOutcome
{
    /// <summary>The person is signed in.</summary>
    Done,

    /// <summary>A code is to be asked for.</summary>
    NeedsCode,

    /// <summary>Refused; the reason is nobody's business.</summary>
    Refused,

    /// <summary>The provider vouches for the account's address, but the account is opened by its own ways alone.</summary>
    Guarded,
}

/// <summary>Signing in, step by step. Every outcome is told to the audit log; none tells a guesser whether there is such an account.</summary>
internal sealed class SignIns(
    InstallationContext context,
    UserManager<User> users,
    SignInManager<User> signIn,
    OneTimeCodes codes,
    Sessions sessions,
    Trail trail,
    IHttpContextAccessor accessor,
    TimeProvider time
)
{
    /// <summary>
    /// How long refusing a password takes at least: longer than any of the ways to it, which do more or less in the database, so that time tells no
    /// guesser whether there is such an account.
    /// </summary>
    internal static readonly TimeSpan RefusalTakes = TimeSpan.FromMilliseconds(500);

    private static readonly User Nobody = new();
    private static readonly string NobodysHash = new PasswordHasher<User>().HashPassword(Nobody, "nobody's password");

    /// <summary>The first step: e-mail address and password. Refuses for every reason alike, and after about the same time.</summary>
    public async Task<SignInOutcome> WithPasswordAsync(string email, string password)
    {
        var began = time.GetTimestamp();
        var outcome = await TryPasswordAsync(email, password);
        if (outcome == SignInOutcome.Refused && RefusalTakes - time.GetElapsedTime(began) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, time);
        }

        return outcome;
    }

    private async Task<SignInOutcome> TryPasswordAsync(string email, string password)
    {
        if (!EmailAddress.IsOne(email) || await users.FindByEmailAsync(email) is not { } user)
        {
            // What was typed may be a password in the wrong field; it is not repeated.
            TakeTime(password);
            await trail.TellAsync(null, AuditActions.SignInFailed, "an unknown address", now: Told("password"));
            return SignInOutcome.Refused;
        }

        var result = await signIn.PasswordSignInAsync(user, password, isPersistent: false, lockoutOnFailure: true);
        if (result.IsLockedOut || user.PasswordHash is null)
        {
            TakeTime(password);
        }

        return result switch
        {
            { Succeeded: true } => await DoneAsync(user, "password"),
            { RequiresTwoFactor: true } => SignInOutcome.NeedsCode,
            _ => await RefusedAsync(user, "password", result.IsLockedOut),
        };
    }

    /// <summary>The person who has passed the first step in this browser a few minutes ago; null when nobody has.</summary>
    public Task<User?> WaitingAsync() => signIn.GetTwoFactorAuthenticationUserAsync();

    /// <summary>The second step: a code of the authenticator app, or one of the recovery codes.</summary>
    public async Task<SignInOutcome> WithCodeAsync(string code)
    {
        if (await WaitingAsync() is not { } user)
        {
            return SignInOutcome.Refused;
        }

        var isRecovery = !OneTimeCodes.LooksLikeOne(code);
        var with = isRecovery ? "recovery code" : "authenticator app";
        if (!await codes.CountTryAsync(user))
        {
            return await RefusedAsync(user, with, locked: true);
        }

        var isRight = isRecovery
            ? (await users.RedeemTwoFactorRecoveryCodeAsync(user, OneTimeCodes.Recovery(code))).Succeeded
            : await codes.TakeAsync(user, code);
        if (!isRight || !await codes.ForgetTriesAsync(user) || !(await users.ResetAccessFailedCountAsync(user)).Succeeded)
        {
            return await RefusedAsync(user, with, await codes.IsLockedAsync(user));
        }

        await accessor.HttpContext!.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        await signIn.SignInWithClaimsAsync(user, isPersistent: false, [SecondFactor.Claim]);
        return await DoneAsync(user, with);
    }

    /// <summary>One step alone: a passkey, with which the device has verified the person. Whoever guesses passwords meanwhile shuts nobody out of this.</summary>
    public async Task<SignInOutcome> WithPasskeyAsync(string credential)
    {
        var assertion = await signIn.PerformPasskeyAssertionAsync(credential);
        if (!assertion.Succeeded)
        {
            await trail.TellAsync(null, AuditActions.SignInFailed, "an unknown passkey", now: Told("passkey"));
            return SignInOutcome.Refused;
        }

        // The passkey's counter, by which a copied one would be noticed.
        if (!(await users.AddOrUpdatePasskeyAsync(assertion.User, assertion.Passkey)).Succeeded)
        {
            return await RefusedAsync(assertion.User, "passkey", locked: false);
        }

        await signIn.SignInWithClaimsAsync(assertion.User, isPersistent: false, [SecondFactor.Claim]);
        return await DoneAsync(assertion.User, "passkey");
    }

    /// <summary>
    /// Lets the second step follow for someone whom the provider vouches for. Identity's own way to it looks at the lock of the password, which has
    /// nothing to do with this.
    /// </summary>
    internal Task AskCodeAsync(User user) =>
        accessor.HttpContext!.SignInAsync(
            IdentityConstants.TwoFactorUserIdScheme,
            new ClaimsPrincipal(
                new ClaimsIdentity(
                    [new Claim(ClaimTypes.Name, user.Id), new Claim(ClaimTypes.AuthenticationMethod, ExternalSignIn.Scheme)],
                    IdentityConstants.TwoFactorUserIdScheme
                )
            )
        );

    /// <summary>Signs in someone who has proven otherwise to be it; with a second factor where one was used.</summary>
    public async Task BeginAsync(User user, string with, bool secondFactor = false)
    {
        await signIn.SignInWithClaimsAsync(user, isPersistent: false, secondFactor ? [SecondFactor.Claim] : []);
        await DoneAsync(user, with);
    }

    /// <summary>
    /// Ends every session of the person but this one, which goes on: whenever the person has changed how they sign in. A session that someone else
    /// began with what is no longer good, or never was, must not outlive it.
    /// </summary>
    /// <exception cref="AccountNotChangedException">The account was changed elsewhere at the same moment.</exception>
    public async Task EndOthersAsync(User user, bool secondFactor = false)
    {
        var http = accessor.HttpContext!;
        await users.UpdateSecurityStampAsync(user).OrThrowAsync();
        await sessions.EndAllAsync(user.Id, await Sessions.CurrentAsync(http), CancellationToken.None);
        var now = await http.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        IEnumerable<Claim> claims = secondFactor || SecondFactor.Used(http.User) ? [SecondFactor.Claim] : [];
        await signIn.SignInWithClaimsAsync(user, now.Properties, claims);
    }

    private async Task<SignInOutcome> DoneAsync(User user, string with)
    {
        var now = time.GetUtcNow();
        await context
            .Users.Where(found => found.Id == user.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(found => found.LastSignInAt, now), CancellationToken.None);
        await trail.TellOfAsync(user, AuditActions.SignedIn, now: Told(with), who: user.UserName);
        return SignInOutcome.Done;
    }

    /// <summary>Tells of a refusal.</summary>
    internal async Task<SignInOutcome> RefusedAsync(User user, string with, bool locked)
    {
        await trail.TellOfAsync(user, locked ? AuditActions.LockedOut : AuditActions.SignInFailed, now: Told(with), who: Trail.Nobody);
        return SignInOutcome.Refused;
    }

    /// <summary>With what, and from which network address.</summary>
    internal Dictionary<string, string> Told(string with) => new(StringComparer.Ordinal) { ["with"] = with, ["from"] = trail.From };

    private void TakeTime(string password) => users.PasswordHasher.VerifyHashedPassword(Nobody, NobodysHash, password);
}
