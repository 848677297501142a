using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Sync.Setup;
using Rollbook.Sync.WhatIf;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup;

/// <summary>Begins the preview of a draft's first import.</summary>
internal static class PreviewImport
{
    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost(
                "/apps/{app}/preview",
                async (string app, CurrentDistrict current, Setups setups, WhatIfJob preview, HttpContext http) =>
                {
                    if (await setups.OpenAsync(current.Store, app, http.RequestAborted) is not { IsDraft: true } setup)
                    {
                        return Results.NotFound();
                    }

                    var problems = await setups.ProblemsAsync(current.Store, setup, http.RequestAborted);
                    if (problems.Count > 0)
                    {
                        Flash.Leave(http, "The preview can't be made yet. " + problems[0].Message, Tone.Attention);
                    }
                    else
                    {
                        await preview.StartAsync(current.Store, app, setup.Configuration, http.User.Identity?.Name ?? "", http.RequestAborted);
                    }

                    return Results.LocalRedirect(SetupAddresses.Of(current, setup, SetupStep.Done));
                }
            )
            .RequireAuthorization(Policies.Configure)
            .NeedsFormToken();
}
