using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Setup;

/// <summary>
/// Deactivates an app, or discards a set-up that was not finished. A removal of its records goes on in the background, as a run that the history shows; the
/// app leaves when it has ended well.
/// </summary>
internal static class DeactivateApp
{
    /// <summary>The kind of job.</summary>
    internal const string Kind = "deactivation";

    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost(
                "/apps/{app}/deactivate",
                async (string app, CurrentDistrict current, Setups setups, Deactivations deactivations, BackgroundJobs jobs, HttpContext http) =>
                {
                    if (await setups.OpenAsync(current.Store, app, http.RequestAborted) is not { } setup)
                    {
                        return Results.NotFound();
                    }

                    var who = http.User.Identity?.Name ?? "";
                    if (setup.IsDraft)
                    {
                        await deactivations.DiscardAsync(current.Store, app, who, http.RequestAborted);
                        return Results.LocalRedirect(current.Path());
                    }

                    var form = await http.Request.ReadFormAsync(http.RequestAborted);
                    if (form["data"] != "remove")
                    {
                        await deactivations.DeactivateAsync(current.Store, app, removeData: false, keepIds: true, who, http.RequestAborted);
                        return Results.LocalRedirect(current.Path());
                    }

                    var (store, keepIds) = (current.Store, form["keepIds"] == "on");
                    if (!jobs.IsAtWork(await store.Jobs.LatestAsync(app, Kind, http.RequestAborted)))
                    {
                        await jobs.StartAsync(
                            store,
                            app,
                            Kind,
                            who,
                            async (_, token) =>
                                JsonSerializer.Serialize(
                                    Reason(await deactivations.DeactivateAsync(store, app, removeData: true, keepIds, who, token))
                                ),
                            http.RequestAborted
                        );
                    }

                    return Results.LocalRedirect(current.Path($"history?app={Uri.EscapeDataString(app)}"));
                }
            )
            .RequireAuthorization(Policies.Primary)
            .NeedsFormToken();

    /// <summary>Why the app is still there; null when it is not.</summary>
    private static string? Reason(DeactivationResult result) =>
        result switch
        {
            DeactivationResult.Refused refused => refused.Message,
            DeactivationResult.NotRemoved notRemoved => FormattableString.Invariant(
                $"Run {notRemoved.Run} did not remove the records; it says why in Data Sync History. The app stays as it was. Deactivate it again when that is mended."
            ),
            _ => null,
        };
}
