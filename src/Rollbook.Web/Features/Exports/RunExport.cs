using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Features.Apps;

namespace Rollbook.Web.Features.Exports;

/// <summary>Run Export: delivers the newest version in the background and leads back to the dashboard, which shows how it goes.</summary>
internal static class RunExport
{
    /// <summary>The kind of job.</summary>
    internal const string Kind = "delivery";

    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost(
                "/apps/{app}/deliveries",
                async (string app, CurrentDistrict current, Deliveries deliveries, BackgroundJobs jobs, HttpContext http) =>
                {
                    if (await ExportSummaries.OneAsync(current.Store, jobs, deliveries, app, before: null, http.RequestAborted) is not { } export)
                    {
                        return Results.NotFound();
                    }

                    var everything = (await http.Request.ReadFormAsync(http.RequestAborted))["send"] == "everything";
                    if (export.Newest is null)
                    {
                        Flash.Leave(http, "Nothing is published yet, so there is nothing to deliver. Run an import first.", Ui.Tone.Information);
                    }
                    else if (export.IsAtWork)
                    {
                        Flash.Leave(http, "A delivery to this app is at work already.", Ui.Tone.Information);
                    }
                    else if (!everything && export is { HasNewest: true, Failed: null } && SendsChanges(deliveries, export))
                    {
                        Flash.Leave(
                            http,
                            "The app has the newest version, so there is no change to send. Send everything sends it whole.",
                            Ui.Tone.Information
                        );
                    }
                    else
                    {
                        var (store, who) = (current.Store, http.User.Identity?.Name ?? "");
                        await jobs.StartAsync(
                            store,
                            app,
                            Kind,
                            who,
                            async (_, token) =>
                            {
                                await deliveries.DeliverAsync(store, app, new DeliveryWish(who, AuditChannel.Console, everything), token);
                                return "";
                            },
                            http.RequestAborted
                        );
                    }

                    return Results.LocalRedirect(current.Path($"apps/{Uri.EscapeDataString(app)}"));
                }
            )
            .RequireAuthorization(Policies.Work)
            .NeedsFormToken();

    /// <summary>Whether an app's packages tell changes only; no, for one that this version can't deliver to.</summary>
    internal static bool SendsChanges(Deliveries deliveries, ExportSummary export) =>
        deliveries.ExporterOf(export.Configuration)?.SendsChanges(new Sources.SourceSettings(export.Configuration.Delivery)) is true;
}
