using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;

namespace Rollbook.Web.Features.Access;

/// <summary>Lets a person into the district of the address, when there is one and the person has a role in it.</summary>
internal sealed class DistrictAuthorization(Memberships memberships, IInstallationStore installation, CurrentDistrict current)
    : AuthorizationHandler<DistrictRequirement>
{
    internal const string Unknown = "no such district for this person";

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, DistrictRequirement requirement)
    {
        if (context.Resource is not HttpContext http || context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } user)
        {
            return;
        }

        var id = http.GetRouteValue("district") as string ?? "";
        var roles = await memberships.RolesAsync(user, http.RequestAborted);
        var store = roles.TryGetValue(id, out var role) ? await installation.OpenAsync(id, http.RequestAborted) : null;
        if (store is null)
        {
            context.Fail(new AuthorizationFailureReason(this, Unknown));
            return;
        }

        current.Enter(store, role, others: roles.Count > 1);
        // Whoever may only read may only look: a form posted by hand changes nothing either.
        if (current.MayWork || (!requirement.Work && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))))
        {
            context.Succeed(requirement);
        }
    }
}

/// <summary>Another district's pages don't exist (404): that it is there at all is nobody else's business (product.md section 1).</summary>
internal sealed class DistrictAuthorizationResult : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler ordinary = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (
            authorizeResult.Forbidden
            && authorizeResult.AuthorizationFailure?.FailureReasons.Any(reason =>
                string.Equals(reason.Message, DistrictAuthorization.Unknown, StringComparison.Ordinal)
            ) == true
        )
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return ordinary.HandleAsync(next, context, policy, authorizeResult);
    }
}
