using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;

namespace Rollbook.Web.Features.Access;

/// <summary>Lets a person into the district of the address, when there is one and the person has a role in it that suffices.</summary>
internal sealed class DistrictAuthorization(Memberships memberships, IInstallationStore installation, CurrentDistrict current)
    : AuthorizationHandler<DistrictRequirement>
{
    internal const string Unknown = "no such district for this person";
    internal const string SecondFactorMissing = "the district requires a second factor";

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, DistrictRequirement requirement)
    {
        if (context.Resource is not HttpContext http || context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } user)
        {
            return;
        }

        var id = http.GetRouteValue("district") as string ?? "";
        var roles = await memberships.RolesAsync(user, http.RequestAborted);
        var store = roles.TryGetValue(id, out var membership) ? await installation.OpenAsync(id, http.RequestAborted) : null;
        if (store is null)
        {
            context.Fail(new AuthorizationFailureReason(this, Unknown));
            return;
        }

        current.Enter(store, membership!, others: roles.Count > 1);
        if (!Allows(Needed(requirement.Need, http.Request.Method)))
        {
            return;
        }

        if (current.MayWork && !SecondFactor.Used(context.User) && await memberships.RequiresSecondFactorAsync(id, http.RequestAborted))
        {
            context.Fail(new AuthorizationFailureReason(this, SecondFactorMissing));
            return;
        }

        context.Succeed(requirement);
    }

    // A page that forgets to ask for more than reading still takes no form from a Viewer.
    private static Need Needed(Need asked, string method) =>
        asked == Need.Read && !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) ? Need.Change : asked;

    private bool Allows(Need need) =>
        need switch
        {
            Need.Read => true,
            Need.Change => current.MayWork,
            _ => current.IsPrimary,
        };
}
