using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Sources.Tests.Synergy;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>OAuth 1.0a against a SIS that looks at every signature.</summary>
public sealed class SignedTests
{
    private static readonly (string, string)[] Signed = [("oauth", "1.0a"), ("tokenUrl", "")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IConnector Connector { get; } = new OneRosterConnector(SisSettings.Hurried);

    [Theory]
    [InlineData(SignatureSupport.Both, "HMAC-SHA256")]
    [InlineData(SignatureSupport.Sha256, "HMAC-SHA256")]
    [InlineData(SignatureSupport.Sha1, "HMAC-SHA1")]
    public async Task The_method_is_the_one_that_the_SIS_takes(SignatureSupport support, string method)
    {
        await using var source = await SimulatedSource.StartAsync(Profile.SynergyLike, own: Signed);
        source.Sis.Faults = source.Sis.Faults with { Signatures = support };
        var reading = await Reading.OfAsync(Connector, source.Settings, cancellationToken: Stop);
        reading.Failure.ShouldBeNull();
        foreach (var collection in Collections.InOrder)
        {
            reading.Records[collection].Keys.ShouldBe(source.Truth[collection], ignoreOrder: true);
        }

        source.Sis.Log.Requests.Count(request => request.Status is 400 or 401).ShouldBe(support is SignatureSupport.Sha1 ? 1 : 0);
        source.Sis.Log.Requests.ShouldAllBe(request => !request.Path.EndsWith("token", StringComparison.Ordinal));

        var steps = await Connector.CheckAsync(source.Settings);
        steps.ShouldContain(step => step.Part == CheckPart.Credentials && step.Text.Contains(method, StringComparison.Ordinal));
        steps.ShouldAllBe(step => step.Part != CheckPart.TokenUrl && step.Part != CheckPart.Scope);
        steps[^1].Text.ShouldBe(ConnectionCheck.Success);
    }

    [Fact]
    public async Task Filters_with_signs_of_all_kinds_are_signed_right()
    {
        await using var source = await SimulatedSource.StartAsync(Profile.Clean11, own: Signed);
        using var connection = new OneRosterConnection(OneRosterSettings.Parse(source.Settings), SisSettings.Hurried);
        using var answer = await connection.GetAsync(
            connection.Settings.Api.Collection("users", "limit=100&filter=role%3D%27administrator%27%20AND%20familyName!%3D%27O%27%27Brien+é~%27"),
            Stop
        );
        ((int)answer.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task A_wrong_secret_is_named_and_an_unknown_client_too()
    {
        await using var source = await SimulatedSource.StartAsync(Profile.SynergyLike, own: Signed);
        foreach (var setting in new[] { "clientSecret", "clientId" })
        {
            var failed = (await Connector.CheckAsync(source.Make((setting, "another"))))[^1];
            (failed.Ok, failed.Part).ShouldBe((false, CheckPart.Credentials));
            failed.Text.ShouldContain("client ID or the client secret is wrong");
            failed.Text.ShouldNotContain("clock");
        }
    }

    [Fact]
    public async Task A_clock_that_is_off_is_told_with_how_much()
    {
        await using var source = await SimulatedSource.StartAsync(Profile.SynergyLike, own: Signed);
        var failed = (
            await new OneRosterConnector(SisSettings.Hurried with { Time = new LateClock(TimeSpan.FromMinutes(42)) }).CheckAsync(source.Settings)
        )[^1];
        (failed.Ok, failed.Part).ShouldBe((false, CheckPart.Credentials));
        failed.Text.ShouldContain("42 minutes apart");
    }

    [Fact]
    public async Task A_redirect_on_the_same_host_is_signed_for_its_own_address_and_another_host_gets_nothing()
    {
        var seen = new ConcurrentQueue<(string Path, string Header)>();
        await using var sis = await FakeSis.StartAsync();
        var target = sis.Address;
        sis.Intercept = context =>
        {
            seen.Enqueue((context.Request.Path, context.Request.Headers.Authorization.ToString()));
            if (context.Request.Path.StartsWithSegments("/ims", StringComparison.Ordinal))
            {
                context.Response.StatusCode = 307;
                context.Response.Headers.Location = $"{target}/moved/orgs{context.Request.QueryString}";
                return Task.FromResult(true);
            }

            return Answer(context, """{"orgs":[]}""");
        };
        using var connection = new OneRosterConnection(OneRosterSettings.Parse(SisSettings.Of(sis, Signed)), SisSettings.Hurried);
        using (var answer = await connection.GetAsync(connection.Settings.Api.Collection("orgs", "limit=1"), Stop))
        {
            ((int)answer.StatusCode).ShouldBe(200);
        }

        seen.Select(request => request.Path).ShouldBe(["/ims/oneroster/v1p1/orgs", "/moved/orgs"]);
        seen.Select(request => Parameter(request.Header, "oauth_signature")).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
        seen.Select(request => Parameter(request.Header, "oauth_nonce")).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);

        seen.Clear();
        target = sis.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var failure = await Should.ThrowAsync<SourceException>(() =>
            connection.GetAsync(connection.Settings.Api.Collection("orgs", "limit=1"), Stop)
        );
        (failure.Failure, failure.Part).ShouldBe((SourceFailure.Configuration, CheckPart.ApiUrl));
        seen.ShouldAllBe(request => request.Path.StartsWith("/ims", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_that_is_refused_for_another_reason_is_not_taken_for_a_signature()
    {
        var methods = new ConcurrentQueue<string>();
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context =>
        {
            methods.Enqueue(Parameter(context.Request.Headers.Authorization.ToString(), "oauth_signature_method"));
            context.Response.StatusCode = context.Request.Query.ContainsKey("sort") ? 400 : 200;
            return Answer(context, context.Response.StatusCode is 400 ? """{"imsx_codeMinor":"invalid_sort_field"}""" : """{"orgs":[]}""");
        };
        var reading = await ReadingTests.ReadAsync(sis, Signed);
        reading.Failure.ShouldBeNull(reading.Everything());
        methods.ShouldAllBe(method => method == "HMAC-SHA256");
    }

    [Theory]
    [InlineData("", "1.2", "version")]
    [InlineData("/ims/oneroster/rostering/v1p2", "auto", "apiUrl")]
    [InlineData("/ims/oneroster/rostering/v1p2", "1.1", null)]
    public void OneRoster_1_2_knows_no_signatures_and_the_form_says_so(string path, string version, string? refused)
    {
        var settings = Settings(path, version);
        var findings = Connector.Inspect(settings);
        var problem = findings.SingleOrDefault(finding => finding.Problem is not null);
        problem?.Name.ShouldBe(refused);
        if (refused is null)
        {
            OneRosterSettings.Parse(settings).Api.Version.ShouldBe(OneRosterVersion.V11);
        }
        else
        {
            problem.ShouldNotBeNull().Problem.ShouldNotBeNull().ShouldContain("does not know OAuth 1.0a");
            Should.Throw<SourceException>(() => OneRosterSettings.Parse(settings)).Part.ShouldBe(CheckPart.Settings);
        }

        findings
            .Single(finding => finding.Name is "apiUrl")
            .Effective.ShouldBe(refused is "apiUrl" ? null : "https://sis.example.org/ims/oneroster/v1p1");
    }

    [Fact]
    public async Task A_closed_API_says_nothing_of_the_secret_and_the_test_neither()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context =>
        {
            context.Response.StatusCode = 403;
            return Task.FromResult(true);
        };
        var steps = await Connector.CheckAsync(SisSettings.Of(sis, Signed));
        steps.Single(step => step.Part is CheckPart.Credentials).Text.ShouldContain("not known yet");
        (steps[^1].Ok, steps[^1].Part).ShouldBe((false, CheckPart.Licence));
    }

    [Fact]
    public async Task A_refusal_by_400_is_told_as_one()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context =>
        {
            context.Response.StatusCode = 400;
            return Answer(context, "oauth_problem=signature_invalid");
        };
        var failed = (await Connector.CheckAsync(SisSettings.Of(sis, Signed)))[^1];
        (failed.Ok, failed.Part).ShouldBe((false, CheckPart.Credentials));
        failed.Text.ShouldContain("(400)");
        failed.Text.ShouldNotContain("401");
        var failure = (await ReadingTests.ReadAsync(sis, Signed)).SourceFailure.ShouldNotBeNull();
        (failure.Failure, failure.Part).ShouldBe((SourceFailure.Configuration, CheckPart.Credentials));
        failure.Message.ShouldEndWith("Enter client ID and client secret anew, as the SIS shows them for this client.");
    }

    [Fact]
    public async Task A_400_about_something_else_that_speaks_of_OAuth_stops_nothing()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context =>
        {
            context.Response.StatusCode = context.Request.Query.ContainsKey("sort") ? 400 : 200;
            return Answer(
                context,
                context.Response.StatusCode is 400 ? """{"imsx_codeMinor":"invalid_sort_field","client":"oauth"}""" : """{"orgs":[]}"""
            );
        };
        var reading = await ReadingTests.ReadAsync(sis, Signed);
        reading.Failure.ShouldBeNull(reading.Everything());
    }

    [Fact]
    public async Task A_401_after_others_were_accepted_is_told_as_a_permission_that_may_be_missing()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context =>
        {
            context.Response.StatusCode = context.Request.Path.Value!.EndsWith("/users", StringComparison.Ordinal) ? 401 : 200;
            return Answer(context, """{"orgs":[]}""");
        };
        var failed = (await Connector.CheckAsync(SisSettings.Of(sis, Signed)))[^1];
        (failed.Ok, failed.Part).ShouldBe((false, CheckPart.Licence));
        failed.Text.ShouldContain("may lack the permission");
        failed.Text.ShouldNotContain("secret is wrong");
    }

    [Fact]
    public async Task An_answer_that_breaks_off_while_it_is_looked_at_is_given_back()
    {
        using var signing = new SignatureSignIn(OneRosterSettings.Parse(Settings()), TimeProvider.System);
        using var content = new StreamContent(new BrokenStream());
        using var answer = new WatchedAnswer { Content = content };
        var failure = await Should.ThrowAsync<RequestFailure>(() => signing.SendAsync(_ => Task.FromResult<HttpResponseMessage>(answer), Stop));
        failure.Fault.ShouldBe(Fault.Broken);
        answer.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_long_400_is_a_400_and_not_asked_for_again()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context =>
        {
            context.Response.StatusCode = 400;
            return Answer(context, new string('x', 200_000));
        };
        using var connection = new OneRosterConnection(OneRosterSettings.Parse(SisSettings.Of(sis, Signed)), SisSettings.Hurried);
        using var answer = await connection.GetAsync(connection.Settings.Api.Collection("orgs", "limit=1"), Stop);
        ((int)answer.StatusCode).ShouldBe(400);
        sis.Requests.ShouldBe(1);
    }

    private static SourceSettings Settings(string path = "", string version = "auto") =>
        new(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["apiUrl"] = "https://sis.example.org" + path,
                ["clientId"] = "id",
                ["clientSecret"] = "secret",
                ["oauth"] = "1.0a",
                ["version"] = version,
            }
        );

    private sealed class LateClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - by;
    }

    private sealed class WatchedAnswer() : HttpResponseMessage(System.Net.HttpStatusCode.BadRequest)
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("broken off");
    }

    private static string Parameter(string header, string name) =>
        header
            .Split(',', StringSplitOptions.TrimEntries)
            .First(part => part.Contains(name + "=", StringComparison.Ordinal))
            .Split('=', 2)[1]
            .Trim('"');

    private static async Task<bool> Answer(HttpContext context, string body)
    {
        await context.Response.WriteAsync(body);
        return true;
    }
}

/// <summary>The connector contract with signed requests.</summary>
public sealed class SignedContract : ConnectorContract
{
    protected override IConnector Connector { get; } = new OneRosterConnector(SisSettings.Hurried with { Tries = 3 });

    protected override async Task<IContractSource> StartAsync() =>
        await SimulatedSource.StartAsync(Profile.SynergyLike, own: [("oauth", "1.0a"), ("tokenUrl", "")]);
}
