using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Data;

/// <summary>All records of a list, in its columns and order, as CSV; written page by page, so the size does not matter.</summary>
internal static class DownloadCsv
{
    private const int PageSize = 1000;

    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapGet(
                "/data/{kind}.csv",
                async (string kind, CurrentDistrict current, ReferenceNames names, IImports imports, Trail trail, HttpContext http) =>
                {
                    if (Kinds.Find(kind) is not { } definition)
                    {
                        return Results.NotFound();
                    }

                    var query = BrowseQuery.Read(http, definition, current.SeesPersonal).Start();
                    var roster = current.Store.Roster;
                    if (query.Waiting is { } run)
                    {
                        return await WaitingAsync(run, query, current, imports, names, trail, http);
                    }

                    var version = query.Version is { } wanted
                        ? await roster.VersionAsync(wanted, http.RequestAborted)
                        : await roster.LatestAsync(http.RequestAborted);
                    if (version is null or { IsPurged: true })
                    {
                        return Results.NotFound();
                    }

                    // One version from the first page to the last, though another may be published meanwhile.
                    query = query with
                    {
                        Version = version.Number,
                    };

                    // Read before anything is written, so that a question the store refuses can still be answered with its reason.
                    var first = await roster.PageAsync(query.ToStore(PageSize), http.RequestAborted);
                    if (TellsPersonal(current, query))
                    {
                        // Which columns, and never what was searched for: that is personal data itself.
                        await trail.TellAsync(
                            current.Info.Id,
                            AuditActions.DataDownloaded,
                            definition.Plural,
                            now: new { version = version.Number, columns = query.Columns.Select(column => column.Name) }
                        );
                    }

                    return Results.Stream(
                        stream => WriteAsync(stream, query, first, roster, current.SeesPersonal, names, _ => IsKeptAsync(), http.RequestAborted),
                        "text/csv; charset=utf-8",
                        $"{current.Info.Id}-{definition.Plural.ToLowerInvariant()}-version-{version.Number}.csv"
                    );

                    // It breaks off when the version is purged meanwhile: half a list would look like a whole one.
                    async Task<bool> IsKeptAsync()
                    {
                        var isKept = await roster.VersionAsync(version.Number, http.RequestAborted) is { IsPurged: false };
                        if (!isKept)
                        {
                            http.Abort();
                        }

                        return isKept;
                    }
                }
            )
            .RequireAuthorization(Policies.Read);

    /// <summary>The list of the roster as it would be after a run that waits. It breaks off before its last page when that became another while it was read: half of each would be neither.</summary>
    private static async Task<IResult> WaitingAsync(
        long run,
        BrowseQuery query,
        CurrentDistrict current,
        IImports imports,
        ReferenceNames names,
        Trail trail,
        HttpContext http
    )
    {
        if (await WaitingRoster.FindAsync(current.Store, run, http.RequestAborted) is not { Problem: null })
        {
            return Results.NotFound();
        }

        var stamp = await WaitingRoster.StampAsync(current.Store, imports, run, http.RequestAborted);
        var first = await current.Store.Roster.PageAsync(query.ToStore(PageSize), http.RequestAborted);
        if (TellsPersonal(current, query))
        {
            await trail.TellAsync(
                current.Info.Id,
                AuditActions.DataDownloaded,
                query.Kind.Plural,
                now: new { afterRun = run, columns = query.Columns.Select(column => column.Name) }
            );
        }

        return Results.Stream(
            stream =>
                WriteAsync(
                    stream,
                    query,
                    first,
                    current.Store.Roster,
                    current.SeesPersonal,
                    names,
                    isLast => isLast ? IsSameAsync() : Task.FromResult(true),
                    http.RequestAborted
                ),
            "text/csv; charset=utf-8",
            FormattableString.Invariant($"{current.Info.Id}-{query.Kind.Plural.ToLowerInvariant()}-after-run-{run}.csv")
        );

        // Asked before the last page and not before each: it reads all that is left out.
        async Task<bool> IsSameAsync()
        {
            var isSame =
                stamp is not null
                && string.Equals(stamp, await WaitingRoster.StampAsync(current.Store, imports, run, http.RequestAborted), StringComparison.Ordinal);
            if (!isSame)
            {
                http.Abort();
            }

            return isSame;
        }
    }

    private static bool TellsPersonal(CurrentDistrict current, BrowseQuery query) =>
        current.SeesPersonal && query.Columns.Any(column => column.Personal);

    private static async Task WriteAsync(
        Stream stream,
        BrowseQuery query,
        RecordPage page,
        IRosterStore roster,
        bool personal,
        ReferenceNames names,
        Func<bool, Task<bool>> isSame,
        CancellationToken cancellationToken
    )
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true)
        {
            NewLine = "\r\n",
        };
        await writer.WriteLineAsync(string.Join(',', query.Columns.Select(column => Csv.Cell(column.Name))));
        while (true)
        {
            await names.LoadAsync(page.Records.Select(record => record.Row), query.AsOf, cancellationToken);
            if (!await isSame(page.Next is null))
            {
                return;
            }

            foreach (var record in page.Records)
            {
                await writer.WriteLineAsync(string.Join(',', query.Columns.Select(column => Csv.Cell(Cell(record.Row, column, personal, names)))));
            }

            if (page.Next is null)
            {
                return;
            }

            page = await roster.PageAsync(query.ToStore(PageSize) with { After = page.Next }, cancellationToken);
        }
    }

    private static string Cell(Row row, Attribute column, bool personal, ReferenceNames names)
    {
        var value = row[column];
        return value is not null && column.Personal && !personal
            ? "hidden"
            : Values.Plain(value, id => names.Find(id) is { } found ? names.Title(found.Row) : id.ToString());
    }
}
