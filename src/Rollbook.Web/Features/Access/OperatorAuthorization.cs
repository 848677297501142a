using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Rollbook.Web.Features.Access;

/// <summary>Lets an operator in.</summary>
internal sealed class OperatorAuthorization(Memberships memberships) : AuthorizationHandler<OperatorRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, OperatorRequirement requirement)
    {
        if (
            context.Resource is HttpContext http
            && context.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } user
            && await memberships.IsOperatorAsync(user, http.RequestAborted)
        )
        {
            context.Succeed(requirement);
        }
    }
}

/// <summary>Lets in who signed in a few minutes ago.</summary>
internal sealed class RecentAuthorization(Sessions sessions) : AuthorizationHandler<RecentRequirement>
{
    internal const string TooLongAgo = "signed in too long ago";

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RecentRequirement requirement)
    {
        if (context.Resource is not HttpContext http || context.User.Identity?.IsAuthenticated != true)
        {
            return;
        }

        if (await sessions.IsRecentAsync(http))
        {
            context.Succeed(requirement);
        }
        else
        {
            context.Fail(new AuthorizationFailureReason(this, TooLongAgo));
        }
    }
}
