using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollbook.Model;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>
/// The smallest OneRoster server that is right, with a hook in front of every answer, so that a test can make it wrong in exactly one way, down
/// to the byte.
/// </summary>
public sealed class FakeSis : IAsyncDisposable
{
    public const string ClientId = "rollbook-client";
    public const string Secret = "s3cr3t-Zq9-never-to-be-seen";
    public const string Token = "tok-7f3a-never-to-be-seen";
    private readonly WebApplication app;

    private FakeSis(WebApplication app, string address)
    {
        (this.app, Address) = (app, address);
    }

    public string Address { get; }

    public string ApiUrl => Address + "/ims/oneroster/v1p1";

    public string TokenUrl => Address + "/auth/token";

    /// <summary>The records of each endpoint, as JSON objects in the order of their sourcedIds.</summary>
    public Dictionary<string, List<string>> Records { get; } = new(StringComparer.Ordinal);

    /// <summary>What an endpoint wraps its records in, if not its own name.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers itself and gives true, or leaves the request to the server.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = _ => Task.FromResult(false);

    /// <summary>Changes the answer to a page.</summary>
    public Func<SisPage, SisPage> Alter { get; set; } = page => page;

    public int LargestPage { get; set; } = 5000;

    public bool SendsTotal { get; set; } = true;

    public int Requests => requests;

    private int requests;

    /// <param name="certificate">Serves https with it; http when null.</param>
    public static async Task<FakeSis> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate);
                    }
                }
            )
        );
        var server = builder.Build();
        FakeSis? sis = null;
        server.Run(context => sis!.AnswerAsync(context));
        await server.StartAsync();
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        sis = new FakeSis(server, address);
        foreach (var collection in Collections.InOrder)
        {
            sis.Fill(
                Collections.NameOf(collection),
                collection switch
                {
                    Collection.Users => 730,
                    Collection.Enrollments => 1210,
                    _ => 25,
                }
            );
        }

        return sis;
    }

    public void Fill(string endpoint, int count) => Records[endpoint] = [.. Enumerable.Range(0, count).Select(i => Record(endpoint, i))];

    public static string Record(string endpoint, int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"sourcedId":"{{endpoint}}-{{number:000000}}","status":"active","dateLastModified":"2026-02-03T04:05:06.000Z","title":"Record {{number}} of \"{{endpoint}}\" é","metadata":{"n":{{number}} } }"""
        );

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        if (await Intercept(context))
        {
            return;
        }

        if (context.Request.Path == "/auth/token")
        {
            await GiveTokenAsync(context);
            return;
        }

        var endpoint = context.Request.Path.Value!.Split('/')[^1];
        if (
            !context.Request.Path.StartsWithSegments("/ims/oneroster/v1p1", StringComparison.Ordinal)
            || !Records.TryGetValue(endpoint, out var records)
        )
        {
            context.Response.StatusCode = 404;
            return;
        }

        if (context.Request.Headers.Authorization != "Bearer " + Token)
        {
            context.Response.StatusCode = 401;
            return;
        }

        var page = Alter(
            new SisPage(
                endpoint,
                Number(context, "offset", 0),
                Number(context, "limit", 100),
                records,
                LargestPage,
                SendsTotal ? records.Count : null
            )
        );
        await WriteAsync(context, page);
    }

    private async Task WriteAsync(HttpContext context, SisPage page)
    {
        context.Response.StatusCode = page.Status;
        if (page.Total is { } total)
        {
            context.Response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
        }

        var body = Encoding.UTF8.GetBytes(
            page.Body ?? $$"""{"{{Keys.GetValueOrDefault(page.Endpoint, page.Endpoint)}}":[{{string.Join(",", page.Rows)}}]}"""
        );
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = page.Chunked ? null : body.Length;
        if (page.CutAt is { } cut && cut < body.Length)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(0, cut));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(body);
    }

    private static async Task GiveTokenAsync(HttpContext context)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{Secret}"));
        if (context.Request.Headers.Authorization != expected)
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("""{"error":"invalid_client"}""");
            return;
        }

        await context.Response.WriteAsync($$"""{"access_token":"{{Token}}","token_type":"bearer","expires_in":3600}""");
    }

    private static int Number(HttpContext context, string name, int otherwise) =>
        int.TryParse(context.Request.Query[name], CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}

/// <summary>An answer of <see cref="FakeSis"/> before it is written.</summary>
public sealed record SisPage(string Endpoint, int Offset, int Limit, List<string> All, int LargestPage, long? Total)
{
    public int Status { get; init; } = 200;

    public IEnumerable<string> Rows { get; init; } = All.Skip(Offset).Take(Math.Min(Limit, LargestPage));

    public string? Body { get; init; }

    public int? CutAt { get; init; }

    public bool Chunked { get; init; }
}
