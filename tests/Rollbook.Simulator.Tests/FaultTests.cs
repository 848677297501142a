using System.Text.Json;

namespace Rollbook.Simulator.Tests;

/// <summary>Every fault can be seen on the wire.</summary>
public sealed class FaultTests(CleanDistrict district) : IClassFixture<CleanDistrict>
{
    [Theory]
    [InlineData("breakage=tooManyRequests", 429, "server_busy")]
    [InlineData("breakage=serverError", 500, "imsx_codeMajor\":\"failure")]
    [InlineData("breakage=badGateway", 502, "<html>")]
    [InlineData("breakage=gatewayTimeout", 504, "<html>")]
    [InlineData("breakage=maintenance", 503, "<html>")]
    [InlineData("breakage=htmlPage", 200, "<html>")]
    [InlineData("breakage=errorWithOk", 200, "imsx_codeMajor\":\"failure")]
    [InlineData("gatewayErrorAbove=10", 502, "<html>")]
    [InlineData("gatewayErrorAbove=10; gatewayStatus=504", 504, "<html>")]
    [InlineData("missingScope", 403, "forbidden")]
    [InlineData("licenceRefused", 403, "licence")]
    [InlineData("missingEndpoints={\"users\":404}", 404, "not offered")]
    [InlineData("missingEndpoints={\"users\":501}", 501, "not offered")]
    [InlineData("missingEndpoints={\"users\":403}", 403, "forbidden")]
    [InlineData("sort=refused", 400, "Sorting is not supported")]
    [InlineData("filter=refused", 400, "invalid_filter_field")]
    [InlineData("filter=equalityOnly", 400, "invalid_filter_field")]
    [InlineData("beyondEnd=notFound", 200, "users")]
    [InlineData("breakage=serverError; errors=errorsList", 500, "{\"errors\":[{")]
    [InlineData("breakage=serverError; errors=bare", 500, "{\"imsx_codeMajor\"")]
    [InlineData("breakage=serverError; errors=html", 500, "<html>")]
    [InlineData("alternateKeys", 200, "{\"users\":[")]
    public async Task A_fault_changes_status_and_body(string fault, int status, string text)
    {
        using var answer = await district.Client.GetAsync("users?limit=20&sort=sourcedId&filter=role!='student'", fault);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(text);
    }

    [Theory]
    [InlineData("breakage=tooManyRequests; retryAfterSeconds=7", "7")]
    [InlineData("breakage=maintenance; retryAfterSeconds=120", "120")]
    [InlineData("breakage=tooManyRequests", null)]
    public async Task Retry_after_is_said_or_not(string fault, string? seconds)
    {
        using var answer = await district.Client.GetAsync("users", fault);

        answer.Headers.RetryAfter?.ToString().ShouldBe(seconds);
        (answer.Headers.RetryAfter is null).ShouldBe(seconds is null);
    }

    [Fact]
    public async Task A_body_can_be_truncated()
    {
        var whole = await TextAsync("users?limit=5", null);

        (await TextAsync("users?limit=5", "breakage=truncatedBody; atByte=300")).ShouldBe(whole[..300]);
    }

    [Fact]
    public async Task A_connection_can_be_reset() =>
        await Should.ThrowAsync<HttpRequestException>(() => TextAsync("users?limit=5", "breakage=connectionReset; atByte=300"));

    [Theory]
    [InlineData("beyondEnd=empty", 200, 0)]
    [InlineData("beyondEnd=repeatLastPage", 200, 1)]
    [InlineData("beyondEnd=notFound", 404, null)]
    [InlineData("beyondEnd=serverError", 500, null)]
    public async Task Beyond_the_end_servers_differ(string fault, int status, int? records)
    {
        using var answer = await district.Client.GetAsync("orgs?limit=2&offset=1000", fault);

        ((int)answer.StatusCode).ShouldBe(status);
        if (records is { } count)
        {
            (await district.Client.PageAsync("orgs?limit=2&offset=1000", fault)).Count.ShouldBe(count);
        }
    }

    [Theory]
    [InlineData("total=missing", null)]
    [InlineData("total=tooHigh", 15)]
    [InlineData("total=tooLow", 2)]
    [InlineData("total=honest", 5)]
    public async Task The_total_can_lie(string fault, int? total)
    {
        using var answer = await district.Client.GetAsync("orgs", fault);

        var header = answer.Headers.TryGetValues("X-Total-Count", out var values) ? values.Single() : null;
        header.ShouldBe(total?.ToString());
    }

    [Theory]
    [InlineData("link=missing", null)]
    [InlineData("link=relative", "</ims/oneroster/v1p1/orgs?limit=5&offset=0>; rel=\"last\"")]
    [InlineData("link=alwaysNext", "offset=5>; rel=\"next\"")]
    [InlineData("link=internalHost", "<http://sis-node-2.internal/ims/")]
    public async Task Links_can_mislead(string fault, string? text)
    {
        using var answer = await district.Client.GetAsync("orgs?limit=5", fault);

        var header = answer.Headers.TryGetValues("Link", out var values) ? values.Single() : null;
        if (text is null)
        {
            header.ShouldBeNull();
        }
        else
        {
            header.ShouldNotBeNull().ShouldContain(text);
        }
    }

    [Fact]
    public async Task A_wrong_next_link_leads_back_to_this_page()
    {
        using var answer = await district.Client.GetAsync("orgs?limit=2&offset=2", "link=wrong");

        answer.Headers.GetValues("Link").Single().ShouldContain("offset=2>; rel=\"next\"");
    }

    [Fact]
    public async Task A_limit_can_be_capped_silently() => (await district.Client.PageAsync("users?limit=100", "pageCap=30")).Count.ShouldBe(30);

    [Fact]
    public async Task An_ignored_filter_lets_everything_through()
    {
        var page = await district.Client.PageAsync("orgs?filter=type='district'", "filter=ignored");

        page.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Equality_filters_pass_where_only_they_are_supported() =>
        (await district.Client.PageAsync("orgs?filter=type='district'", "filter=equalityOnly")).Count.ShouldBe(1);

    [Fact]
    public async Task An_ignored_sort_gives_the_default_order() =>
        (await TextAsync("users?sort=familyName", "sort=ignored")).ShouldBe(await TextAsync("users", null));

    [Fact]
    public async Task The_order_can_change_between_pages()
    {
        var seen = new List<string>();
        for (var offset = 0; offset < 40; offset += 10)
        {
            seen.AddRange((await district.Client.PageAsync($"orgs?limit=2&offset={offset % 4}", "unstableOrder=withoutSort")).Select(Id));
        }

        seen.Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(4 - 1);
        (await TextAsync("orgs?sort=sourcedId", "unstableOrder=withoutSort")).ShouldBe(await TextAsync("orgs?sort=sourcedId", null));
        (await TextAsync("users?sort=sourcedId", "unstableOrder=always")).ShouldNotBe(
            await TextAsync("users?sort=sourcedId", null),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public async Task A_collection_can_be_empty() => (await district.Client.PageAsync("users", "emptyCollections=[\"users\"]")).ShouldBeEmpty();

    [Theory]
    [InlineData("students", "students")]
    [InlineData("schools", "schools")]
    [InlineData("terms", "terms")]
    public async Task Records_can_come_under_another_key(string path, string key) =>
        (await district.Client.JsonAsync(path, "alternateKeys")).EnumerateObject().First().Name.ShouldBe(key);

    [Theory]
    [InlineData("booleans=json", "\"enabledUser\":true")]
    [InlineData("booleans=upperText", "\"enabledUser\":\"TRUE\"")]
    [InlineData("booleans=number", "\"enabledUser\":1")]
    [InlineData("lists=nullWhenEmpty", "\"grades\":null")]
    [InlineData("lists=textWhenSingle", "\"orgs\":{\"href\"")]
    [InlineData("lists=commaJoined", "\"grades\":\"")]
    public async Task Values_can_be_spelt_otherwise(string fault, string text) => (await TextAsync("users?limit=1000", fault)).ShouldContain(text);

    [Fact]
    public async Task Dates_can_have_a_time() =>
        (await TextAsync("enrollments?limit=1", "dates=midnight")).ShouldMatch("\"beginDate\":\"20[0-9-]{8}T00:00:00\"");

    [Fact]
    public async Task An_unknown_parent_can_be_unknown()
    {
        (await district.Client.PageAsync("schools/nowhere/classes")).ShouldBeEmpty();
        using var answer = await district.Client.GetAsync("schools/nowhere/classes", "unknownParentIsNotFound=true");

        ((int)answer.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task The_first_byte_can_be_slow()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await TextAsync("orgs", "firstByteDelayMilliseconds=200");

        clock.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(190);
    }

    [Theory]
    [InlineData("gremlins=many")]
    [InlineData("breakage=sometimes")]
    [InlineData("pageCap=0")]
    public async Task A_fault_that_does_not_exist_is_refused(string fault)
    {
        using var answer = await district.Client.GetAsync("orgs", fault);

        ((int)answer.StatusCode).ShouldBe(400);
    }

    private async Task<string> TextAsync(string path, string? fault)
    {
        using var answer = await district.Client.GetAsync(path, fault);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static string Id(JsonElement record) => record.GetProperty("sourcedId").GetString()!;
}
