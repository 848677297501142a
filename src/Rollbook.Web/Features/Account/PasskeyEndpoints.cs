using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Account;

/// <summary>What is done with one's own passkeys beside adding one.</summary>
internal static class PasskeyEndpoints
{
    internal const int LongestName = 100;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var passkeys = routes.MapGroup("/account/passkeys");
        passkeys.MapPost("/options", OptionsAsync).RequireAuthorization(Policies.SignedInRecently).NeedsFormToken();
        passkeys.MapPost("/{id}/rename", RenameAsync).RequireAuthorization(Policies.SignedInRecently).NeedsFormToken();
        passkeys.MapPost("/{id}/remove", RemoveAsync).RequireAuthorization(Policies.SignedInRecently).NeedsFormToken();
    }

    /// <summary>A name as it is kept; null for none.</summary>
    internal static string? NameOf(string? text)
    {
        var name = string.Concat((text ?? "").Where(sign => !char.IsControl(sign))).Trim();
        return name.Length switch
        {
            0 => null,
            > LongestName => name[..LongestName],
            _ => name,
        };
    }

    // What a script hands to the browser before a passkey is made (WebAuthn, section 5.4).
    private static async Task<IResult> OptionsAsync(SignInManager<User> signIn, UserManager<User> users, HttpContext http)
    {
        var user = (await users.GetUserAsync(http.User))!;
        return Results.Content(
            await signIn.MakePasskeyCreationOptionsAsync(
                new PasskeyUserEntity
                {
                    Id = user.Id,
                    Name = user.UserName ?? "",
                    DisplayName = user.DisplayName.Length > 0 ? user.DisplayName : user.UserName ?? "",
                }
            ),
            "application/json"
        );
    }

    private static async Task<IResult> RenameAsync(string id, [FromForm] string? name, UserManager<User> users, Trail trail, HttpContext http)
    {
        var user = (await users.GetUserAsync(http.User))!;
        if (await FindAsync(users, user, id) is { } passkey && NameOf(name) is { } fresh)
        {
            var old = passkey.Name;
            passkey.Name = fresh;
            await users.AddOrUpdatePasskeyAsync(user, passkey).OrThrowAsync();
            await trail.TellOfAsync(user, AuditActions.PasskeyRenamed, old, fresh);
            Flash.Leave(http, $"The passkey is called {fresh} now.");
        }

        return Results.LocalRedirect("/account/passkeys");
    }

    private static async Task<IResult> RemoveAsync(string id, UserManager<User> users, SignIns signIns, Trail trail, HttpContext http)
    {
        var user = (await users.GetUserAsync(http.User))!;
        if (await FindAsync(users, user, id) is { } passkey)
        {
            await users.RemovePasskeyAsync(user, passkey.CredentialId).OrThrowAsync();
            await signIns.EndOthersAsync(user);
            await trail.TellOfAsync(user, AuditActions.PasskeyRemoved, old: passkey.Name);
            Flash.Leave(http, $"{passkey.Name} was removed. It signs nobody in any more, and your other sessions have ended.");
        }

        return Results.LocalRedirect("/account/passkeys");
    }

    private static async Task<UserPasskeyInfo?> FindAsync(UserManager<User> users, User user, string id) =>
        Base64Url.IsValid(id) ? await users.GetPasskeyAsync(user, Base64Url.DecodeFromChars(id)) : null;
}
