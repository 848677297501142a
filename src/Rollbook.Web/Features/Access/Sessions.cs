using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>
/// Sign-ins that go on. Each has a row; the cookie is worth nothing without it, after <see cref="Idle"/> without a request, after
/// <see cref="Absolute"/>, or once the person's security stamp (password, second factor, role) has changed. Checked with every request.
/// </summary>
internal sealed class Sessions(InstallationContext context, TimeProvider time)
{
    /// <summary>How long a session goes on without a request (NIST SP 800-63B, section 4.2.3).</summary>
    internal static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    /// <summary>How long a session goes on at all: a working day.</summary>
    internal static readonly TimeSpan Absolute = TimeSpan.FromHours(12);

    /// <summary>How long after signing in one may change how one signs in.</summary>
    internal static readonly TimeSpan Recently = TimeSpan.FromMinutes(15);

    // A row is written at most this often for being used.
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);
    private const string Item = "session";
    private const int BrowserLength = 200;

    /// <summary>Begins a session for the person who signs in, or goes on with the one of the ticket.</summary>
    internal async Task BeginAsync(CookieSigningInContext signing)
    {
        var user = signing.Principal?.FindFirstValue(ClaimTypes.NameIdentifier);
        if (user is null || signing.Properties.Items.ContainsKey(Item))
        {
            return;
        }

        // Who signs in again goes on with the new session alone.
        await EndAsync(signing.HttpContext);
        var now = time.GetUtcNow();
        var over = now - Absolute;
        await context.Sessions.Where(session => session.StartedAt < over).ExecuteDeleteAsync(signing.HttpContext.RequestAborted);
        var browser = signing.HttpContext.Request.Headers.UserAgent.ToString().Replace('\0', ' ');
        var begun = new UserSession
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            UserId = user,
            StartedAt = now,
            SeenAt = now,
            Browser = browser.Length > BrowserLength ? browser[..BrowserLength] : browser,
        };
        context.Add(begun);
        await context.SaveChangesAsync(signing.HttpContext.RequestAborted);
        signing.Properties.Items[Item] = begun.Id;
    }

    /// <summary>Whether the session of this ticket goes on.</summary>
    internal async Task<bool> GoesOnAsync(
        ClaimsPrincipal? person,
        AuthenticationProperties properties,
        string stampClaim,
        CancellationToken cancellationToken
    )
    {
        if (
            person?.FindFirstValue(ClaimTypes.NameIdentifier) is not { } user
            || !properties.Items.TryGetValue(Item, out var id)
            || person.FindFirstValue(stampClaim) is not { } stamp
        )
        {
            return false;
        }

        var found = await context
            .Sessions.Where(session => session.Id == id && session.UserId == user)
            .Join(
                context.Users,
                session => session.UserId,
                found => found.Id,
                (session, found) =>
                    new
                    {
                        session.StartedAt,
                        session.SeenAt,
                        found.SecurityStamp,
                    }
            )
            .SingleOrDefaultAsync(cancellationToken);
        var now = time.GetUtcNow();
        if (
            found is null
            || !string.Equals(found.SecurityStamp, stamp, StringComparison.Ordinal)
            || now - found.StartedAt >= Absolute
            || now - found.SeenAt >= Idle
        )
        {
            return false;
        }

        if (now - found.SeenAt >= SeenEvery)
        {
            await context
                .Sessions.Where(session => session.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.SeenAt, now), cancellationToken);
        }

        return true;
    }

    /// <summary>Whether the person signed in a few minutes ago.</summary>
    internal async Task<bool> IsRecentAsync(HttpContext http) =>
        await CurrentAsync(http) is { } id
        && await context
            .Sessions.Where(session => session.Id == id)
            .Select(session => (DateTimeOffset?)session.StartedAt)
            .SingleOrDefaultAsync(http.RequestAborted)
            is { } started
        && time.GetUtcNow() - started < Recently;

    /// <summary>The sessions of a person that go on, newest first.</summary>
    internal async Task<IReadOnlyList<UserSession>> OfAsync(string userId, CancellationToken cancellationToken)
    {
        var (started, seen) = (time.GetUtcNow() - Absolute, time.GetUtcNow() - Idle);
        return await context
            .Sessions.AsNoTracking()
            .Where(session => session.UserId == userId && session.StartedAt > started && session.SeenAt > seen)
            .OrderByDescending(session => session.StartedAt)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The ID of the request's own session; null when there is none.</summary>
    internal static async Task<string?> CurrentAsync(HttpContext http) =>
        (await http.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Properties?.Items.TryGetValue(Item, out var id) == true ? id : null;

    /// <summary>Ends the request's own session.</summary>
    internal async Task EndAsync(HttpContext http)
    {
        if (await CurrentAsync(http) is { } id)
        {
            await context.Sessions.Where(session => session.Id == id).ExecuteDeleteAsync(http.RequestAborted);
        }
    }

    /// <summary>Ends all sessions of a person, but for the one named.</summary>
    internal Task<int> EndAllAsync(string userId, string? except, CancellationToken cancellationToken) =>
        context.Sessions.Where(session => session.UserId == userId && session.Id != except).ExecuteDeleteAsync(cancellationToken);
}
