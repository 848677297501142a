using System.Text.Json;

namespace Rollbook.Simulator.Tests;

/// <summary>What known consumers ask of a 1.1 provider before they take its data, asked of the clean profile.</summary>
public sealed class AcceptanceTests(CleanDistrict district) : IClassFixture<CleanDistrict>
{
    [Theory]
    [InlineData("orgs")]
    [InlineData("schools")]
    [InlineData("academicSessions")]
    [InlineData("terms")]
    [InlineData("courses")]
    [InlineData("classes")]
    [InlineData("students")]
    [InlineData("teachers")]
    [InlineData("users")]
    [InlineData("enrollments")]
    [InlineData("demographics")]
    public async Task A_collection_pages_by_one_without_repeating(string path)
    {
        var ids = new List<string>();
        for (var offset = 0; offset < 8; offset++)
        {
            ids.AddRange(
                (await district.Client.PageAsync($"{path}?limit=1&offset={offset}")).Select(record => record.GetProperty("sourcedId").GetString()!)
            );
        }

        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(ids.Count);
    }

    [Fact]
    public async Task A_filter_without_a_match_is_an_empty_list_not_404()
    {
        using var answer = await district.Client.GetAsync("users?filter=username='nobody at all'");

        ((int)answer.StatusCode).ShouldBe(200);
        answer.Headers.GetValues("X-Total-Count").Single().ShouldBe("0");
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("{\"users\":[]}");
    }

    [Fact]
    public async Task An_unknown_school_has_an_empty_list() => (await district.Client.PageAsync("schools/unknown/students")).ShouldBeEmpty();

    [Fact]
    public async Task A_limit_of_ten_thousand_is_accepted() =>
        (await district.Client.PageAsync("enrollments?limit=10000")).Count.ShouldBe(district.Simulator.GetTruth().Enrollments);

    [Fact]
    public async Task An_email_finds_exactly_one_teacher()
    {
        var email = (await district.Client.PageAsync("teachers?limit=1"))[0].GetProperty("email").GetString();

        (await district.Client.PageAsync($"teachers?filter=email='{email}'")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Active_records_since_a_moment_can_be_asked_for()
    {
        var all = await district.Client.AllAsync("classes", 5000);
        var middle = all.Select(section => section.GetProperty("dateLastModified").GetString()!)
            .Order(StringComparer.Ordinal)
            .ElementAt(all.Count / 2);

        var since = await district.Client.AllAsync(
            $"classes?filter={Uri.EscapeDataString($"dateLastModified>'{middle}' AND status='active'")}",
            5000
        );

        since.Count.ShouldBe(all.Count(section => string.CompareOrdinal(section.GetProperty("dateLastModified").GetString(), middle) > 0));
    }

    [Fact]
    public async Task One_primary_teacher_a_class_and_only_specified_roles()
    {
        var enrollments = await district.Client.AllAsync("enrollments", 5000);

        enrollments.ShouldAllBe(enrollment =>
            new[] { "student", "teacher", "proctor", "administrator" }.Contains(enrollment.GetProperty("role").GetString(), StringComparer.Ordinal)
        );
        enrollments
            .Where(enrollment => enrollment.TryGetProperty("primary", out var primary) && primary.ValueEquals("true"))
            .GroupBy(enrollment => enrollment.GetProperty("class").GetProperty("sourcedId").GetString(), StringComparer.Ordinal)
            .ShouldAllBe(ofClass => ofClass.Count() == 1);
    }

    [Fact]
    public async Task A_role_filter_finds_the_administrators()
    {
        var administrators = await district.Client.AllAsync("users?filter=role='administrator'", 5000);

        administrators.Count.ShouldBe(district.Simulator.GetTruth().Administrators);
        (await district.Client.AllAsync("teachers", 5000)).ShouldAllBe(user => user.GetProperty("role").ValueEquals("teacher"));
    }

    [Fact]
    public async Task A_state_id_is_in_userIds_and_the_period_in_the_class_code()
    {
        var student = (await district.Client.PageAsync("students?limit=1"))[0];
        var section = (await district.Client.PageAsync("classes?limit=1"))[0];

        student.GetProperty("userIds")[0].GetProperty("type").GetString().ShouldBe("stateID");
        student.GetProperty("identifier").GetString()!.ShouldMatch("^[0-9]{8}$");
        section
            .GetProperty("classCode")
            .GetString()!
            .ShouldMatch($"^[A-Z]{{3}}.+-[0-9]{{3}} - Period {section.GetProperty("periods")[0].GetString()} - Rm [0-9]{{3}}$");
    }

    [Theory]
    [InlineData("familyName")]
    [InlineData("givenName")]
    public async Task Names_of_every_script_arrive_unescaped(string field)
    {
        await using var simulator = await SimulatedSynergy.StartAsync(
            new SimulatorOptions { Students = 2000, Profile = Profile.Clean11 },
            TestContext.Current.CancellationToken
        );
        using var client = await SynergyClient.ConnectAsync(simulator);

        using var answer = await client.GetAsync($"users?limit=10000&fields={field}");

        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        text.ShouldContain(field is "familyName" ? "Παππάς" : "Юлия");
        text.ShouldNotContain("\\u");
    }

    [Fact]
    public async Task An_href_leads_to_the_record()
    {
        var section = (await district.Client.PageAsync("classes?limit=1"))[0];
        foreach (var name in new[] { "course", "school" })
        {
            var reference = section.GetProperty(name);
            using var answer = await district.Client.Http.GetAsync(reference.GetProperty("href").GetString(), TestContext.Current.CancellationToken);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            document
                .RootElement.EnumerateObject()
                .First()
                .Value.GetProperty("sourcedId")
                .GetString()
                .ShouldBe(reference.GetProperty("sourcedId").GetString());
        }
    }
}
