using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Rollbook.Web.Features.Access;

/// <summary>
/// What a refusal looks like. Another district's pages don't exist (404): that it is there at all is nobody else's business (product.md section 1).
/// Who lacks a second factor is led to set one up, who signed in long ago to do so again.
/// </summary>
internal sealed class Refusals : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler ordinary = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (!authorizeResult.Forbidden)
        {
            return ordinary.HandleAsync(next, context, policy, authorizeResult);
        }

        var reasons = authorizeResult.AuthorizationFailure?.FailureReasons.Select(reason => reason.Message).ToList() ?? [];
        if (reasons.Contains(DistrictAuthorization.Unknown, StringComparer.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (reasons.Contains(DistrictAuthorization.SecondFactorMissing, StringComparer.Ordinal))
        {
            return LeadAsync(context, "/account/second-factor");
        }

        if (reasons.Contains(RecentAuthorization.TooLongAgo, StringComparer.Ordinal))
        {
            return LeadAsync(context, "/sign-in?again=yes");
        }

        return ordinary.HandleAsync(next, context, policy, authorizeResult);
    }

    private static Task LeadAsync(HttpContext http, string address)
    {
        http.Response.Redirect(QueryHelpers.AddQueryString(address, SignInCookie.Return, SignInCookie.Back(http)));
        return Task.CompletedTask;
    }
}
