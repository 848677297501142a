using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Sync.Runs;
using SisKind = Rollbook.Simulator.Kind;

namespace Rollbook.Host.Tests.Imports;

/// <summary>
/// Each scenario of the simulated SIS, imported after: exactly the change set that one would write by hand, cascades included, and the version
/// before still shows the old roster.
/// </summary>
public abstract class ScenarioTests(Engine engine)
{
    private static readonly (SisKind Kind, Family Family)[] Collections =
    [
        (SisKind.Orgs, Family.Org),
        (SisKind.AcademicSessions, Family.AcademicSession),
        (SisKind.Courses, Family.Course),
        (SisKind.Classes, Family.Class),
        (SisKind.Users, Family.Person),
        (SisKind.Enrollments, Family.Enrollment),
    ];

    public static TheoryData<string, Profile> Scenarios()
    {
        var data = new TheoryData<string, Profile>();
        foreach (var name in Played.Keys)
        {
            data.Add(name, Profile.SynergyLike);
            data.Add(name, Profile.Clean11);
        }

        return data;
    }

    private static readonly Dictionary<string, Func<SimulatedSynergy, ScenarioResult>> Played = new(StringComparer.Ordinal)
    {
        ["new student"] = sis => sis.Scenarios.NewStudent(3),
        ["withdrawal"] = sis => sis.Scenarios.Withdrawal(),
        ["transfer"] = sis => sis.Scenarios.Transfer(),
        ["re-entry"] = sis => sis.Scenarios.ReEntry(),
        ["name change"] = sis => sis.Scenarios.NameChange(),
        ["section added"] = sis => sis.Scenarios.SectionAdded(),
        ["section removed"] = sis => sis.Scenarios.SectionRemoved(),
        ["teacher leaves"] = sis => sis.Scenarios.TeacherLeaves(),
        ["co-teacher swap"] = sis => sis.Scenarios.CoTeacherSwap(),
        ["guardian leaves"] = sis => sis.Scenarios.GuardianLeaves(),
        ["school closed"] = sis => sis.Scenarios.SchoolClosed(),
        ["new-year rollover"] = sis => sis.Scenarios.NewYearRollover(),
        ["student merge"] = sis => sis.Scenarios.StudentMerge(),
        ["mass wipe"] = sis => sis.Scenarios.MassWipe(0.4),
        ["ID re-key"] = sis => sis.Scenarios.IdReKey(),
        ["demographics removed"] = sis => sis.Scenarios.RemoveDemographics(0.5),
    };

    /// <summary>What a district would fear, with the limit or guard that holds it by shipped defaults; everything else is published without a person.</summary>
    private static readonly Dictionary<string, string> Feared = new(StringComparer.Ordinal)
    {
        ["school closed"] = "school",
        ["new-year rollover"] = "delete",
        ["mass wipe"] = "delete",
        ["ID re-key"] = "rekey",
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task It_gives_exactly_the_change_set_of_the_scenario(string scenario, Profile profile)
    {
        await using var bed = await ImportBed.StartAsync(
            engine,
            new SimulatorOptions
            {
                Students = 120,
                Seed = 3,
                Profile = profile,
            }
        );
        (await bed.ImportAsync()).State.ShouldBe("published");
        var before = await bed.RosterAsync();

        var effects = Played[scenario](bed.Sis);
        var run = await bed.ImportAsync();

        if (Feared.TryGetValue(scenario, out var limit))
        {
            run.State.ShouldBe("held", run.Report);
            RunReport.FromJson(run.Report).Holds.ShouldContain(hold => hold.Limit == limit, run.Report);
            (await bed.RosterAsync()).ShouldBe(before, ignoreOrder: true);
            run = await bed.AcceptAsync(run);
        }

        run.State.ShouldBe("published", run.Report);
        var after = await bed.RosterAsync();
        var changes = await bed.ChangesAsync(2);
        Ids(changes, Operation.Create).ShouldBe(Ids(effects, effect => effect.Created), ignoreOrder: true);
        Ids(changes, Operation.Delete).ShouldBe(Ids(effects, effect => effect.Deleted), ignoreOrder: true);
        Updates(changes).ShouldBe(Different(before, after), ignoreOrder: true);
        Updates(changes).Select(change => change.Id).Except(Touched(effects)).ShouldBeEmpty();
        after.ShouldBe(await bed.AfreshAsync(), ignoreOrder: true);
        (await bed.RosterAsync(asOf: 1)).ShouldBe(before, ignoreOrder: true);
        (await bed.ImportAsync()).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task A_withdrawn_student_takes_the_enrollments_along_even_when_the_sis_leaves_them()
    {
        await using var bed = await ImportBed.StartAsync(engine);
        await bed.ImportAsync();
        var before = await bed.RosterAsync();
        var gone = ImportBed.IdOf(Family.Person, bed.Sis.Scenarios.Withdrawal(leaveOrphans: true).Deleted(SisKind.Users)[0]);
        var theirs = before
            .Where(record => record.Key.Kind == Model.Kind.Enrollment && record.Value["person"]!.Equals(gone))
            .Select(record => record.Key.Id)
            .ToList();

        var run = await bed.ImportAsync();

        var report = RunReport.FromJson(run.Report);
        theirs.ShouldNotBeEmpty();
        report.Changes[Model.Kind.Student].Delete.ShouldBe(1);
        report.Changes[Model.Kind.Enrollment].Delete.ShouldBe(theirs.Count);
        report.Changes[Model.Kind.Enrollment].Consequences.ShouldBe(theirs.Count);
        report.Skipped[Model.Kind.Enrollment].ShouldBe(theirs.Count);
        (await bed.ChangesAsync(2))
            .Where(change => change.Kind == Model.Kind.Enrollment)
            .Select(change => change.Id)
            .ShouldBe(theirs, ignoreOrder: true);
        (await bed.ImportAsync()).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task A_teacher_and_a_section_that_go_take_their_enrollments_along_even_when_the_sis_leaves_them()
    {
        await using var bed = await ImportBed.StartAsync(engine);
        await bed.ImportAsync();
        bed.Sis.Scenarios.TeacherLeaves(leaveOrphans: true);
        bed.Sis.Scenarios.SectionRemoved(leaveOrphans: true);
        var run = await bed.ImportAsync();
        run.State.ShouldBe("published");
        var roster = await bed.RosterAsync();
        foreach (var enrollment in roster.Values.Where(row => row.Kind == Model.Kind.Enrollment))
        {
            roster.Keys.ShouldContain((Model.Kind.Class, (RollbookId)enrollment["class"]!));
        }

        roster.Count(record => record.Key.Kind == Model.Kind.Enrollment).ShouldBe(bed.Sis.GetTruth().Enrollments - bed.Sis.GetTruth().Orphans);
    }

    [Fact]
    public async Task A_student_who_comes_back_is_the_same_record_again()
    {
        await using var bed = await ImportBed.StartAsync(engine);
        await bed.ImportAsync();
        var before = await bed.RosterAsync();
        bed.Sis.Scenarios.Withdrawal();
        await bed.ImportAsync();
        bed.Sis.Scenarios.Reset();
        (await bed.ImportAsync()).State.ShouldBe("published");
        (await bed.RosterAsync()).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task Nightly_touches_of_every_record_change_nothing()
    {
        await using var bed = await ImportBed.StartAsync(engine);
        await bed.ImportAsync();
        bed.Sis.Scenarios.TouchAll();
        var run = await bed.ImportAsync();
        run.State.ShouldBe("unchanged");
        (await bed.Store.Roster.LatestAsync(default))!.Number.ShouldBe(1);
    }

    [Fact]
    public async Task An_emptied_collection_fails_the_run_and_says_so()
    {
        await using var bed = await ImportBed.StartAsync(engine);
        await bed.ImportAsync();
        var before = await bed.RosterAsync();
        bed.Sis.Scenarios.EmptyCollection("classes");
        var run = await bed.ImportAsync();
        run.State.ShouldBe("failed");
        RunReport.FromJson(run.Report).Failure!.Message.ShouldContain("classes");
        (await bed.RosterAsync()).ShouldBe(before, ignoreOrder: true);
    }

    private static IEnumerable<RollbookId> Ids(IEnumerable<PublishedChange> changes, Operation operation) =>
        changes.Where(change => change.Operation == operation).Select(change => change.Id);

    private static List<RollbookId> Ids(ScenarioResult effects, Func<Effects, IReadOnlyList<string>> which) =>
        [.. Collections.SelectMany(collection => which(effects.On(collection.Kind)).Select(id => ImportBed.IdOf(collection.Family, id)))];

    private static IEnumerable<(Model.Kind Kind, RollbookId Id)> Updates(IEnumerable<PublishedChange> changes) =>
        changes.Where(change => change.Operation == Operation.Update).Select(change => (change.Kind, change.Id));

    private static IEnumerable<(Model.Kind Kind, RollbookId Id)> Different(
        IReadOnlyDictionary<(Model.Kind Kind, RollbookId Id), Row> before,
        IReadOnlyDictionary<(Model.Kind Kind, RollbookId Id), Row> after
    ) => after.Where(record => before.TryGetValue(record.Key, out var old) && !old.Equals(record.Value)).Select(record => record.Key);

    /// <summary>Records that the scenario touched, or whose demographics it touched, and those that refer to one that came or went.</summary>
    private static HashSet<RollbookId> Touched(ScenarioResult effects)
    {
        var demographics = effects.On(SisKind.Demographics);
        return
        [
            .. Ids(effects, effect => effect.Updated),
            .. demographics.Created.Concat(demographics.Updated).Concat(demographics.Deleted).Select(id => ImportBed.IdOf(Family.Person, id)),
        ];
    }
}

public sealed class ScenarioTestsOnSqlite() : ScenarioTests(Engine.Sqlite);

public sealed class ScenarioTestsOnPostgres() : ScenarioTests(Engine.Postgres);
