using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Telling.Webhook;
using Rollbook.Testing;
using static Rollbook.Telling.Tests.TellingBed;

namespace Rollbook.Telling.Tests.Webhook;

/// <summary>Calls of a district's webhook, against a server that checks them as its documentation says.</summary>
public sealed class WebhookTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_signature_is_that_of_the_specifications_example()
    {
        // Standard Webhooks 1.0, the example of its reference libraries.
        Signature
            .Of(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                DateTimeOffset.FromUnixTimeSeconds(1614265330),
                """{"test": 2432232314}"""
            )
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        Signature
            .Of("a-secret-of-more-than-24-letters", "a", DateTimeOffset.FromUnixTimeSeconds(1), "b")
            .ShouldBe("v1," + Convert.ToBase64String(HMACSHA256.HashData("a-secret-of-more-than-24-letters"u8, "a.1.b"u8)));
    }

    [Fact]
    public async Task Every_event_is_called_once_signed_and_in_order()
    {
        await using var bed = await StartAsync();
        await using var receiver = await Receiver.StartAsync(Results.NoContent());
        await bed.HookAsync(receiver.Url);
        await bed.RunAsync(RunState.Failed, Failed());
        await bed.RunAsync(RunState.Held, Held("a"));
        await SendAsync(bed);
        await SendAsync(bed);
        receiver.Calls.Select(call => call.Type).ShouldBe(["failed", "held"]);
        var held = receiver.Calls[1];
        held.IsSigned(Secret, bed.Time.GetUtcNow()).ShouldBeTrue();
        var data = held.Body.GetProperty("data");
        data.GetProperty("district").GetString().ShouldBe("riverside");
        data.GetProperty("app").GetString().ShouldBe("synergy");
        data.GetProperty("run").GetInt64().ShouldBe(2);
        data.GetProperty("title").GetString().ShouldBe("An import of Synergy is held");
        data.GetProperty("details")[0].GetString().ShouldBe("600 of the 5,000 students would be deleted.");
        data.GetProperty("link").GetString().ShouldBe("https://rollbook.riverside.example/d/riverside/history/2");
        receiver.Calls.Select(call => call.Id).Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(500, "answered with status 500")]
    [InlineData(401, "same signing secret")]
    [InlineData(302, "redirect")]
    public async Task What_does_not_come_through_is_called_again_under_the_same_id_and_nowhere_else(int status, string told)
    {
        await using var bed = await StartAsync();
        await using var elsewhere = await Receiver.StartAsync(Results.NoContent());
        await using var receiver = await Receiver.StartAsync(
            status == 302 ? Results.Redirect(elsewhere.Url, permanent: false, preserveMethod: true) : Results.StatusCode(status)
        );
        await bed.HookAsync(receiver.Url);
        await bed.RunAsync(RunState.Failed, Failed());
        await bed.RunAsync(RunState.Published);
        await SendAsync(bed);

        // The second waits with the first: their order stays.
        receiver.Calls.Select(call => call.Type).ShouldBe(["failed"]);
        var last = (await bed.Store.Notifications.LastTriedAsync(DeliveryChannel.Webhook, Token))!;
        last.Trouble.ShouldNotBeNull().ShouldContain(told);
        last.Trouble.ShouldNotContain(Secret);
        last.SettledAt.ShouldBeNull();

        receiver.Answer = Results.Ok();
        bed.Time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(bed);
        receiver.Calls.Select(call => call.Type).ShouldBe(["failed", "failed", "recovered"]);
        receiver.Calls[1].Id.ShouldBe(receiver.Calls[0].Id);
        receiver.Calls[1].IsSigned(Secret, bed.Time.GetUtcNow()).ShouldBeTrue();
        elsewhere.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_does_not_overtake_those_that_did_not_come_through()
    {
        await using var bed = await StartAsync();
        await using var receiver = await Receiver.StartAsync(Results.StatusCode(500));
        await bed.HookAsync(receiver.Url);
        await bed.RunAsync(RunState.Failed, Failed());
        await SendAsync(bed);
        bed.Time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(bed);

        // The first is put off for two minutes, and the next comes before that.
        bed.Time.Advance(TimeSpan.FromSeconds(30));
        await bed.RunAsync(RunState.Published);
        await SendAsync(bed);
        receiver.Calls.Select(call => call.Type).ShouldBe(["failed", "failed", "failed"]);
        receiver.Answer = Results.Ok();
        bed.Time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(bed);
        receiver.Calls.Skip(3).Select(call => call.Type).ShouldBe(["failed", "recovered"]);
    }

    [Fact]
    public async Task One_that_is_gone_or_was_taken_out_is_given_up()
    {
        await using var bed = await StartAsync();
        await using var receiver = await Receiver.StartAsync(Results.StatusCode(410));
        await bed.HookAsync(receiver.Url);
        await bed.RunAsync(RunState.Failed, Failed());
        await SendAsync(bed);
        (await bed.Store.Notifications.DueAsync(DeliveryChannel.Webhook, bed.Time.GetUtcNow().AddYears(1), 10, Token)).ShouldBeEmpty();

        await bed.RunAsync(RunState.Published);
        await bed.ConfigureAsync(district => district with { Webhook = null });
        await SendAsync(bed);
        receiver.Calls.Count.ShouldBe(1);
        (await bed.Store.Notifications.DueAsync(DeliveryChannel.Webhook, bed.Time.GetUtcNow().AddYears(1), 10, Token)).ShouldBeEmpty();
        await bed.RunAsync(RunState.Failed, Failed());
        (await bed.Store.Notifications.DueAsync(DeliveryChannel.Webhook, bed.Time.GetUtcNow().AddYears(1), 10, Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest", "may not be called")]
    [InlineData("http://nowhere.invalid/", "can't be reached")]
    public async Task An_address_that_must_not_or_cannot_be_called_is_told(string url, string told)
    {
        await using var bed = await StartAsync();
        await bed.HookAsync(url);
        await bed.RunAsync(RunState.Failed, Failed());
        await SendAsync(bed);
        (await bed.Store.Notifications.LastTriedAsync(DeliveryChannel.Webhook, Token))!.Trouble.ShouldNotBeNull().ShouldContain(told);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_servers_call_each_event_once(bool postgres)
    {
        await using var bed = await StartAsync(postgres: postgres);
        await using var receiver = await Receiver.StartAsync(Results.NoContent());
        await bed.HookAsync(receiver.Url);
        var (other, _) = await bed.AnotherAsync();
        for (var round = 0; round < 5; round++)
        {
            await bed.RunAsync(RunState.Failed, Failed());
            await bed.RunAsync(RunState.Published);
            await Task.WhenAll(
                new[] { bed.Store, other, bed.Store, other }.Select(store =>
                    Task.Run(() => bed.NewOutbox().SendAsync(store, DeliveryChannel.Webhook, Token), Token)
                )
            );
        }

        await SendAsync(bed);
        receiver.Calls.Select(call => call.Id).Distinct().Count().ShouldBe(10);
        receiver.Calls.Count.ShouldBe(10);
    }

    private static Task SendAsync(TellingBed bed) => bed.NewOutbox().SendAsync(bed.Store, DeliveryChannel.Webhook, Token);

    /// <summary>A call as it came.</summary>
    private sealed record Call(string Id, string Timestamp, string Header, string Text)
    {
        internal JsonElement Body { get; } = JsonDocument.Parse(Text).RootElement;

        internal string Type => Body.GetProperty("type").GetString()!;

        /// <summary>As the guide tells receivers to check it.</summary>
        internal bool IsSigned(string secret, DateTimeOffset now)
        {
            var key = Convert.FromBase64String(secret["whsec_".Length..]);
            var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Text}")));
            return Header == expected && Timestamp == now.ToUnixTimeSeconds().ToString();
        }
    }

    /// <summary>A server that notes what it is called with.</summary>
    private sealed class Receiver(WebApplication app) : IAsyncDisposable
    {
        private readonly List<Call> calls = [];

        internal string Url => app.Urls.First() + "/rollbook";

        internal IResult Answer { get; set; } = Results.NoContent();

        internal IReadOnlyList<Call> Calls
        {
            get
            {
                lock (calls)
                {
                    return [.. calls];
                }
            }
        }

        internal static async Task<Receiver> StartAsync(IResult answer)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            var receiver = new Receiver(app) { Answer = answer };
            app.MapPost("/rollbook", (Delegate)receiver.TakeAsync);
            await app.StartAsync(Token);
            return receiver;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task<IResult> TakeAsync(HttpContext http)
        {
            using var reader = new StreamReader(http.Request.Body);
            var text = await reader.ReadToEndAsync();
            var headers = http.Request.Headers;
            lock (calls)
            {
                calls.Add(
                    new Call(
                        headers[Signature.IdHeader].ToString(),
                        headers[Signature.TimeHeader].ToString(),
                        headers[Signature.Header].ToString(),
                        text
                    )
                );
            }

            return Answer;
        }
    }
}
