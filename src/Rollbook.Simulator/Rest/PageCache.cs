using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>
/// Pages of the plain full reads (one limit, order of sourcedId) rendered to files beforehand, so that serving them costs next to nothing.
/// Pages of the district as generated are kept for the next start with the same options; pages of a changed district only while it runs.
/// </summary>
internal sealed class PageCache : IDisposable
{
    private const string CompleteMark = "complete";
    private readonly District district;
    private readonly RowOrders orders;
    private readonly HrefBase hrefs;
    private readonly int limit;
    private readonly string generated;
    private readonly string changed;
    private readonly int[] generatedVersions;
    private readonly (int Version, string Folder)?[] rendered = new (int, string)?[Kinds.All.Count];

    public PageCache(District district, RowOrders orders, HrefBase hrefs, SimulatorOptions options)
    {
        (this.district, this.orders, this.hrefs, limit) = (district, orders, hrefs, options.PageCacheLimit);
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"2|{options.Students}|{options.Schools}|{options.EnrollmentsPerStudent}|{options.Seed}|{options.Profile}|{options.SourcedIdStyle}|{district.SchoolYearStart:O}|{options.HrefBase}|{limit}"
        );
        generated = Path.Combine(options.PageCache!, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(what)))[..16]);
        changed = string.Create(CultureInfo.InvariantCulture, $"{generated}-changed-{Environment.ProcessId}");
        generatedVersions = [.. Kinds.All.Select(kind => district.Table(kind).Version)];
    }

    /// <summary>Renders the pages of every kind whose pages are out of date.</summary>
    public async Task RenderAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in Kinds.All)
        {
            var version = district.Read(d => d.Table(kind).Version);
            if (rendered[(int)kind]?.Version == version)
            {
                continue;
            }

            var folder = Path.Combine(version == generatedVersions[(int)kind] ? generated : changed, kind.CollectionName());
            if (!File.Exists(Path.Combine(folder, CompleteMark)) || version != generatedVersions[(int)kind])
            {
                await RenderAsync(kind, folder, cancellationToken);
            }

            rendered[(int)kind] = (version, folder);
        }
    }

    /// <summary>The file and the total for a read that the cache can answer; null for any other.</summary>
    public (string File, PagePlace Page)? Find(Operation operation, ReadQuery query, FaultSwitches switches) =>
        IsPlain(operation, query, switches) ? district.Read(d => Find(operation.Kind, query)) : null;

    public void Dispose()
    {
        if (Directory.Exists(changed))
        {
            Directory.Delete(changed, recursive: true);
        }
    }

    private (string File, PagePlace Page)? Find(Kind kind, ReadQuery query)
    {
        var total = orders.VisibleCount(kind);
        var filterKeepsAll = query.Filter is null || (query.FilterText is "status='active'" && total == district.Table(kind).ActiveCount);
        if (!filterKeepsAll || query.Offset >= total || rendered[(int)kind] is not { } pages || pages.Version != district.Table(kind).Version)
        {
            return null;
        }

        var rows = Math.Min(limit, total - (int)query.Offset);
        return (FileOf(pages.Folder, (int)(query.Offset / limit)), new PagePlace(rows, total, limit, query.Offset));
    }

    private bool IsPlain(Operation operation, ReadQuery query, FaultSwitches switches) =>
        operation is { Subset: null, Related: null, Single: false }
        && query is { Sort: null or SourcedIdField, Descending: false, Selection: null, Warnings.Count: 0 }
        && Math.Min(query.Limit, switches.PageCap ?? int.MaxValue) == limit
        && query.Offset % limit == 0
        && limit <= (switches.GatewayErrorAbove ?? int.MaxValue)
        && switches
            is {
                Breakage: Breakage.None,
                UnstableOrder: UnstableOrder.Never,
                AlternateKeys: false,
                EmptyCollections.Count: 0,
                Booleans: BooleanStyle.Text,
                Lists: ListStyle.Array,
                Dates: DateStyle.Date,
            };

    private async Task RenderAsync(Kind kind, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, CompleteMark));
        var rows = district.Read(_ => orders.Whole(kind));
        var pages = (rows.Length + limit - 1) / limit;
        await Parallel.ForAsync(
            0,
            pages,
            cancellationToken,
            async (page, stop) =>
            {
                var start = page * limit;
                using var body = district.Read(d =>
                    Rendering.Collection(
                        d,
                        Schema.Of(d.Traits.Version, kind),
                        kind.CollectionName(),
                        rows.AsSpan(start, Math.Min(limit, rows.Length - start)),
                        null,
                        [],
                        Dialect.Plain,
                        hrefs
                    )
                );
                await File.WriteAllBytesAsync(FileOf(folder, page), body.Written, stop);
            }
        );
        await File.WriteAllTextAsync(Path.Combine(folder, CompleteMark), string.Empty, cancellationToken);
    }

    private static string FileOf(string folder, int page) => Path.Combine(folder, page.ToString("D6", CultureInfo.InvariantCulture) + ".json");

    /// <summary>Sends a cached page.</summary>
    public static async Task SendAsync(Exchange exchange, string file)
    {
        var response = exchange.Context.Response;
        response.ContentType = "application/json;charset=UTF-8";
        response.ContentLength = exchange.Bytes = new FileInfo(file).Length;
        exchange.FromCache = true;
        exchange.Log();
        await response.SendFileAsync(file, exchange.Context.RequestAborted);
    }
}
