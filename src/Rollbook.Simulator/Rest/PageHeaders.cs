using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Rollbook.Simulator.Rest;

/// <summary>X-Total-Count and Link of a page, as honest as the switches let them (OneRoster 1.1, chapter 3.4.1).</summary>
internal static class PageHeaders
{
    public static void Write(HttpContext context, PagePlace page, FaultSwitches switches, Uri apiUrl)
    {
        long? total = switches.Total switch
        {
            TotalStyle.Missing => null,
            TotalStyle.TooHigh => page.Total + 10L,
            TotalStyle.TooLow => page.Total / 2,
            _ => page.Total,
        };
        if (total is { } count)
        {
            context.Response.Headers["X-Total-Count"] = count.ToString(CultureInfo.InvariantCulture);
        }

        if (switches.Link != LinkStyle.Missing)
        {
            var links = Links(page, switches.Link)
                .Select(link => $"<{Url(context.Request, page, link.Offset, switches.Link, apiUrl)}>; rel=\"{link.Relation}\"");
            context.Response.Headers.Link = string.Join(", ", links);
        }
    }

    private static IEnumerable<(string Relation, long Offset)> Links(PagePlace page, LinkStyle style)
    {
        var last = page.Total == 0 ? 0 : (page.Total - 1) / page.Limit * page.Limit;
        if (page.Offset + page.Limit < page.Total || style == LinkStyle.AlwaysNext)
        {
            yield return ("next", style == LinkStyle.Wrong ? page.Offset : page.Offset + page.Limit);
        }

        yield return ("last", last);
        yield return ("first", 0);
        if (page.Offset > 0)
        {
            yield return ("prev", Math.Max(0, page.Offset - page.Limit));
        }
    }

    private static string Url(HttpRequest request, PagePlace page, long offset, LinkStyle style, Uri apiUrl)
    {
        var host = style switch
        {
            LinkStyle.Relative => string.Empty,
            LinkStyle.InternalHost => "http://sis-node-2.internal",
            _ => apiUrl.GetLeftPart(UriPartial.Authority),
        };
        var query = request
            .Query.Where(parameter => parameter.Key is not ("limit" or "offset"))
            .Select(parameter => KeyValuePair.Create<string, string?>(parameter.Key, parameter.Value.ToString()))
            .Append(new("limit", page.Limit.ToString(CultureInfo.InvariantCulture)))
            .Append(new("offset", offset.ToString(CultureInfo.InvariantCulture)));
        return QueryHelpers.AddQueryString(host + request.PathBase + request.Path, query);
    }
}
