using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>What a script hands to the browser before a passkey is used: a fresh challenge (WebAuthn, section 5.5), kept in an encrypted cookie meanwhile.</summary>
internal static class PasskeyOptions
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapPost(
                "/sign-in/passkey-options",
                // For nobody in particular: the answer is the same whether an account exists or not.
                async (SignInManager<User> signIn) => Results.Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json")
            )
            .AllowAnonymous()
            .RequireRateLimiting(SignInRateLimit.Name)
            .NeedsFormToken();
        routes
            .MapPost("/setup/{token}/passkey-options", ForNewcomerAsync)
            .AllowAnonymous()
            .RequireRateLimiting(SignInRateLimit.Name)
            .NeedsFormToken();
    }

    /// <summary>For someone who makes an account at an invitation (WebAuthn, section 5.4); 422 with what is wrong, before the device makes a passkey for nothing.</summary>
    private static async Task<IResult> ForNewcomerAsync(
        string token,
        [FromForm(Name = "Input.Name")] string? name,
        [FromForm(Name = "Input.Email")] string? email,
        SetupLinks links,
        SignInManager<User> signIn,
        UserManager<User> users,
        TimeProvider time,
        HttpContext http
    )
    {
        var link = await links.FindAsync(token, http.RequestAborted);
        var (shown, address) = (name?.Trim() ?? "", link?.Email ?? email?.Trim() ?? "");
        var wrong =
            link?.IsGoodAt(time.GetUtcNow()) != true ? "This link is not good any more. Reload the page."
            : !ShownName.IsOne(shown) ? ShownName.Wanted
            : !EmailAddress.IsOne(address) ? EmailAddress.Wanted
            : await users.FindByEmailAsync(address) is not null ? Accounts.AddressTaken
            : null;
        return wrong is not null
            ? Results.Text(wrong, statusCode: StatusCodes.Status422UnprocessableEntity)
            : Results.Content(
                await signIn.MakePasskeyCreationOptionsAsync(
                    new PasskeyUserEntity
                    {
                        Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
                        Name = address,
                        DisplayName = shown,
                    }
                ),
                "application/json"
            );
    }
}
