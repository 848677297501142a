using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Rollbook.Web.Features.Access;

/// <summary>Lets an operator in who signed in with a second factor: an operator can make admins of every district.</summary>
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
            if (SecondFactor.Used(context.User))
            {
                context.Succeed(requirement);
            }
            else
            {
                context.Fail(new AuthorizationFailureReason(this, DistrictAuthorization.SecondFactorMissing));
            }
        }
    }
}
