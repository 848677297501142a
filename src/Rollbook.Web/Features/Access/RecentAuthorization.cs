using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>Lets in who signed in a few minutes ago.</summary>
internal sealed class RecentAuthorization(Sessions sessions, InstallationContext installation) : AuthorizationHandler<RecentRequirement>
{
    internal const string TooLongAgo = "signed in too long ago";

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RecentRequirement requirement)
    {
        if (context.Resource is not HttpContext http || context.User.Identity?.IsAuthenticated != true)
        {
            return;
        }

        if (!await sessions.IsRecentAsync(http))
        {
            context.Fail(new AuthorizationFailureReason(this, TooLongAgo));
        }
        else if (!SecondFactor.Used(context.User) && await HasPasskeyAsync(context.User, http.RequestAborted))
        {
            // Whoever has stolen the password alone must not add a second factor beside the person's own.
            context.Fail(new AuthorizationFailureReason(this, DistrictAuthorization.SecondFactorMissing));
        }
        else
        {
            context.Succeed(requirement);
        }
    }

    private Task<bool> HasPasskeyAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var user = person.FindFirstValue(ClaimTypes.NameIdentifier);
        return installation.Set<IdentityUserPasskey<string>>().AnyAsync(passkey => passkey.UserId == user, cancellationToken);
    }
}
