using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Rollbook.Model;
using Rollbook.Sources.Tests.Contract;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>What token services want, and what becomes of tokens.</summary>
public sealed class TokenTests
{
    private readonly ConcurrentQueue<(string Path, IFormCollection Form, string? Basic)> asked = new();

    [Fact]
    public async Task Asks_by_form_with_basic_and_the_default_scope()
    {
        await using var sis = await StartAsync((_, _) => Given(""));
        (await ReadingTests.ReadAsync(sis)).Failure.ShouldBeNull();
        var (_, form, basic) = asked.ShouldHaveSingleItem();
        form["grant_type"].ToString().ShouldBe("client_credentials");
        form["scope"].ToString().ShouldContain("v1p1/scope/roster-core.readonly");
        form.ContainsKey("client_secret").ShouldBeFalse();
        basic.ShouldBe($"{FakeSis.ClientId}:{FakeSis.Secret}");
    }

    [Theory]
    [InlineData("invalid_scope", 400)]
    [InlineData("invalid_request", 400)]
    public async Task A_scope_that_is_not_known_is_left_out(string code, int status)
    {
        await using var sis = await StartAsync((form, _) => form.ContainsKey("scope") ? (status, Error(code)) : Given(""));
        (await ReadingTests.ReadAsync(sis)).Failure.ShouldBeNull();
        asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Scopes_none_and_custom_are_asked_for_as_set()
    {
        await using var sis = await StartAsync((_, _) => Given(""));
        await ReadingTests.ReadAsync(sis, ("scope", "none"));
        await ReadingTests.ReadAsync(sis, ("scope", " read  write "));
        asked.Select(request => request.Form["scope"].ToString()).ShouldBe(["", "read write"]);
    }

    [Fact]
    public async Task The_secret_goes_into_the_form_when_basic_is_refused()
    {
        await using var sis = await StartAsync(
            (form, _) => form["client_secret"] == FakeSis.Secret && form["client_id"] == FakeSis.ClientId ? Given("") : (401, Error("invalid_client"))
        );
        (await ReadingTests.ReadAsync(sis)).Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Odd_signs_in_a_secret_are_encoded_where_the_server_wants_it()
    {
        await using var sis = await StartAsync((_, basic) => basic?.Split(':') is [_, "a%2Bb%25"] ? Given("") : (401, Error("invalid_client")));
        (await ReadingTests.ReadAsync(sis, ("clientSecret", "a+b%"))).Failure.ShouldBeNull();
    }

    [Theory]
    [InlineData("\"expires_in\":\"3600\",", 1)]
    [InlineData("\"expires_in\":null,", 1)]
    [InlineData("\"expires_in\":-5,", 1)]
    [InlineData("\"expires_in\":0.00001,", 5)]
    public async Task Any_life_of_a_token_will_do(string expiry, int atLeast)
    {
        await using var sis = await StartAsync((_, _) => Given(expiry));
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis), sis);
        asked.Count.ShouldBeGreaterThanOrEqualTo(atLeast);
        (atLeast == 1).ShouldBe(asked.Count == 1);
    }

    [Fact]
    public async Task A_token_revoked_in_mid_run_is_renewed_once()
    {
        await using var sis = await StartAsync((_, _) => Given(""));
        var tokens = sis.Intercept;
        var revoked = 0;
        sis.Intercept = async context =>
        {
            if (context.Request.Query["offset"] == "300" && Interlocked.Exchange(ref revoked, 1) == 0)
            {
                context.Response.StatusCode = 401;
                return true;
            }

            return await tokens(context);
        };
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis), sis);
        asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_api_that_takes_no_token_is_a_wrong_setting()
    {
        await using var sis = await StartAsync((_, _) => (200, """{"access_token":"of-another-sis"}"""));
        var failure = (await ReadingTests.ReadAsync(sis)).SourceFailure.ShouldNotBeNull();
        (failure.Failure, failure.Part).ShouldBe((SourceFailure.Configuration, CheckPart.ApiUrl));
    }

    [Fact]
    public async Task The_cookie_of_the_token_goes_with_every_call()
    {
        await using var sis = await StartAsync((_, _) => Given(""));
        var tokens = sis.Intercept;
        sis.Intercept = async context =>
        {
            context.Response.Headers.SetCookie =
                context.Request.Path == "/auth/token" ? "NODE=b7; Path=/auth; HttpOnly" : "Other=1; Domain=evil.example";
            if (context.Request.Path != "/auth/token" && context.Request.Cookies["NODE"] is not "b7")
            {
                context.Response.StatusCode = 401;
                return true;
            }

            return await tokens(context);
        };
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis), sis);
    }

    [Fact]
    public async Task A_token_url_left_out_is_looked_for()
    {
        await using var sis = await StartAsync((_, _) => Given(""), "/ims/oneroster/v1p1/oauth/token");
        ReadingTests.ShouldHaveAll(await ReadingTests.ReadAsync(sis, ("tokenUrl", "")), sis);
    }

    [Fact]
    public async Task Redirects_keep_the_secret_on_its_host()
    {
        await using var sis = await StartAsync((_, _) => Given(""));
        var tokens = sis.Intercept;
        sis.Intercept = context =>
        {
            if (context.Request.Path == "/here" || context.Request.Path == "/elsewhere")
            {
                context.Response.StatusCode = 307;
                context.Response.Headers.Location =
                    context.Request.Path == "/here" ? "/auth/token" : sis.TokenUrl.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
                return Task.FromResult(true);
            }

            return tokens(context);
        };
        (await ReadingTests.ReadAsync(sis, ("tokenUrl", sis.Address + "/here"))).Failure.ShouldBeNull();
        var elsewhere = await ReadingTests.ReadAsync(sis, ("tokenUrl", sis.Address + "/elsewhere"));
        (elsewhere.SourceFailure.ShouldNotBeNull().Failure, elsewhere.SourceFailure!.Part).ShouldBe(
            (SourceFailure.Configuration, CheckPart.TokenUrl)
        );
        asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_token_service_that_is_down_for_a_moment_is_waited_for(int status)
    {
        var left = 2;
        await using var sis = await StartAsync((_, _) => left-- > 0 ? (status, "<html>down</html>") : Given(""));
        (await ReadingTests.ReadAsync(sis)).Complete(Collection.Enrollments).ShouldNotBeNull();
    }

    private static (int, string) Given(string expiry) => (200, $$"""{{{expiry}}"access_token":"{{FakeSis.Token}}","token_type":"bearer"}""");

    private static string Error(string code) => $$"""{"error":"{{code}}","error_description":"no"}""";

    private async Task<FakeSis> StartAsync(Func<IFormCollection, string?, (int Status, string Body)> answer, string path = "/auth/token")
    {
        var sis = await FakeSis.StartAsync();
        sis.Intercept = async context =>
        {
            if (context.Request.Path != path)
            {
                return false;
            }

            var header = context.Request.Headers.Authorization.ToString();
            var basic = header.StartsWith("Basic ", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])) : null;
            var form = await context.Request.ReadFormAsync();
            asked.Enqueue((path, form, basic));
            var (status, body) = answer(form, basic);
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
            return true;
        };
        return sis;
    }
}
