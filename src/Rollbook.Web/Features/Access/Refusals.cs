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
            return LeadAsync(context, "/account/second-factor", post: StatusCodes.Status403Forbidden);
        }

        if (reasons.Contains(RecentAuthorization.TooLongAgo, StringComparer.Ordinal))
        {
            return LeadAsync(context, "/sign-in?again=yes", post: null);
        }

        return ordinary.HandleAsync(next, context, policy, authorizeResult);
    }

    // A form can't be sent on; where the person should come back to, it is to its page.
    private static Task LeadAsync(HttpContext http, string address, int? post)
    {
        var isForm = !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);
        if (isForm && post is { } status)
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        var back = http.Request.Path.Value + (isForm ? "" : http.Request.QueryString.Value);
        http.Response.Redirect(QueryHelpers.AddQueryString(address, SignInCookie.Return, back));
        return Task.CompletedTask;
    }
}
