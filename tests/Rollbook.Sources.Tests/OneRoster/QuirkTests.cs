using System.Collections.Concurrent;
using System.IO.Compression;
using System.IO.Hashing;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Sources.Tests.Synergy;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>What servers are known to do on the wire (docs/reference/oneroster-quirks.md) and no other test shows.</summary>
public sealed class QuirkTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IConnector Connector { get; } = new OneRosterConnector(SisSettings.Hurried);

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.0a")]
    public async Task The_hostile_profile_is_read_completely(string oauth)
    {
        await using var source = await SimulatedSource.StartAsync(Profile.Hostile, students: 120, ("oauth", oauth));
        var reading = await Reading.OfAsync(Connector, source.Settings, cancellationToken: Stop);
        reading.Failure.ShouldBeNull();
        foreach (var collection in Collections.InOrder.Where(collection => collection != Collection.Demographics))
        {
            reading.Records[collection].Keys.ShouldBe(source.Truth[collection], ignoreOrder: true);
            reading.Complete(collection).ShouldNotBeNull();
        }

        reading.Unavailable(Collection.Demographics).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_token_comes_from_another_host_to_which_nothing_else_goes()
    {
        await using var sis = await FakeSis.StartAsync();
        await using var tokens = await FakeSis.StartAsync();
        var asked = new ConcurrentQueue<string>();
        tokens.Intercept = context =>
        {
            asked.Enqueue(context.Request.Path);
            return Task.FromResult(false);
        };
        var elsewhere = tokens.TokenUrl.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis, ("tokenUrl", elsewhere)), sis);
        asked.ShouldBe(["/auth/token"]);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_token_request_that_is_sent_on_keeps_its_credentials_on_the_same_host_and_only_there(int status)
    {
        await using var sis = await FakeSis.StartAsync();
        await using var other = await FakeSis.StartAsync();
        var secrets = new ConcurrentQueue<string>();
        other.Intercept = async context =>
        {
            secrets.Enqueue(context.Request.Headers.Authorization + Encoding.UTF8.GetString(await BodyAsync(context)));
            return false;
        };
        var target = sis.TokenUrl;
        sis.Intercept = context => context.Request.Path == "/moved" ? SendOnAsync(context, status, target) : Task.FromResult(false);
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis, ("tokenUrl", sis.Address + "/moved")), sis);

        target = other.TokenUrl.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var failure = (await ReadingTests.ReadAsync(sis, ("tokenUrl", sis.Address + "/moved"))).SourceFailure.ShouldNotBeNull();
        (failure.Failure, failure.Part).ShouldBe((SourceFailure.Configuration, CheckPart.TokenUrl));
        failure.Message.ShouldContain("where the credentials are not sent");
        secrets.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_from_http_to_https_keeps_the_token_and_one_back_to_http_is_not_followed()
    {
        using var certificate = SisSettings.Certificate("CN=127.0.0.1", null, "127.0.0.1");
        await using var secure = await FakeSis.StartAsync(certificate);
        await using var plain = await FakeSis.StartAsync();
        plain.Intercept = context => SendOnAsync(context, 301, secure.Address + context.Request.Path + context.Request.QueryString);
        var trusted = ("caCertificate", certificate.ExportCertificatePem());
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(plain, trusted), secure);

        secure.Intercept = context =>
            context.Request.Path.Value!.EndsWith("/orgs", StringComparison.Ordinal)
                ? SendOnAsync(context, 302, plain.Address + "/ims/oneroster/v1p1/orgs")
                : Task.FromResult(false);
        var before = plain.Requests;
        var failure = (await ReadingTests.ReadAsync(secure, trusted)).SourceFailure.ShouldNotBeNull();
        (failure.Failure, failure.Part).ShouldBe((SourceFailure.Configuration, CheckPart.ApiUrl));
        plain.Requests.ShouldBe(before);
    }

    [Fact]
    public async Task Passwords_of_1_1_are_left_behind_and_records_without_one_stay_as_they_came()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Records["users"] =
        [
            """{"sourcedId":"a", "role":"student", "username":"ada"}""",
            """{"sourcedId":"b", "password":"never-to-be-kept","role":"student","metadata":{"password":"a rule"}}""",
        ];
        var reading = await ReadingTests.ReadAsync(sis);
        reading.Failure.ShouldBeNull();
        string[] kept = [sis.Records["users"][0], """{"sourcedId":"b","role":"student","metadata":{"password":"a rule"}}"""];
        reading
            .Records[Collection.Users]
            .Values.ShouldBe(kept.Select(user => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(user))), ignoreOrder: true);

        var survey = await Connector.SurveyAsync(SisSettings.Of(sis), 5, new Progress<string>(), Stop);
        var users = survey.Collections.Single(collection => collection.Collection == Collection.Users);
        users.Samples.ShouldBe(kept);
        users.Attributes.ShouldBe(["metadata.password", "role", "sourcedId", "username"]);
    }

    [Fact]
    public async Task Addresses_in_answers_are_never_followed_and_nothing_is_filtered_by_the_server()
    {
        await using var sis = await FakeSis.StartAsync();
        await using var inner = await FakeSis.StartAsync();
        var queries = new ConcurrentQueue<string>();
        sis.Intercept = context =>
        {
            queries.Enqueue(context.Request.QueryString.ToString());
            context.Response.Headers.Link = $"<{inner.ApiUrl}/users?offset=0>; rel=\"next\", </relative>; rel=\"last\"";
            return Task.FromResult(false);
        };
        sis.Records["users"] = [.. sis.Records["users"].Select(user => $$"""{"href":"{{inner.ApiUrl}}/users/1",{{user[1..]}}""")];
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis), sis);
        inner.Requests.ShouldBe(0);
        queries.ShouldAllBe(query => !query.Contains("filter", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Answers_come_compressed(string encoding)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/courses", StringComparison.Ordinal) || context.Request.Query["offset"] != "0")
            {
                return false;
            }

            context.Response.Headers.ContentEncoding = encoding;
            context.Response.Headers["X-Total-Count"] = "25";
            await using Stream packed = encoding switch
            {
                "gzip" => new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
                "br" => new BrotliStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
                _ => new ZLibStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
            };
            await packed.WriteAsync(Encoding.UTF8.GetBytes($$"""{"courses":[{{string.Join(',', sis.Records["courses"])}}]}"""), Stop);
            return true;
        };
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis), sis);
    }

    [Theory]
    [InlineData("""{"access_token":"{0}"}""")]
    [InlineData("""{"access_token":"{0}","token_type":"BEARER","expires_in":"3600"}""")]
    [InlineData("""{"access_token":"{0}","token_type":"mac","expires_in":null,"scope":["a"]}""")]
    [InlineData("""{"access_token":"{0}","token_type":null,"expires_in":{"seconds":3600},"refresh_token":"x"}""")]
    public async Task Any_answer_with_a_token_is_one(string body)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = async context =>
        {
            if (context.Request.Path != "/auth/token")
            {
                return false;
            }

            await context.Response.WriteAsync(body.Replace("{0}", FakeSis.Token, StringComparison.Ordinal));
            return true;
        };
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis), sis);
    }

    [Fact]
    public async Task An_API_with_upper_case_folders_and_a_slash_at_the_end_is_reached()
    {
        await using var source = await SimulatedSource.StartAsync(Profile.Clean11);
        var shouted = source.Sis.ApiUrl.ToString().Replace("/ims/oneroster/v1p1", "/IMS/ONEROSTER/V1P1/", StringComparison.Ordinal);
        (await Reading.OfAsync(Connector, source.Make(("apiUrl", shouted)), cancellationToken: Stop)).Failure.ShouldBeNull();
    }

    private static Task<bool> SendOnAsync(HttpContext context, int status, string location)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.FromResult(true);
    }

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using var copy = new MemoryStream();
        await context.Request.Body.CopyToAsync(copy, Stop);
        return copy.ToArray();
    }
}
