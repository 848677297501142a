using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rollbook.Simulator.Faults;

namespace Rollbook.Simulator.Rest;

/// <summary>Answers a read of the OneRoster API, step by step: spoil, route, admit, check the query, select, render, send.</summary>
internal sealed class ReadEndpoint(
    District district,
    RowOrders orders,
    Gatekeeper gatekeeper,
    FaultBoard faults,
    PageCache? cache,
    RequestLog log,
    TimeProvider time,
    Uri apiUrl,
    HrefBase hrefs
)
{
    private readonly PageSelector selector = new(orders);

    public async Task HandleAsync(HttpContext context, string path)
    {
        Exchange exchange;
        try
        {
            var (switches, breakage) = faults.For(context.Request, path);
            exchange = new Exchange(context, path, switches, breakage, log);
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException)
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync($"The header {FaultBoard.Header} can't be read: {problem.Message}");
            return;
        }

        try
        {
            await AnswerAsync(exchange);
        }
        finally
        {
            exchange.Log();
        }
    }

    private async Task AnswerAsync(Exchange exchange)
    {
        if (exchange.Switches.FirstByteDelayMilliseconds > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(exchange.Switches.FirstByteDelayMilliseconds), time, exchange.Context.RequestAborted);
        }

        if (await Delivery.SpoilAsync(exchange))
        {
            return;
        }

        if (!HttpMethods.IsGet(exchange.Context.Request.Method))
        {
            await Delivery.RefuseAsync(exchange, StatusInfo.Failure(405, "Rostering is read with GET."));
            return;
        }

        var route = Router.Find(exchange.Path);
        if (gatekeeper.Refuse(exchange, route?.Operation) is { } refusal)
        {
            await Delivery.RefuseAsync(exchange, refusal);
            return;
        }

        var (operation, ids) = route!.Value;
        var query = ReadQuery.Parse(exchange.Context.Request.Query, district.Traits.Version, operation, exchange.Switches);
        if (query.Refusal is { } invalid)
        {
            await Delivery.RefuseAsync(exchange, invalid);
        }
        else if (operation.Single)
        {
            await AnswerSingleAsync(exchange, operation, ids[0], query);
        }
        else
        {
            await AnswerPageAsync(exchange, operation, ids, query);
        }
    }

    private Task AnswerSingleAsync(Exchange exchange, Operation operation, string id, ReadQuery query)
    {
        var key = exchange.Switches.AlternateKeys ? operation.AlternateKey : operation.Key;
        var body = district.Read(d =>
        {
            var row = d.Find(operation.Kind, id);
            var known = row >= 0 && orders.IsVisible(operation.Kind, row) && operation.Subset?.Invoke(d, row) != false;
            return known
                ? Rendering.Single(d, Schema.Of(d.Traits.Version, operation.Kind), key, row, query.Selection, query.Warnings, exchange.Dialect, hrefs)
                : null;
        });
        return body is null
            ? Delivery.RefuseAsync(exchange, StatusInfo.UnknownObject($"{operation.Key} '{id}'"))
            : Delivery.SendAsync(exchange, body);
    }

    private async Task AnswerPageAsync(Exchange exchange, Operation operation, string[] ids, ReadQuery query)
    {
        var switches = exchange.Switches;
        if (cache?.Find(operation, query, switches) is var (file, known))
        {
            Announce(exchange, known);
            await PageCache.SendAsync(exchange, file);
            return;
        }

        var key = switches.AlternateKeys ? operation.AlternateKey : operation.Key;
        var (page, refusal, body) = district.Read(d =>
        {
            var (selected, refused) = selector.Select(operation, ids, query, switches);
            if (selected is null || selected.Rows.Length > (switches.GatewayErrorAbove ?? int.MaxValue))
            {
                return (selected, refused, (PooledBody?)null);
            }

            var rendered = Rendering.Collection(
                d,
                Schema.Of(d.Traits.Version, operation.Kind),
                key,
                selected.Rows.Span,
                query.Selection,
                query.Warnings,
                exchange.Dialect,
                hrefs
            );
            return (selected, null, rendered);
        });
        if (refusal is not null)
        {
            await Delivery.RefuseAsync(exchange, refusal);
        }
        else if (body is null)
        {
            await Delivery.HtmlAsync(exchange, switches.GatewayStatus, switches.GatewayStatus == 504 ? "504 Gateway Time-out" : "502 Bad Gateway");
        }
        else
        {
            Announce(exchange, page!.Place);
            await Delivery.SendAsync(exchange, body);
        }
    }

    private void Announce(Exchange exchange, PagePlace page)
    {
        (exchange.IsPage, exchange.Rows) = (true, page.Count);
        PageHeaders.Write(exchange.Context, page, exchange.Switches, apiUrl);
    }
}
