using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Features.Data;

namespace Rollbook.Web.Features.Administration;

/// <summary>All entries that the page's filters let through, as CSV, newest first; written page by page, so the size does not matter.</summary>
internal static class DownloadAudit
{
    private const int PageSize = 1000;

    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapGet(
                "/administration/audit-log.csv",
                async (CurrentDistrict current, IAuditLog log, Trail trail, HttpContext http) =>
                {
                    var query = AuditFilter.Read(http.Request.Query).ToStore(current.Info.Id, current.Zone);
                    await trail.TellAsync(current.Info.Id, AuditActions.AuditDownloaded, "audit log");
                    return Results.Stream(
                        stream => WriteAsync(stream, log, query, http.RequestAborted),
                        "text/csv; charset=utf-8",
                        $"{current.Info.Id}-audit-log.csv"
                    );
                }
            )
            .RequireAuthorization(Policies.Configure);

    private static async Task WriteAsync(Stream stream, IAuditLog log, AuditQuery query, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true)
        {
            NewLine = "\r\n",
        };
        await writer.WriteLineAsync("at,who,how,action,subject,old,new");
        while (await log.ReadAsync(query, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var (_, at, entry) in page)
            {
                string[] cells =
                [
                    at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
                    entry.Who,
                    AuditWords.Name(entry.How),
                    entry.Action,
                    entry.Subject,
                    entry.OldValue ?? "",
                    entry.NewValue ?? "",
                ];
                await writer.WriteLineAsync(string.Join(',', cells.Select(Csv.Cell)));
            }

            query = query with { Before = page[^1].Number };
        }
    }
}
