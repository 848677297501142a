using System.Text.Json;

namespace Rollbook.Simulator.Tests;

/// <summary>What sets the two profiles apart on the wire.</summary>
public sealed class ProfileTests
{
    [Fact]
    public async Task Synergy_like_caps_pages_at_5000_says_the_total_and_gives_no_link()
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = 800 });
        using var client = await SynergyClient.ConnectAsync(simulator);

        using var answer = await client.GetAsync("enrollments?limit=100000");

        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        document.RootElement.GetProperty("enrollments").GetArrayLength().ShouldBe(5000);
        int.Parse(answer.Headers.GetValues("X-Total-Count").Single()).ShouldBe(simulator.GetTruth().Enrollments);
        answer.Headers.Contains("Link").ShouldBeFalse();
    }

    [Fact]
    public async Task Synergy_like_leaves_some_user_names_blank_and_absent_texts_empty()
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = 120 });
        using var client = await SynergyClient.ConnectAsync(simulator);
        var users = await client.AllAsync("users", 1000);

        users.ShouldContain(user => user.GetProperty("username").ValueEquals(string.Empty));
        users.ShouldContain(user => user.GetProperty("email").ValueEquals(string.Empty));
        users.ShouldAllBe(user => user.GetProperty("enabledUser").ValueKind == JsonValueKind.String);
    }

    [Fact]
    public async Task Hostile_can_be_read_completely_by_who_sorts_asks_for_little_and_notices_repetition()
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = 60, Profile = Profile.Hostile });
        using var client = await SynergyClient.ConnectAsync(simulator);
        using var tooMany = await client.GetAsync("users?limit=1000&sort=sourcedId");
        ((int)tooMany.StatusCode).ShouldBe(502);

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var more = true; more; )
        {
            var page = await client.PageAsync($"users?limit=50&offset={ids.Count}&sort=sourcedId");
            more = page.Count(user => ids.Add(user.GetProperty("sourcedId").GetString()!)) > 0;
        }

        Snapshot.Sorted(ids).ShouldBe(Snapshot.Sorted(simulator.GetTruth().Ids(Kind.Users)));
        using var demographics = await client.GetAsync("demographics");
        ((int)demographics.StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task It_can_listen_on_every_interface()
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = 20, Url = "http://0.0.0.0:0" });
        using var client = await SynergyClient.ConnectAsync(simulator);

        (await client.PageAsync("orgs")).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Clean_gives_every_user_a_user_name_of_their_own_without_an_at_sign()
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = 120, Profile = Profile.Clean11 });
        using var client = await SynergyClient.ConnectAsync(simulator);
        var names = (await client.AllAsync("users", 1000)).ConvertAll(user => user.GetProperty("username").GetString()!);

        names.ShouldAllBe(name => name.Length > 0 && !name.Contains('@'));
        names.Distinct(StringComparer.OrdinalIgnoreCase).Count().ShouldBe(names.Count);
    }

    [Theory]
    [InlineData(SourcedIdStyle.UpperGuid, "^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$")]
    [InlineData(SourcedIdStyle.LowerGuid, "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    [InlineData(SourcedIdStyle.SisNumber, "^[A-Z]{0,3}[0-9]{8}$")]
    public async Task SourcedIds_look_as_asked_and_find_their_records(SourcedIdStyle style, string pattern)
    {
        await using var simulator = await StartAsync(
            new SimulatorOptions
            {
                Students = 60,
                Profile = Profile.Clean11,
                SourcedIdStyle = style,
            }
        );
        using var client = await SynergyClient.ConnectAsync(simulator);

        foreach (var kind in Kinds.All)
        {
            var ids = (await client.AllAsync(kind.CollectionName() + "?sort=sourcedId", 100)).ConvertAll(record =>
                record.GetProperty("sourcedId").GetString()!
            );
            ids.ShouldAllBe(id =>
                System.Text.RegularExpressions.Regex.IsMatch(id, pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))
            );
            ids.ShouldBe(Snapshot.Sorted(ids));
            using var answer = await client.GetAsync($"{kind.CollectionName()}/{ids[^1]}");
            ((int)answer.StatusCode).ShouldBe(200);
        }
    }

    [Fact]
    public async Task An_id_of_another_case_or_another_kind_is_unknown()
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = 20, Profile = Profile.Clean11 });
        using var client = await SynergyClient.ConnectAsync(simulator);
        var org = simulator.GetTruth().Ids(Kind.Orgs)[1];

        foreach (var path in new[] { "orgs/" + org.ToLowerInvariant(), "users/" + org, "orgs/rubbish" })
        {
            using var answer = await client.GetAsync(path);
            ((int)answer.StatusCode).ShouldBe(404, path);
        }
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        var options = new SimulatorOptions { Students = 60, SchoolYearStart = new DateOnly(2026, 8, 10) };
        await using var first = await StartAsync(options);
        await using var second = await StartAsync(options with { HrefBase = first.ApiUrl.ToString() });
        await using var other = await StartAsync(options with { Seed = 2 });

        foreach (var kind in Kinds.All)
        {
            second.GetTruth().Records(kind).ShouldBe(first.GetTruth().Records(kind));
            other.GetTruth().Ids(kind).Intersect(first.GetTruth().Ids(kind), StringComparer.Ordinal).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(97, 12)]
    [InlineData(2000, 7)]
    public async Task A_district_of_any_size_is_whole(int students, int each)
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = students, EnrollmentsPerStudent = each });
        var truth = simulator.GetTruth();

        truth.Students.ShouldBe(students);
        truth.Demographics.ShouldBe(students);
        truth.EnrollmentsByRole["student"].ShouldBeGreaterThanOrEqualTo(students * each);
        truth.Contacts.ShouldBeGreaterThan(students / 2);
        truth.SessionsByType["schoolYear"].ShouldBe(1);
        Snapshot.Of(simulator).DanglingReferences().ShouldBeEmpty();
    }

    [Fact]
    public async Task Agents_are_two_way()
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = 120 });
        var users = simulator
            .GetTruth()
            .Records(Kind.Users)
            .ToDictionary(user => user.Key, user => JsonDocument.Parse(user.Value).RootElement, StringComparer.Ordinal);

        foreach (var (id, user) in users)
        {
            foreach (var agent in user.GetProperty("agents").EnumerateArray())
            {
                var back = users[agent.GetProperty("sourcedId").GetString()!].GetProperty("agents").EnumerateArray();
                back.Any(reference => reference.GetProperty("sourcedId").ValueEquals(id)).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public async Task Some_students_have_two_schools_and_some_enrollments_repeat()
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = 2000 });
        var users = simulator.GetTruth().Records(Kind.Users).Values.Select(user => JsonDocument.Parse(user).RootElement);
        var enrollments = simulator.GetTruth().Records(Kind.Enrollments).Values.Select(enrollment => JsonDocument.Parse(enrollment).RootElement);

        users.Count(user => user.GetProperty("role").ValueEquals("student") && user.GetProperty("orgs").GetArrayLength() == 2).ShouldBeGreaterThan(5);
        enrollments
            .GroupBy(enrollment => (Target(enrollment, "user"), Target(enrollment, "class")))
            .Count(same => same.Count() > 1)
            .ShouldBeGreaterThan(5);

        static string Target(JsonElement enrollment, string name) => enrollment.GetProperty(name).GetProperty("sourcedId").GetString()!;
    }

    [Theory]
    [InlineData(20, 4)]
    [InlineData(600, 4)]
    [InlineData(600, 120)]
    public async Task A_district_has_as_many_schools_as_asked_for(int students, int schools)
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = students, Schools = schools });
        var truth = simulator.GetTruth();

        truth.OrgsByType["school"].ShouldBe(schools);
        truth.Students.ShouldBe(students);
        Snapshot.Of(simulator).DanglingReferences().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(19, 7, null)]
    [InlineData(2_000_000, 7, null)]
    [InlineData(100, 0, null)]
    [InlineData(100, 13, null)]
    [InlineData(100, 7, 3)]
    [InlineData(100, 7, 21)]
    public async Task A_size_it_does_not_make_is_refused(int students, int each, int? schools) =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() =>
            StartAsync(
                new SimulatorOptions
                {
                    Students = students,
                    EnrollmentsPerStudent = each,
                    Schools = schools,
                }
            )
        );

    [Fact]
    public async Task A_taken_address_is_refused()
    {
        await using var first = await StartAsync(new SimulatorOptions { Students = 20 });

        await Should.ThrowAsync<IOException>(() =>
            StartAsync(new SimulatorOptions { Students = 20, Url = first.ApiUrl.GetLeftPart(UriPartial.Authority) })
        );
    }

    [Fact]
    public async Task Blank_user_names_are_found_by_a_filter()
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = 400 });
        using var client = await SynergyClient.ConnectAsync(simulator);
        var users = await client.AllAsync("users", 1000);

        var blank = await client.AllAsync("users?filter=username=''", 1000);

        blank.Count.ShouldBe(users.Count(user => user.GetProperty("username").ValueEquals(string.Empty)));
        blank.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task It_can_be_served_below_a_folder()
    {
        await using var simulator = await StartAsync(new SimulatorOptions { Students = 20, PathPrefix = "/synergy" });
        using var client = await SynergyClient.ConnectAsync(simulator);

        simulator.ApiUrl.AbsolutePath.ShouldBe("/synergy/ims/oneroster/v1p1");
        (await client.PageAsync("orgs")).Count.ShouldBe(5);
    }

    private static Task<SimulatedSynergy> StartAsync(SimulatorOptions options) =>
        SimulatedSynergy.StartAsync(options, TestContext.Current.CancellationToken);
}
