using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.History;

/// <summary>Cancel: asks a run to stop and shows it.</summary>
internal static class CancelRun
{
    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost(
                "/history/{run:long}/cancel",
                async (long run, CurrentDistrict current, IImports imports, Trail trail, HttpContext http) =>
                {
                    if (await current.Store.Runs.GetAsync(run, http.RequestAborted) is not { } found)
                    {
                        return Results.NotFound();
                    }

                    if (await imports.CancelAsync(current.Info.Id, run, http.RequestAborted))
                    {
                        await trail.TellAsync(current.Info.Id, AuditActions.ImportCancelled, found.App, now: $"run {run}");
                    }
                    else
                    {
                        Flash.Leave(http, "The run had ended before it could be stopped.", Tone.Information);
                    }

                    return Results.LocalRedirect(current.Path($"history/{run}"));
                }
            )
            .RequireAuthorization(Policies.Work)
            .NeedsFormToken();
}
