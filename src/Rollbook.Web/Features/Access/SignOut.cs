using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>Ends the session.</summary>
internal static class SignOut
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/sign-out",
                async (SignInManager<User> signIn, UserManager<User> users, Trail trail, HttpContext http) =>
                {
                    if (await users.GetUserAsync(http.User) is { } user)
                    {
                        await trail.TellOfAsync(user, AuditActions.SignedOut);
                    }

                    await signIn.SignOutAsync();
                    return Results.LocalRedirect("/sign-in");
                }
            )
            .AllowAnonymous()
            .NeedsFormToken();
}
