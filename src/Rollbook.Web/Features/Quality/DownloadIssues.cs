using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Sync.Quality;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Features.Apps;
using Rollbook.Web.Features.Data;

namespace Rollbook.Web.Features.Quality;

/// <summary>All issues that the page's filters let through, as CSV; written page by page, so the size does not matter.</summary>
internal static class DownloadIssues
{
    private const int PageSize = 1_000;

    /// <summary>Of one cause: each page looks up all that lacks it.</summary>
    private const int CausePageSize = 50_000;

    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapGet(
                "/data-quality/issues.csv",
                async (CurrentDistrict current, Trail trail, HttpContext http) =>
                {
                    var filter = IssueFilter.Read(http.Request.Query) with { After = null };
                    var apps = await AppSummaries.NamesAsync(current.Store, http.RequestAborted);
                    var query = await filter.ToStoreAsync(
                        current.Store.Issues,
                        apps.Keys,
                        filter.Cause is null ? PageSize : CausePageSize,
                        http.RequestAborted
                    );

                    // Read before anything is written, so that a question the store refuses can still be answered with its reason.
                    var first = await current.Store.Issues.PageAsync(query, http.RequestAborted);
                    if (current.SeesPersonal)
                    {
                        await trail.TellAsync(
                            current.Info.Id,
                            AuditActions.DataDownloaded,
                            "Issues",
                            now: new
                            {
                                filter.App,
                                Type = IssueFilter.Word(filter.Type),
                                Kind = IssueFilter.Word(filter.Kind),
                                filter.Attribute,
                            }
                        );
                    }

                    return Results.Stream(
                        stream => WriteAsync(stream, query, first, current, http.RequestAborted),
                        "text/csv; charset=utf-8",
                        $"{current.Info.Id}-issues.csv"
                    );
                }
            )
            .RequireAuthorization(Policies.Read);

    private static async Task WriteAsync(
        Stream stream,
        IssueQuery query,
        IssuePage page,
        CurrentDistrict district,
        CancellationToken cancellationToken
    )
    {
        var names = new IssueNames();
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true)
        {
            NewLine = "\r\n",
        };
        await writer.WriteLineAsync("app,type,kind,attribute,rule,problem,sisId,rollbookId,school,lacks,lacksSisId,why");
        while (true)
        {
            await names.LoadAsync(district.Store.Roster, [], page.Issues.Select(kept => kept.Issue.School).OfType<RollbookId>(), cancellationToken);
            foreach (var (app, issue) in page.Issues)
            {
                string[] cells =
                [
                    app,
                    IssueTypes.Of(issue.Rule).ToString(),
                    Kinds.Of(issue.Kind).Name,
                    issue.Attribute,
                    QualityWords.Name(issue.Rule),
                    QualityWords.Name(issue.Problem),
                    issue.SisId,
                    issue.Record.ToString(),
                    issue.School is { } school ? names.School(school) : "",
                    issue.Target is { } lacks ? FamilyWords.Of(lacks.Family) : "",
                    issue.Target?.SisId ?? "",
                    issue.Target is { } absent ? QualityWords.Why(absent.Absence) : "",
                ];
                await writer.WriteLineAsync(string.Join(',', cells.Select(Csv.Cell)));
            }

            if (page.Next is null)
            {
                return;
            }

            page = await district.Store.Issues.PageAsync(query with { After = page.Next }, cancellationToken);
        }
    }
}
