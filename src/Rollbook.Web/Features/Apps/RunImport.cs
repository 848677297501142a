using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Apps;

/// <summary>Run Import: begins a run and shows it; while one is at work already, shows that one.</summary>
internal static class RunImport
{
    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost(
                "/apps/{app}/runs",
                async (string app, CurrentDistrict current, IImports imports, Trail trail, HttpContext http) =>
                {
                    switch (await imports.StartAsync(current.Info.Id, app, "console", http.User.Identity?.Name ?? "", http.RequestAborted))
                    {
                        case StartResult.Started(var run):
                            await trail.TellAsync(current.Info.Id, AuditActions.ImportStarted, app, now: $"run {run}");
                            return Results.LocalRedirect(current.Path($"history/{run}"));
                        case StartResult.AlreadyRunning({ } run):
                            Flash.Leave(http, "An import of this app was at work already. This is it.", Tone.Information);
                            return Results.LocalRedirect(current.Path($"history/{run}"));
                        case StartResult.Refused(var message):
                            Flash.Leave(http, $"The import could not begin. {message}", Tone.Danger);
                            break;
                        default:
                            Flash.Leave(http, "An import of this app is at work already. Wait until it ends.", Tone.Information);
                            break;
                    }

                    return Results.LocalRedirect(current.Path($"apps/{Uri.EscapeDataString(app)}"));
                }
            )
            .RequireAuthorization(Policies.Work)
            .NeedsFormToken();
}
