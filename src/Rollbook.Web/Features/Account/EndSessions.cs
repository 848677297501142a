using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Account;

/// <summary>Sign out everywhere: every session of the person ends, this one too.</summary>
internal static class EndSessions
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/account/sessions/end",
                async (UserManager<User> users, SignInManager<User> signIn, Sessions sessions, Trail trail, HttpContext http) =>
                {
                    var user = (await users.GetUserAsync(http.User))!;
                    await trail.TellOfAsync(user, AuditActions.SessionsEnded);
                    await sessions.EndAllAsync(user.Id, except: null, http.RequestAborted);
                    await users.UpdateSecurityStampAsync(user).OrThrowAsync();
                    await signIn.SignOutAsync();
                    return Results.LocalRedirect("/sign-in");
                }
            )
            .RequireAuthorization(Policies.SignedIn)
            .NeedsFormToken();
}
