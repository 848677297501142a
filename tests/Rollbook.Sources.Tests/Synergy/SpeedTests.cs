using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Synergy;
using Rollbook.Sources.Tests.Contract;

namespace Rollbook.Sources.Tests.Synergy;

/// <summary>
/// How fast a roster is read, beside the same pages downloaded and hashed and nothing else (architecture.md section 5). Run it with
/// <c>-explicit only</c>, in Release; it prints and judges nothing.
/// </summary>
public sealed class SpeedTests
{
    private const int PageSize = 5000;
    private const int Pages = 200;

    [Fact(Explicit = true)]
    public async Task Reading_beside_downloading_and_hashing()
    {
        var pages = Enumerable.Range(0, Pages).Select(Render).ToArray();
        await using var server = await ServeAsync(pages);
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Scan(pages);
        for (var round = 0; round < 3; round++)
        {
            Say(
                "scan in memory, one core",
                () =>
                {
                    Scan(pages);
                    return Task.CompletedTask;
                }
            );
            Say("download, hash whole pages", () => DownloadAsync(address, hashRecords: false));
            Say("download, find and hash records", () => DownloadAsync(address, hashRecords: true));
            Say("connector", () => ReadAsync(address));
        }
    }

    [Fact(Explicit = true)]
    public async Task A_district_of_30000_students()
    {
        await using var source = await SimulatedSource.StartAsync(Simulator.Profile.SynergyLike, students: 30_000);
        var clock = Stopwatch.StartNew();
        var reading = await Reading.OfAsync(
            new SynergyConnector(),
            source.Make(("pageSize", "5000")),
            cancellationToken: TestContext.Current.CancellationToken
        );
        reading.Failure.ShouldBeNull();
        reading.Notices.ShouldBeEmpty();
        foreach (var complete in reading.Messages.OfType<SourceMessage.Complete>())
        {
            complete.Read.ShouldBe(source.Truth[complete.Collection].Count);
            complete.Expected.ShouldBe(complete.Read);
        }

        var records = reading.Records.Values.Sum(all => all.Count);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{records:N0} records, rendered as they are asked for, in {clock.Elapsed.TotalSeconds:0.0} s"
            )
        );
    }

    private static void Say(string what, Func<Task> work)
    {
        var (allocated, clock, cpu) = (GC.GetTotalAllocatedBytes(), Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
        work().GetAwaiter().GetResult();
        var seconds = clock.Elapsed.TotalSeconds;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what, -34} {seconds, 6:0.00} s {Pages * PageSize / seconds, 10:N0} records/s, {used:0.00} cpu-s, {(GC.GetTotalAllocatedBytes() - allocated) >> 20} MiB allocated, {Environment.WorkingSet >> 20} MiB resident"
            )
        );
    }

    private static void Scan(byte[][] pages)
    {
        foreach (var body in pages)
        {
            var page = new Page(body, body.Length);
            new RecordScanner(body, "enrollments"u8, Reading.Ids(Family.Enrollment), page, 0).Scan();
            page.Count.ShouldBe(PageSize);
        }
    }

    private static async Task DownloadAsync(string address, bool hashRecords)
    {
        using var client = new HttpClient();
        var buffer = new byte[8 << 20];
        UInt128 sum = 0;
        for (var page = 0; page <= Pages; page++)
        {
            using var answer = await client.GetAsync(
                $"{address}/enrollments?limit={PageSize}&offset={page * PageSize}",
                HttpCompletionOption.ResponseHeadersRead
            );
            await using var stream = await answer.Content.ReadAsStreamAsync();
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
            sum += hashRecords ? HashRecords(buffer.AsSpan(0, length)) : XxHash128.HashToUInt128(buffer.AsSpan(0, length));
        }

        sum.ShouldNotBe(default);
    }

    private static UInt128 HashRecords(ReadOnlySpan<byte> json)
    {
        UInt128 sum = 0;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject && reader.CurrentDepth == 2)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                sum += XxHash128.HashToUInt128(json[start..(int)reader.BytesConsumed]);
            }
        }

        return sum;
    }

    private static async Task ReadAsync(string address)
    {
        var settings = new SourceSettings(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["apiUrl"] = address,
                ["tokenUrl"] = address + "/token",
                ["clientId"] = "a",
                ["clientSecret"] = "b",
                ["pageSize"] = "5000",
            }
        );
        var read = 0L;
        await foreach (var message in new SynergyConnector().ReadAsync(new ReadRequest(settings, Reading.Ids), CancellationToken.None))
        {
            if (message is SourceMessage.Batch { Records: var batch })
            {
                using (batch)
                {
                    read += batch.Records.Count;
                }
            }
        }

        read.ShouldBe(Pages * PageSize);
    }

    private static async Task<WebApplication> ServeAsync(byte[][] pages)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var token = """{"access_token":"t"}"""u8.ToArray();
        app.Run(async context =>
        {
            var (path, offset) = (
                context.Request.Path.Value!,
                int.TryParse(context.Request.Query["offset"], CultureInfo.InvariantCulture, out var at) ? at : 0
            );
            var page = offset / PageSize;
            var isEnrollments = path.EndsWith("enrollments", StringComparison.Ordinal);
            context.Response.Headers["X-Total-Count"] = (isEnrollments ? Pages * PageSize : 0).ToString(CultureInfo.InvariantCulture);
            var body =
                path.EndsWith("token", StringComparison.Ordinal) ? token
                : isEnrollments && page < Pages ? pages[page]
                : "[]"u8.ToArray();
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        });
        await app.StartAsync();
        return app;
    }

    // Enrollments as the simulated SIS writes them, about 560 bytes each.
    private static byte[] Render(int page)
    {
        var text = new StringBuilder("{\"enrollments\":[");
        for (var i = page * PageSize; i < (page + 1) * PageSize; i++)
        {
            var id = $"{i:X8}-10C3-4D16-8B11-27BA3651C2CE";
            text.Append(i % PageSize == 0 ? "" : ",")
                .Append(
                    CultureInfo.InvariantCulture,
                    $$"""{"sourcedId":"{{id}}","status":"active","dateLastModified":"2026-02-03T04:05:06.000Z","user":{"href":"http://127.0.0.1:5005/ims/oneroster/v1p1/users/{{id}}","sourcedId":"{{id}}","type":"user"},"class":{"href":"http://127.0.0.1:5005/ims/oneroster/v1p1/classes/{{id}}","sourcedId":"{{id}}","type":"class"},"school":{"href":"http://127.0.0.1:5005/ims/oneroster/v1p1/orgs/{{id}}","sourcedId":"{{id}}","type":"org"},"role":"student","primary":"false","beginDate":"2026-08-10","endDate":"2027-05-28"}"""
                );
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }
}
