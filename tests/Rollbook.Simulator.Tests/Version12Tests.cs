using System.Text.Json;

namespace Rollbook.Simulator.Tests;

/// <summary>What sets OneRoster 1.2 apart on the wire.</summary>
public sealed class Version12Tests(CleanDistrict12 district) : IClassFixture<CleanDistrict12>
{
    private const string Scopes = "https://purl.imsglobal.org/spec/or/v1p2/scope/";

    [Fact]
    public void It_is_below_the_path_of_its_rostering_service() => district.Simulator.ApiUrl.AbsolutePath.ShouldBe("/ims/oneroster/rostering/v1p2");

    [Fact]
    public async Task Users_have_roles_and_none_of_the_properties_of_1_1()
    {
        var users = await district.Client.AllAsync("users", 5000);
        var truth = district.Simulator.GetTruth();

        users.Any(user => user.TryGetProperty("role", out _) || user.TryGetProperty("orgs", out _)).ShouldBeFalse();
        users.Count(user => Has(user, "student")).ShouldBe(truth.Students);
        users.Count(user => Has(user, "teacher")).ShouldBe(truth.Teachers);
        users
            .Count(user => Has(user, "districtAdministrator") || Has(user, "siteAdministrator") || Has(user, "principal"))
            .ShouldBe(truth.Administrators);
        users.ShouldContain(user => user.GetProperty("roles").EnumerateArray().Any(role => role.GetProperty("roleType").ValueEquals("secondary")));
        foreach (var name in new[] { "preferredFirstName", "preferredLastName", "pronouns", "userMasterIdentifier", "userProfiles" })
        {
            users.Any(user => user.TryGetProperty(name, out _)).ShouldBeTrue(name);
        }

        static bool Has(JsonElement user, string role) =>
            user.GetProperty("roles")
                .EnumerateArray()
                .Any(held => held.GetProperty("role").ValueEquals(role) && held.GetProperty("roleType").ValueEquals("primary"));
    }

    [Fact]
    public async Task The_primary_organisation_is_one_of_the_roles_and_not_always_of_the_first()
    {
        var users = await district.Client.AllAsync("users", 5000);
        users.TrueForAll(user => OrgsOf(user).Contains(Id(user.GetProperty("primaryOrg")), StringComparer.Ordinal)).ShouldBeTrue();
        users.Exists(user => OrgsOf(user).First() != Id(user.GetProperty("primaryOrg"))).ShouldBeTrue();

        static IEnumerable<string> OrgsOf(JsonElement user) => user.GetProperty("roles").EnumerateArray().Select(role => Id(role.GetProperty("org")));

        static string Id(JsonElement reference) => reference.GetProperty("sourcedId").GetString()!;
    }

    [Fact]
    public async Task Filters_look_into_roles()
    {
        var principals = await district.Client.AllAsync("users?filter=roles.role='principal'", 5000);
        principals.ShouldNotBeEmpty();
        principals.Count.ShouldBeLessThan(district.Simulator.GetTruth().Administrators);
        var school = (await district.Client.PageAsync("schools"))[0].GetProperty("sourcedId").GetString();
        (await district.Client.AllAsync($"users?filter=roles.org.sourcedId='{school}'", 5000)).ShouldNotBeEmpty();
        using var refused = await district.Client.GetAsync("users?filter=role='student'");
        ((int)refused.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task References_to_terms_are_of_type_academicSession_and_enrollment_roles_are_specified_or_extended()
    {
        (await district.Client.PageAsync("classes")).ShouldAllBe(section =>
            section.GetProperty("terms")[0].GetProperty("type").ValueEquals("academicSession")
        );
        (await district.Client.AllAsync("enrollments", 5000)).ShouldAllBe(enrollment =>
            new[] { "administrator", "proctor", "student", "teacher", "ext:aide" }.Contains(
                enrollment.GetProperty("role").GetString(),
                StringComparer.Ordinal
            )
        );
    }

    [Theory]
    [InlineData("users?filter=nothing='x'", 400, "invalid_filter_field")]
    [InlineData("users?fields=nothing", 400, "invalid_selection_field")]
    [InlineData("users?limit=0", 400, "invaliddata")]
    [InlineData("nothing", 404, "unknownobject")]
    public async Task An_error_is_one_object_with_its_codes_as_fields(string path, int status, string code)
    {
        using var answer = await district.Client.GetAsync(path);
        ((int)answer.StatusCode).ShouldBe(status);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var error = document.RootElement;
        error.GetProperty("imsx_codeMajor").GetString().ShouldBe("failure");
        error.GetProperty("imsx_severity").GetString().ShouldBe("error");
        error.GetProperty("imsx_CodeMinor").GetProperty("imsx_codeMinorField")[0].GetProperty("imsx_codeMinorFieldValue").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task There_is_a_total_and_no_link_and_no_warning_beside_the_records()
    {
        using var answer = await district.Client.GetAsync("users?limit=5&sort=nothing");
        ((int)answer.StatusCode).ShouldBe(200);
        answer.Headers.Contains("X-Total-Count").ShouldBeTrue();
        answer.Headers.Contains("Link").ShouldBeFalse();
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        document.RootElement.EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("users");
    }

    [Theory]
    [InlineData("roster-core.readonly", "users", 200)]
    [InlineData("roster-core.readonly", "demographics", 403)]
    [InlineData("roster-core.readonly", "classes/x/students", 403)]
    [InlineData("roster.readonly", "classes/x/students", 200)]
    [InlineData("roster-demographics.readonly", "demographics", 200)]
    [InlineData("roster-demographics.readonly", "users", 403)]
    public async Task Scopes_are_those_of_1_2(string scope, string path, int status)
    {
        using var client = await SynergyClient.ConnectAsync(district.Simulator, Scopes + scope);
        using var answer = await client.GetAsync(path);
        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Scopes_of_1_1_and_signatures_are_refused()
    {
        using var token = await district.Client.AskTokenAsync("https://purl.imsglobal.org/spec/or/v1p1/scope/roster-core.readonly");
        ((int)token.StatusCode).ShouldBe(400);
        using var signed = await SignedRequest.SendAsync(district.Simulator, "users?limit=1");
        ((int)signed.StatusCode).ShouldBe(401);
    }
}
