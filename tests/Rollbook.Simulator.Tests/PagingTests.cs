using System.Text.Json;

namespace Rollbook.Simulator.Tests;

/// <summary>Pages of any size make up the whole collection, each record once; sorting and fields do as the specification says.</summary>
public sealed class PagingTests(CleanDistrict district) : IClassFixture<CleanDistrict>
{
    [Theory]
    [InlineData("orgs", 1)]
    [InlineData("classes", 1)]
    [InlineData("students", 7)]
    [InlineData("enrollments?sort=sourcedId", 99)]
    [InlineData("users?sort=familyName&orderBy=desc", 100)]
    [InlineData("demographics", 1000)]
    [InlineData("users?filter=role!='student'", 13)]
    public async Task Pages_make_up_the_collection(string path, int limit)
    {
        var records = await district.Client.AllAsync(path, limit);

        var total = await TotalAsync(path);
        records.Count.ShouldBe(total);
        records.Select(Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(total);
    }

    [Theory]
    [InlineData("sourcedId", "asc")]
    [InlineData("sourcedId", "desc")]
    [InlineData("familyName", "asc")]
    [InlineData("dateLastModified", "desc")]
    [InlineData("role", "asc")]
    public async Task Records_come_in_the_order_asked_for(string field, string order)
    {
        var records = await district.Client.AllAsync($"users?sort={field}&orderBy={order}", 50);

        var values = records.ConvertAll(record => record.GetProperty(field).GetString()!);
        var expected = values.Order(StringComparer.Ordinal).ToList();
        if (order is "desc")
        {
            expected.Reverse();
        }

        values.ShouldBe(expected);
    }

    [Fact]
    public async Task The_default_limit_is_a_hundred() => (await district.Client.PageAsync("users")).Count.ShouldBe(100);

    [Fact]
    public async Task Beyond_the_end_there_is_an_empty_list() => (await district.Client.PageAsync("users?offset=100000")).ShouldBeEmpty();

    [Fact]
    public async Task Links_lead_through_the_collection()
    {
        var total = await TotalAsync("classes");
        var next = "classes?limit=50&sort=title";
        var seen = new List<string>();
        while (next is not null)
        {
            using var answer = await district.Client.GetAsync(next);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            seen.AddRange(document.RootElement.GetProperty("classes").EnumerateArray().Select(Id));
            var links = answer.Headers.GetValues("Link").Single();
            links.ShouldContain("rel=\"first\"");
            links.ShouldContain("rel=\"last\"");
            links.Contains("rel=\"prev\"", StringComparison.Ordinal).ShouldBe(seen.Count > 50);
            next = links.Contains("rel=\"next\"", StringComparison.Ordinal)
                ? links[1..links.IndexOf('>', StringComparison.Ordinal)][(district.Simulator.ApiUrl.ToString().Length + 1)..]
                : null;
        }

        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(total);
    }

    [Fact]
    public async Task Fields_choose_properties()
    {
        var page = await district.Client.PageAsync("users?fields=sourcedId,familyName&limit=5");

        page.ShouldAllBe(record => record.EnumerateObject().Select(property => property.Name).SequenceEqual(new[] { "sourcedId", "familyName" }));
    }

    [Fact]
    public async Task Fields_choose_properties_of_a_single()
    {
        var id = (await district.Client.PageAsync("orgs?limit=1"))[0].GetProperty("sourcedId").GetString();

        var org = (await district.Client.JsonAsync($"orgs/{id}?fields=name")).GetProperty("org");

        org.EnumerateObject().Single().Name.ShouldBe("name");
    }

    [Theory]
    [InlineData("users?sort=shoeSize", "invalid_sort_field")]
    [InlineData("users?fields=sourcedId,shoeSize", "invalid_selection_field")]
    public async Task An_unknown_sort_or_selection_field_is_a_warning_beside_full_records(string path, string code)
    {
        using var answer = await district.Client.GetAsync(path + "&limit=2");

        ((int)answer.StatusCode).ShouldBe(200);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var info = document.RootElement.GetProperty("statusInfoSet")[0];
        info.GetProperty("imsx_codeMajor").GetString().ShouldBe("success");
        info.GetProperty("imsx_severity").GetString().ShouldBe("warning");
        info.GetProperty("imsx_codeMinor").GetString().ShouldBe(code);
        document.RootElement.GetProperty("users")[1].TryGetProperty("givenName", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("users?fields=", "invalid_blank_selection_field")]
    [InlineData("users?limit=0", "invalid data")]
    [InlineData("users?limit=many", "invalid data")]
    [InlineData("users?offset=-1", "invalid data")]
    [InlineData("users?sort=role&orderBy=up", "invalid data")]
    [InlineData("users?filter=shoeSize='44'", "invalid_filter_field")]
    [InlineData("users?filter=role=student", "invalid_filter_field")]
    [InlineData("users?filter=role='student' AND role='x' AND role='y'", "invalid_filter_field")]
    [InlineData("users?filter=dateLastModified>'yesterday'", "invalid_filter_field")]
    public async Task A_bad_parameter_is_refused_without_records(string path, string code)
    {
        using var answer = await district.Client.GetAsync(path);

        ((int)answer.StatusCode).ShouldBe(400);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var info = document.RootElement.GetProperty("statusInfoSet")[0];
        info.GetProperty("imsx_codeMajor").GetString().ShouldBe("failure");
        info.GetProperty("imsx_severity").GetString().ShouldBe("error");
        info.GetProperty("imsx_codeMinor").GetString().ShouldBe(code);
        document.RootElement.TryGetProperty("users", out _).ShouldBeFalse();
    }

    private async Task<int> TotalAsync(string path)
    {
        using var answer = await district.Client.GetAsync(path);
        return int.Parse(answer.Headers.GetValues("X-Total-Count").Single());
    }

    private static string Id(JsonElement record) => record.GetProperty("sourcedId").GetString()!;
}
