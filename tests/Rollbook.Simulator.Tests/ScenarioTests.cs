using Microsoft.Extensions.Time.Testing;

namespace Rollbook.Simulator.Tests;

/// <summary>Every scenario does exactly what it reports, and leaves a consistent district.</summary>
public sealed class ScenarioTests
{
    // The high school: row 4 of a small district of seed 1, behind the district, two elementary schools and a middle school.
    private static string SchoolWithoutSister => HighSchool.Value;

    private static readonly Lazy<string> HighSchool = new(() =>
        StartAsync(Profile.Clean11, 300).GetAwaiter().GetResult().GetTruth().Ids(Kind.Orgs)[4]
    );

    private static readonly Dictionary<string, Func<ScenarioPlayer, ScenarioResult>> Scenarios = new(StringComparer.Ordinal)
    {
        ["newStudent"] = play => play.NewStudent(3),
        ["withdrawal"] = play => play.Withdrawal(),
        ["transfer"] = play => play.Transfer(),
        ["concurrentEnrollment"] = play => play.ConcurrentEnrollment(),
        ["scheduleChange"] = play => play.ScheduleChange(),
        ["reEntry"] = play => play.ReEntry(),
        ["nameChange"] = play => play.NameChange(),
        ["sectionAdded"] = play => play.SectionAdded(),
        ["sectionRemoved"] = play => play.SectionRemoved(),
        ["teacherLeaves"] = play => play.TeacherLeaves(),
        ["coTeacherSwap"] = play => play.CoTeacherSwap(),
        ["guardianLeaves"] = play => play.GuardianLeaves(),
        ["schoolOpened"] = play => play.SchoolOpened(),
        ["schoolRenamed"] = play => play.SchoolRenamed(),
        ["schoolClosed with a sister school"] = play => play.SchoolClosed(),
        ["schoolClosed without one"] = play => play.SchoolClosed(SchoolWithoutSister),
        ["newYearRollover"] = play => play.NewYearRollover(),
        ["newYearRollover in parallel"] = play => play.NewYearRollover(parallel: true),
        ["studentMerge"] = play => play.StudentMerge(),
        ["massWipe"] = play => play.MassWipe(0.25),
        ["idReKey"] = play => play.IdReKey(),
        ["idReKey of users"] = play => play.IdReKey([Kind.Users]),
        ["idReKey of orgs and sessions"] = play => play.IdReKey([Kind.Orgs, Kind.AcademicSessions]),
        ["touchAll"] = play => play.TouchAll(),
        ["removeDemographics"] = play => play.RemoveDemographics(0.5),
        ["withdrawal with orphans"] = play => play.Withdrawal(leaveOrphans: true),
        ["sectionRemoved with orphans"] = play => play.SectionRemoved(leaveOrphans: true),
        ["teacherLeaves with orphans"] = play => play.TeacherLeaves(leaveOrphans: true),
    };

    public static TheoryData<string, Profile> Names
    {
        get
        {
            var data = new TheoryData<string, Profile>();
            foreach (var name in Scenarios.Keys)
            {
                data.Add(name, Profile.Clean11);
                data.Add(name, Profile.SynergyLike);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_scenario_does_exactly_what_it_reports(string name, Profile profile)
    {
        await using var simulator = await StartAsync(profile, 300);
        var before = Snapshot.Of(simulator);

        var result = Scenarios[name](simulator.Scenarios);

        var after = Snapshot.Of(simulator);
        var changes = before.ChangesTo(after);
        changes.Values.Sum(change => change.Created.Length + change.Updated.Length + change.Deleted.Length).ShouldBeGreaterThan(0);
        foreach (var kind in Kinds.All)
        {
            Snapshot.Sorted(result.Created(kind)).ShouldBe(changes[kind].Created, $"created {kind}");
            Snapshot.Sorted(result.Updated(kind)).ShouldBe(changes[kind].Updated, $"updated {kind}");
            Snapshot.Sorted(result.Deleted(kind)).ShouldBe(changes[kind].Deleted, $"deleted {kind}");
        }

        var dangling = after.DanglingReferences();
        var orphans = simulator.GetTruth().Orphans;
        if (name.EndsWith("orphans", StringComparison.Ordinal))
        {
            orphans.ShouldBeGreaterThan(0);
            dangling.Count.ShouldBe(orphans);
            dangling.ShouldAllBe(reference => reference.StartsWith("Enrollments", StringComparison.Ordinal));
        }
        else
        {
            dangling.ShouldBeEmpty();
            orphans.ShouldBe(0);
        }
    }

    [Fact]
    public async Task Scenarios_one_after_another_keep_the_district_whole()
    {
        await using var simulator = await StartAsync(Profile.SynergyLike, 300);

        foreach (var (name, play) in Scenarios.Where(scenario => !scenario.Key.EndsWith("orphans", StringComparison.Ordinal)))
        {
            var before = Snapshot.Of(simulator);
            var result = play(simulator.Scenarios);
            var after = Snapshot.Of(simulator);
            var changes = before.ChangesTo(after);
            foreach (var kind in Kinds.All)
            {
                Snapshot.Sorted(result.Updated(kind)).ShouldBe(changes[kind].Updated, $"{name}: updated {kind}");
                Snapshot.Sorted(result.Deleted(kind)).ShouldBe(changes[kind].Deleted, $"{name}: deleted {kind}");
            }

            after.DanglingReferences().ShouldBeEmpty(name);
        }
    }

    [Fact]
    public async Task What_a_client_reads_is_what_is_true_after_a_scenario()
    {
        await using var simulator = await StartAsync(Profile.SynergyLike, 120);
        using var client = await SynergyClient.ConnectAsync(simulator);
        (await client.AllAsync("users", 500)).Count.ShouldBe(simulator.GetTruth().Counts["users"]);

        simulator.Scenarios.MassWipe(0.5);
        simulator.Scenarios.NewStudent(5);

        foreach (var kind in Kinds.All)
        {
            var read = await client.AllAsync(kind.CollectionName() + "?sort=sourcedId", 37);
            Snapshot
                .Sorted(read.Select(record => record.GetProperty("sourcedId").GetString()!))
                .ShouldBe(Snapshot.Sorted(simulator.GetTruth().Ids(kind)));
        }
    }

    [Fact]
    public async Task A_withdrawn_student_is_a_tombstone_in_the_clean_profile_and_nothing_in_the_other()
    {
        foreach (var profile in (Profile[])[Profile.Clean11, Profile.SynergyLike])
        {
            await using var simulator = await StartAsync(profile, 60);
            using var client = await SynergyClient.ConnectAsync(simulator);
            var student = simulator.Scenarios.Withdrawal().Deleted(Kind.Users)[0];

            using var answer = await client.GetAsync("users/" + student);
            var listed = (await client.AllAsync("users?filter=status='tobedeleted'", 100)).Select(user => user.GetProperty("sourcedId").GetString());

            ((int)answer.StatusCode).ShouldBe(profile == Profile.Clean11 ? 200 : 404);
            listed.Contains(student, StringComparer.Ordinal).ShouldBe(profile == Profile.Clean11);
        }
    }

    [Fact]
    public async Task Changes_can_be_asked_for_since_a_moment()
    {
        await using var simulator = await StartAsync(Profile.Clean11, 120);
        using var client = await SynergyClient.ConnectAsync(simulator);
        var start = simulator.Options.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

        var result = simulator.Scenarios.Withdrawal();

        var changed = await client.AllAsync($"enrollments?filter=dateLastModified>='{start}'", 100);
        Snapshot
            .Sorted(changed.Select(record => record.GetProperty("sourcedId").GetString()!))
            .ShouldBe(Snapshot.Sorted(result.Deleted(Kind.Enrollments)));
        changed.ShouldAllBe(record => record.GetProperty("status").ValueEquals("tobedeleted"));
    }

    [Fact]
    public async Task Next_year_s_sections_keep_their_ids_when_the_year_turns()
    {
        await using var simulator = await StartAsync(Profile.SynergyLike, 60);
        var next = simulator.Scenarios.NewYearRollover(parallel: true);

        var turn = simulator.Scenarios.NewYearRollover();

        turn.Created(Kind.Classes).ShouldBeEmpty();
        Snapshot.Sorted(simulator.GetTruth().Ids(Kind.Classes)).ShouldBe(Snapshot.Sorted(next.Created(Kind.Classes)));
        Snapshot.Sorted(simulator.GetTruth().Ids(Kind.AcademicSessions)).ShouldBe(Snapshot.Sorted(next.Created(Kind.AcademicSessions)));
        Snapshot.Of(simulator).DanglingReferences().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public async Task A_share_is_from_0_to_1(double share)
    {
        await using var simulator = await StartAsync(Profile.SynergyLike, 20);

        Should.Throw<ArgumentOutOfRangeException>(() => simulator.Scenarios.MassWipe(share));
        Should.Throw<ArgumentOutOfRangeException>(() => simulator.Scenarios.RemoveDemographics(share));
        Should.Throw<ArgumentException>(() => simulator.Scenarios.EmptyCollection("toys"));
    }

    [Fact]
    public async Task A_reset_brings_the_first_district_back()
    {
        await using var simulator = await StartAsync(Profile.SynergyLike, 60);
        var first = Snapshot.Of(simulator);
        simulator.Scenarios.NewYearRollover();

        simulator.Scenarios.Reset();

        first
            .ChangesTo(Snapshot.Of(simulator))
            .Values.ShouldAllBe(change => change.Created.Length + change.Updated.Length + change.Deleted.Length == 0);
    }

    [Fact]
    public async Task An_unknown_record_is_refused_and_nothing_changes()
    {
        await using var simulator = await StartAsync(Profile.SynergyLike, 60);
        var before = Snapshot.Of(simulator);
        var guardian = simulator.GetTruth().UserIds("parent")[0];

        Should.Throw<ArgumentException>(() => simulator.Scenarios.Withdrawal("nobody"));
        Should.Throw<ArgumentException>(() => simulator.Scenarios.Withdrawal(guardian));

        before
            .ChangesTo(Snapshot.Of(simulator))
            .Values.ShouldAllBe(change => change.Created.Length + change.Updated.Length + change.Deleted.Length == 0);
    }

    private static Task<SimulatedSynergy> StartAsync(Profile profile, int students)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
        return SimulatedSynergy.StartAsync(
            new SimulatorOptions
            {
                Students = students,
                Profile = profile,
                Time = time,
            },
            TestContext.Current.CancellationToken
        );
    }
}
