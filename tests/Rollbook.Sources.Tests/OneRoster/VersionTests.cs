using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Sources.Tests.Synergy;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>OneRoster 1.1 and 1.2: which is spoken, and that both are read.</summary>
public sealed class VersionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IConnector Connector { get; } = new OneRosterConnector(SisSettings.Hurried with { Tries = 3 });

    [Theory]
    [InlineData(Profile.Clean11, "auto", "/ims/oneroster/v1p1")]
    [InlineData(Profile.SynergyLike, "auto", "/ims/oneroster/v1p1")]
    [InlineData(Profile.Clean12, "auto", "/ims/oneroster/rostering/v1p2")]
    [InlineData(Profile.Clean12, "1.2", "/ims/oneroster/rostering/v1p2")]
    [InlineData(Profile.Clean11, "1.1", "/ims/oneroster/v1p1")]
    public async Task It_is_found_or_set_and_told_in_the_test(Profile profile, string version, string path)
    {
        await using var source = await SimulatedSource.StartAsync(profile);
        var root = source.Sis.ApiUrl.GetLeftPart(UriPartial.Authority);
        var settings = source.Make(("apiUrl", root), ("version", version));
        var steps = await Connector.CheckAsync(settings);
        steps[^1].Text.ShouldBe(ConnectionCheck.Success);
        steps
            .Count(step => step.Text.Contains(" was found; the API is at " + root + path, StringComparison.Ordinal))
            .ShouldBe(version is "auto" ? 1 : 0);
        steps.ShouldContain(step => step.Text == $"OneRoster {(path.EndsWith('2') ? "1.2" : "1.1")} answers at {root}{path}.");

        var reading = await Reading.OfAsync(Connector, settings, cancellationToken: Stop);
        reading.Failure.ShouldBeNull();
        reading
            .Notices.Count(notice => notice.Contains($" was found at {root}{path}; set the OneRoster version", StringComparison.Ordinal))
            .ShouldBe(version is "auto" ? 1 : 0);
        foreach (var collection in Collections.InOrder)
        {
            reading.Records[collection].Keys.ShouldBe(source.Truth[collection], ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData(Profile.Clean11)]
    [InlineData(Profile.Clean12)]
    public async Task A_wrong_secret_is_named_also_where_the_version_is_looked_for(Profile profile)
    {
        await using var source = await SimulatedSource.StartAsync(profile);
        var root = source.Sis.ApiUrl.GetLeftPart(UriPartial.Authority);
        var steps = await Connector.CheckAsync(source.Make(("apiUrl", root), ("clientSecret", "another")));
        steps.SkipLast(1).ShouldAllBe(step => step.Ok);
        (steps[^1].Ok, steps[^1].Part).ShouldBe((false, CheckPart.Credentials));
        (await Connector.CheckAsync(source.Make(("apiUrl", root), ("tokenUrl", root + "/nowhere"))))[^1].Part.ShouldBe(CheckPart.TokenUrl);
    }

    [Fact]
    public async Task A_version_that_is_not_spoken_there_is_told_with_the_one_that_is()
    {
        await using var newer = await SimulatedSource.StartAsync(Profile.Clean12);
        var failed = (await Connector.CheckAsync(newer.Make(("version", "1.1"))))[^1];
        (failed.Ok, failed.Part).ShouldBe((false, CheckPart.ApiUrl));
        failed.Remedy.ShouldNotBeNull().ShouldEndWith("set the OneRoster version to 1.2.");

        await using var older = await SimulatedSource.StartAsync(Profile.Clean11);
        failed = (await Connector.CheckAsync(older.Make(("version", "1.2"))))[^1];
        (failed.Ok, failed.Part).ShouldBe((false, CheckPart.ApiUrl));
        failed.Remedy.ShouldNotBeNull().ShouldEndWith("set the OneRoster version to 1.1.");
    }

    [Fact]
    public async Task One_folder_too_many_is_found_out_for_1_2_too()
    {
        await using var source = await SimulatedSource.StartAsync(Profile.Clean12);
        var root = source.Sis.ApiUrl.GetLeftPart(UriPartial.Authority);
        var failed = (await Connector.CheckAsync(source.Make(("apiUrl", root + "/sis"))))[^1];
        (failed.Ok, failed.Part).ShouldBe((false, CheckPart.ApiUrl));
        failed.Remedy.ShouldBe($"It answers at {root}/ims/oneroster/rostering/v1p2: enter that as the API URL.");
    }

    [Fact]
    public async Task One_folder_too_many_and_another_version_than_is_set_are_told_together()
    {
        await using var source = await SimulatedSource.StartAsync(Profile.Clean12);
        var root = source.Sis.ApiUrl.GetLeftPart(UriPartial.Authority);
        var failed = (await Connector.CheckAsync(source.Make(("apiUrl", root + "/sis"), ("version", "1.1"))))[^1];
        failed.Remedy.ShouldBe(
            $"It answers at {root}/ims/oneroster/rostering/v1p2: enter that as the API URL, and set the OneRoster version to 1.2."
        );
    }

    [Fact]
    public async Task A_1_1_that_is_closed_is_not_left_for_1_2()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context => Refuse(context, 403, unless: Is12(context) || context.Request.Path == "/auth/token");
        var reading = await ReadingTests.ReadAsync(sis, ("apiUrl", sis.Address));
        (reading.SourceFailure.ShouldNotBeNull().Failure, reading.SourceFailure!.Part).ShouldBe((SourceFailure.Configuration, CheckPart.Licence));
        var failed = (await Connector.CheckAsync(SisSettings.Of(sis, ("apiUrl", sis.Address))))[^1];
        (failed.Ok, failed.Part).ShouldBe((false, CheckPart.Licence));
        failed.Remedy.ShouldNotBeNull().ShouldEndWith("If the SIS speaks 1.2 only, set the OneRoster version to 1.2.");
        (await Connector.CheckAsync(SisSettings.Of(sis, ("version", "1.1"))))[^1].Remedy.ShouldNotBeNull().ShouldNotContain("1.2");
    }

    [Fact]
    public async Task A_token_service_that_takes_only_the_scopes_of_1_2_leads_to_1_2()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = async context =>
        {
            if (Is12(context))
            {
                return false;
            }

            if (
                context.Request.Path == "/auth/token"
                && (await context.Request.ReadFormAsync())["scope"].ToString().Contains("v1p2", StringComparison.Ordinal)
            )
            {
                return false;
            }

            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("""{"error":"invalid_scope"}""");
            return true;
        };
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis, ("apiUrl", sis.Address)), sis);
        (await Connector.CheckAsync(SisSettings.Of(sis, ("apiUrl", sis.Address), ("version", "1.1"))))[^1].Part.ShouldBe(CheckPart.Scope);
    }

    [Fact]
    public async Task A_wrong_secret_for_one_version_tells_more_than_that_the_other_has_no_token_URL()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context =>
        {
            if (context.Request.Path == "/ims/oneroster/rostering/v1p2/token")
            {
                context.Request.Path = "/auth/token";
            }

            return Task.FromResult(false);
        };
        var settings = SisSettings.Of(sis, ("apiUrl", sis.Address), ("tokenUrl", ""), ("clientSecret", "another"));
        (await Connector.CheckAsync(settings))[^1].Part.ShouldBe(CheckPart.Credentials);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_SIS_that_fails_while_the_version_is_looked_for_is_told_as_that(int status)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context => Refuse(context, status, unless: context.Request.Path == "/auth/token");
        var failed = (await Connector.CheckAsync(SisSettings.Of(sis, ("apiUrl", sis.Address))))[^1];
        (failed.Ok, failed.Part).ShouldBe((false, CheckPart.Roster));
        failed.Text.ShouldBe(
            $"Which OneRoster version the SIS speaks could not be found out: It answered {status}. "
                + "Nothing was changed; try again. If it stays so, tell the SIS's administrator. If the SIS speaks 1.2 only, set the OneRoster version to 1.2."
        );
        (await Connector.CheckAsync(SisSettings.Of(sis)))[^1].Text.ShouldBe($"The request failed: It answered {status}.");
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(502)]
    public async Task A_SIS_that_is_down_for_a_moment_is_waited_for_and_not_taken_for_one_of_the_other_version(int status)
    {
        // Both versions are there; the first answers of 1.1 are lost.
        await using var sis = await FakeSis.StartAsync();
        var (lost, others) = (0, 0);
        sis.Intercept = async context =>
        {
            others += context.Request.Path.Value!.Contains("v1p2", StringComparison.Ordinal) ? 1 : 0;
            if (context.Request.Path.Value!.EndsWith("/orgs", StringComparison.Ordinal) && lost++ < 2)
            {
                context.Response.StatusCode = status;
                await context.Response.WriteAsync("<html>down</html>");
                return true;
            }

            return false;
        };
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis, ("apiUrl", sis.Address)), sis);
        others.ShouldBe(0);

        lost = int.MinValue;
        (await ReadingTests.ReadAsync(sis, ("apiUrl", sis.Address))).SourceFailure.ShouldNotBeNull().Failure.ShouldBe(SourceFailure.Transient);
        others.ShouldBe(0);
    }

    [Fact]
    public async Task Where_neither_is_the_read_fails_and_deletes_nothing()
    {
        await using var sis = await FakeSis.StartAsync();
        var reading = await ReadingTests.ReadAsync(sis, ("apiUrl", sis.Address + "/nothing"));
        (reading.SourceFailure.ShouldNotBeNull().Failure, reading.SourceFailure!.Part).ShouldBe((SourceFailure.Configuration, CheckPart.ApiUrl));
        reading.Messages.OfType<SourceMessage.Complete>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(401, "")]
    [InlineData(401, "/auth/token")]
    public async Task A_1_2_whose_token_lies_below_it_or_whose_gateway_knows_no_other_path_is_found(int status, string tokenPath)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = context => Refuse(context, status, unless: Is12(context) || context.Request.Path == tokenPath);
        var tokenUrl = tokenPath.Length == 0 ? "" : sis.Address + tokenPath;
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis, ("apiUrl", sis.Address), ("tokenUrl", tokenUrl)), sis);
    }

    [Fact]
    public async Task Scopes_are_those_of_the_version()
    {
        var scopes = new List<string>();
        await using var sis = await FakeSis.StartAsync();
        sis.Intercept = async context =>
        {
            if (context.Request.Path == "/auth/token")
            {
                scopes.Add((await context.Request.ReadFormAsync())["scope"].ToString());
            }

            return false;
        };
        await ReadingTests.ReadAsync(sis, ("version", "1.2"));
        await ReadingTests.ReadAsync(sis, ("version", "1.1"));
        scopes[0]
            .ShouldBe(
                "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly https://purl.imsglobal.org/spec/or/v1p2/scope/roster-demographics.readonly"
            );
        scopes[^1].ShouldStartWith("https://purl.imsglobal.org/spec/or/v1p1/scope/roster-core.readonly");
    }

    [Fact]
    public async Task A_server_of_1_2_without_users_of_its_own_gives_them_by_role()
    {
        await using var source = await SimulatedSource.StartAsync(Profile.Clean12, students: 120);
        source.Sis.Faults = source.Sis.Faults with
        {
            MissingEndpoints = new Dictionary<string, int>(StringComparer.Ordinal) { ["orgs"] = 404, ["academicSessions"] = 501 },
        };
        await using var front = await FakeSis.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(source.Sis.ApiUrl.GetLeftPart(UriPartial.Authority)) };
        front.Intercept = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/users", StringComparison.Ordinal) && !context.Request.Query.ContainsKey("filter"))
            {
                context.Response.StatusCode = 404;
                return true;
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, $"{context.Request.Path}{context.Request.QueryString}");
            request.Headers.Add("Authorization", context.Request.Headers.Authorization.ToString());
            using var answer = await client.SendAsync(request, Stop);
            context.Response.StatusCode = (int)answer.StatusCode;
            await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync(Stop), Stop);
            return true;
        };
        var reading = await Reading.OfAsync(
            Connector,
            source.Make(("apiUrl", front.Address + source.Sis.ApiUrl.AbsolutePath)),
            cancellationToken: Stop
        );
        reading.Failure.ShouldBeNull();
        reading.Unavailable(Collection.Orgs).ShouldNotBeNull();
        reading.Notices.ShouldContain("The SIS has no users; they were read from students and teachers and users instead.", StringComparer.Ordinal);
        reading.Records[Collection.Users].Keys.ShouldBe(source.Truth[Collection.Users], ignoreOrder: true);
        reading.Complete(Collection.Users).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_survey_of_1_2_counts_and_shows_every_role()
    {
        await using var source = await SimulatedSource.StartAsync(Profile.Clean12, students: 120);
        var survey = await Connector.SurveyAsync(source.Settings, 5, new Progress<string>(), Stop);
        survey.Orgs.Where(org => org.Org.IsSchool).ShouldAllBe(school => school.Students > 0 && school.Staff > 0);
        var users = survey.Collections.Single(collection => collection.Collection == Collection.Users);
        users.Samples.Count(user => user.Contains("\"role\":\"student\",\"orgs\":[", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(5);
        users.Attributes.ShouldContain("preferredFirstName");
        users.Attributes.ShouldContain("orgs");
        users.Samples.ShouldAllBe(user => !user.Contains("a-password-that-nobody-should-keep", StringComparison.Ordinal));
    }

    private static Task<bool> Refuse(HttpContext context, int status, bool unless)
    {
        if (!unless)
        {
            context.Response.StatusCode = status;
        }

        return Task.FromResult(!unless);
    }

    // What asks for 1.2 is answered as if it asked for 1.1.
    private static bool Is12(HttpContext context)
    {
        var is12 = context.Request.Path.StartsWithSegments("/ims/oneroster/rostering/v1p2", StringComparison.Ordinal, out var below);
        if (is12)
        {
            context.Request.Path = below == "/token" ? "/auth/token" : "/ims/oneroster/v1p1" + below;
        }

        return is12;
    }
}
