using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>What a script hands to the browser before a passkey is used: a fresh challenge (WebAuthn, section 5.5), kept in an encrypted cookie meanwhile.</summary>
internal static class PasskeyOptions
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/sign-in/passkey-options",
                // For nobody in particular: the answer is the same whether an account exists or not.
                async (SignInManager<User> signIn) => Results.Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json")
            )
            .AllowAnonymous()
            .RequireRateLimiting(SignInRateLimit.Name)
            .NeedsFormToken();
}
