using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Rollbook.Web;

/// <summary>Refuses a POST that does not come from one of our own forms.</summary>
internal static class FormToken
{
    internal static RouteHandlerBuilder NeedsFormToken(this RouteHandlerBuilder route) =>
        route
            .WithMetadata(new Required())
            .AddEndpointFilter(
                async (context, next) =>
                    context.HttpContext.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true }
                        ? await next(context)
                        : Results.StatusCode(StatusCodes.Status400BadRequest)
            );

    private sealed class Required : IAntiforgeryMetadata
    {
        public bool RequiresValidation => true;
    }
}
