using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rollbook.Host.Tests.Program;

/// <summary>A server whose address is a district's webhook.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly List<JsonNode> calls = [];
    private WebApplication? app;

    /// <summary>What is called.</summary>
    internal string Url => app!.Urls.First() + "/rollbook";

    /// <summary>The bodies of the calls so far.</summary>
    internal IReadOnlyList<JsonNode> Calls
    {
        get
        {
            lock (calls)
            {
                return [.. calls];
            }
        }
    }

    internal static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new Receiver { app = builder.Build() };
        receiver.app.MapPost("/rollbook", (Delegate)receiver.TakeAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body))!;
        lock (calls)
        {
            calls.Add(body);
        }

        return Results.NoContent();
    }
}
