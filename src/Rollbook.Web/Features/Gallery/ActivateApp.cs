using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Gallery;

/// <summary>Activate: adds the app to the district and leads to its set-up. A Primary District Admin's part (product.md section 1).</summary>
internal static class ActivateApp
{
    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost(
                "/gallery/activate",
                async (CurrentDistrict current, Setups setups, HttpContext http) =>
                {
                    var type = (await http.Request.ReadFormAsync(http.RequestAborted))["type"].ToString();
                    if (!setups.Gallery.Any(connector => string.Equals(connector.Type, type, StringComparison.Ordinal)))
                    {
                        return Results.NotFound();
                    }

                    var setup = await setups.ActivateAsync(current.Store, type, http.User.Identity?.Name ?? "", http.RequestAborted);
                    return Results.LocalRedirect(current.Path($"apps/{setup.App}/setup/{setup.Reached.Slug()}"));
                }
            )
            .RequireAuthorization(Policies.Primary)
            .NeedsFormToken();
}
