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
