using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Exports;

/// <summary>The package of a delivery, made again from the version that was delivered: the same bytes. It is full of personal data, so the audit log is told.</summary>
internal static class DownloadPackage
{
    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapGet(
                "/apps/{app}/deliveries/{delivery:long}/package",
                async (
                    string app,
                    long delivery,
                    CurrentDistrict current,
                    Deliveries deliveries,
                    BackgroundJobs jobs,
                    Trail trail,
                    HttpContext http
                ) =>
                {
                    var store = current.Store;
                    if (
                        await ExportSummaries.OneAsync(store, jobs, deliveries, app, before: null, http.RequestAborted) is not { } export
                        || deliveries.ExporterOf(export.Configuration) is null
                    )
                    {
                        return Results.NotFound();
                    }

                    var wanted = await store.Deliveries.GetAsync(delivery, http.RequestAborted);
                    if (
                        wanted is not { State: DeliveryState.Delivered, Start: var start }
                        || !string.Equals(wanted.App, app, StringComparison.Ordinal)
                        || await store.Roster.VersionAsync(start.Version, http.RequestAborted) is null or { IsPurged: true }
                        || (start.Since is { } since && await store.Roster.VersionAsync(since, http.RequestAborted) is null or { IsPurged: true })
                    )
                    {
                        return Results.NotFound();
                    }

                    if (!current.SeesPersonal)
                    {
                        return Results.StatusCode(StatusCodes.Status403Forbidden);
                    }

                    await trail.TellAsync(
                        current.Info.Id,
                        AuditActions.DataDownloaded,
                        app,
                        now: new
                        {
                            version = start.Version,
                            since = start.Since,
                            delivery = wanted.Number,
                        }
                    );
                    var name = string.Create(CultureInfo.InvariantCulture, $"{current.Info.Id}-{app}-version-{start.Version}.zip");
                    return Results.Stream(
                        stream => deliveries.WriteAsync(store, export.Configuration, start.Version, start.Since, stream, http.RequestAborted),
                        "application/zip",
                        name
                    );
                }
            )
            .RequireAuthorization(Policies.Read);
}
