using Microsoft.AspNetCore.Http;

namespace Rollbook.Simulator.Rest;

/// <summary>Sends bodies, cut short or replaced by HTML where the switches ask for it.</summary>
internal static class Delivery
{
    private const string ProxyPage =
        "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr><center>proxy</center></body></html>";

    public static async Task SendAsync(Exchange exchange, PooledBody body)
    {
        using (body)
        {
            var response = exchange.Context.Response;
            response.ContentType = "application/json;charset=UTF-8";
            var bytes = body.Written;
            var cut = Math.Clamp(exchange.Switches.AtByte, 0, bytes.Length);
            exchange.Bytes = bytes.Length;
            exchange.Log();
            switch (exchange.Breakage)
            {
                case Breakage.TruncatedBody:
                    response.ContentLength = cut;
                    await response.Body.WriteAsync(bytes[..cut]);
                    break;
                case Breakage.ConnectionReset:
                    response.ContentLength = bytes.Length + 1L;
                    await response.Body.WriteAsync(bytes[..cut]);
                    await response.Body.FlushAsync();
                    exchange.Context.Abort();
                    break;
                default:
                    response.ContentLength = bytes.Length;
                    await response.Body.WriteAsync(bytes, exchange.Context.RequestAborted);
                    break;
            }
        }
    }

    public static Task RefuseAsync(Exchange exchange, StatusInfo info)
    {
        var response = exchange.Context.Response;
        response.StatusCode = info.Http;
        if (exchange.Switches.Errors == ErrorStyle.Html)
        {
            return HtmlAsync(exchange, info.Http, $"Server Error: {info.Http}");
        }

        if (info.Http == 401)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        return SendAsync(exchange, Rendering.Error(info, exchange.Switches.Errors));
    }

    /// <summary>Answers with the breakage if it is of the kind that needs no records; false if the read is to go on.</summary>
    public static async Task<bool> SpoilAsync(Exchange exchange)
    {
        switch (exchange.Breakage)
        {
            case Breakage.TooManyRequests:
                SetRetryAfter(exchange);
                await RefuseAsync(exchange, StatusInfo.Busy());
                return true;
            case Breakage.ServerError:
                await RefuseAsync(exchange, StatusInfo.Failure(500, "An unexpected error happened."));
                return true;
            case Breakage.BadGateway:
                await HtmlAsync(exchange, 502, "502 Bad Gateway");
                return true;
            case Breakage.GatewayTimeout:
                await HtmlAsync(exchange, 504, "504 Gateway Time-out");
                return true;
            case Breakage.Maintenance:
                SetRetryAfter(exchange);
                await HtmlAsync(exchange, 503, "The system is down for maintenance");
                return true;
            case Breakage.HtmlPage:
                await HtmlAsync(exchange, 200, "Sign in");
                return true;
            case Breakage.ErrorWithOk:
                exchange.Context.Response.StatusCode = 200;
                await SendAsync(
                    exchange,
                    Rendering.Error(
                        StatusInfo.Failure(500, "An unexpected error happened."),
                        exchange.Switches.Errors is ErrorStyle.CodeMinorFields ? ErrorStyle.CodeMinorFields : ErrorStyle.StatusInfoSet
                    )
                );
                return true;
            default:
                return false;
        }
    }

    public static async Task HtmlAsync(Exchange exchange, int status, string title)
    {
        exchange.Context.Response.StatusCode = status;
        exchange.Context.Response.ContentType = "text/html";
        exchange.Log();
        await exchange.Context.Response.WriteAsync(ProxyPage.Replace("{0}", title, StringComparison.Ordinal));
    }

    private static void SetRetryAfter(Exchange exchange)
    {
        if (exchange.Switches.RetryAfterSeconds is { } seconds)
        {
            exchange.Context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
