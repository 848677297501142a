using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;
using static Rollbook.Sync.Tests.Guard.WaitingDistrict;

namespace Rollbook.Sync.Tests.Guard;

/// <summary>
/// What is left out stays: for a person's sake until a person decides again, for that of Data Rollover and of the hold of removals until what is taken away is looked at anew. And a
/// school that is gone is not forgotten because nothing of it went with it (sync-safety.md sections 3 to 5).
/// </summary>
public sealed class LeftOutTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task What_a_person_left_out_is_asked_again_though_it_is_too_little_for_any_limit()
    {
        var made = new Pupils(200);
        await using var district = await made.ImportedAsync();
        made.Remove(60);
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        await LeaveAsync(district, held, "p0000", "p0001");
        (await district.AcceptAsync(held)).State.ShouldBe("published");
        (await NamesAsync(district)).Count.ShouldBe(142);

        // Night after night, whatever else is new.
        for (var night = 0; night < 2; night++)
        {
            made.Add(300 + night, school: 0);
            var asked = await district.ImportOnceAsync();
            asked.State.ShouldBe("held");
            var hold = RunReport.FromJson(asked.Report).Holds.ShouldHaveSingleItem();
            (hold.Limit, hold.Kind, hold.Count).ShouldBe(("left-delete", Kind.Student, 2));
            hold.Message.ShouldBe(
                "2 students would be deleted that a person left out when the last changes were accepted: accept them now, or leave them out again."
            );
            await LeaveAsync(district, asked, "p0000", "p0001");
            (await district.AcceptAsync(asked)).State.ShouldBe("published");
            (await NamesAsync(district)).Count.ShouldBe(143 + night);
        }

        // Declining decides nothing for the next import.
        made.Add(302, school: 0);
        var declined = await district.ImportOnceAsync();
        (await district.Imports.DeclineAsync(TestDistrict.Id, declined.Number, null, "ada", "Not yet.", Token)).ShouldBeNull();
        (await district.ImportOnceAsync()).State.ShouldBe("held");

        // What the source says again is no change, and gone later it is one like any other.
        made.Add(0, school: 0);
        made.Add(1, school: 0);
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        made.Remove(2);
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        (await NamesAsync(district)).Count.ShouldBe(143);
    }

    [Fact]
    public async Task What_is_accepted_at_last_is_not_asked_again()
    {
        var made = new Pupils(200);
        await using var district = await made.ImportedAsync();
        made.Remove(60);
        made.Add(300, school: 0);
        var held = await district.ImportOnceAsync();
        await LeaveAsync(district, held, "p0000", "p0300");
        (await district.AcceptAsync(held)).State.ShouldBe("published");
        var asked = await district.ImportOnceAsync();
        RunReport.FromJson(asked.Report).Holds.Select(hold => hold.Limit).ShouldBe(["left-delete", "left"], ignoreOrder: true);
        (await district.AcceptAsync(asked)).State.ShouldBe("published");
        made.Add(301, school: 0);
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        (await NamesAsync(district)).Count.ShouldBe(142);
    }

    [Fact]
    public async Task Whoever_leaves_out_a_school_that_is_gone_keeps_it_with_all_that_is_at_it()
    {
        var made = new Pupils(40, schools: 2);
        Enrol(made, number: 0, school: 0);
        Enrol(made, number: 1, school: 1);
        await using var district = await made.ImportedAsync();
        var before = await district.RosterAsync();
        RemoveSchool(made, 1);
        made.Add(300, school: 0);
        var held = await district.ImportOnceAsync();
        RunReport.FromJson(held.Report).Holds.ShouldContain(hold => hold.Limit == "school");
        await ChooseAsync(district, held, new PartChoice(new StagedSelection(School: await SchoolAsync(district, "School 1")), IsLeft: true));
        (await district.AcceptAsync(held)).State.ShouldBe("published");
        var after = await district.RosterAsync();
        after.Count.ShouldBe(before.Count + 1);
        foreach (var (record, row) in before)
        {
            after[record].ShouldBe(row);
        }
    }

    [Fact]
    public async Task During_Data_Rollover_nothing_goes_because_its_school_does()
    {
        // A school that is part of another has no record of its own that could be left out.
        var made = new Pupils(40, schools: 2);
        Enrol(made, number: 0, school: 0);
        Enrol(made, number: 1, school: 1);
        await using var district = await TestDistrict.StartAsync([made.Source]);
        await district.ConfigureAsync(
            new AppConfiguration
            {
                Type = "scripted",
                Schools = TwoSchools.Listed(new SchoolMapping { Source = "s0", Create = "" }, new SchoolMapping { Source = "s1", Create = "" }),
            }
        );
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        var existing = await SchoolAsync(district, "School 0");
        var joined = new AppConfiguration
        {
            Type = "scripted",
            Schools = TwoSchools.Listed(
                new SchoolMapping { Source = "s0", Create = "" },
                new SchoolMapping { Source = "s1", School = existing.ToString() }
            ),
        };
        await district.ConfigureAsync(joined);
        (await district.ImportAsync()).State.ShouldBe("published");
        await district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { [TestDistrict.App] = joined },
            rollover: [new RolloverPeriod(Today, Today, RolloverMode.NoDeletions)]
        );
        var before = await district.RosterAsync();
        RemoveSchool(made, 1);
        var run = await district.ImportOnceAsync();
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
        run.State.ShouldBe("held");
        RunReport
            .FromJson(run.Report)
            .Notices[0]
            .ShouldMatch("^Data Rollover disables data deletion, but [0-9]+ records would go all the same, because what they belong to");
    }

    [Fact]
    public async Task Changes_that_are_looked_at_anew_keep_what_was_left_out()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync();
        await district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { [TestDistrict.App] = new() { Type = "scripted" } },
            rollover: [new RolloverPeriod(Today, Today, RolloverMode.NoDeletions)]
        );
        made.Remove(12);
        for (var number = 0; number < 30; number++)
        {
            made.Add(number < 6 ? number : 100 + number, school: 0, id: $"n{number:D4}");
        }

        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        await LeaveAsync(district, held, "n0029");
        (await LeftAsync(district, held)).ShouldBe(13);
        var paired = await MigrateAsync(district, held.Number);
        var report = RunReport.FromJson(paired.Report);
        report.Changes[Kind.Student].Rekey.ShouldBe(6);

        // The six that are known again do not go, so nothing of them is left out.
        (await LeftAsync(district, paired)).ShouldBe(7);
        report.Notices.Count(notice => notice.Contains("Data Rollover disables data deletion", StringComparison.Ordinal)).ShouldBe(1);
        (await district.AcceptAsync(paired)).State.ShouldBe("published");
        var names = await NamesAsync(district);
        names.Count(name => name[0] == 'p').ShouldBe(34);
        names.ShouldNotContain("n0029");
    }

    [Fact]
    public async Task A_school_that_is_gone_is_remembered_when_its_people_go_later()
    {
        var made = new Pupils(60, schools: 3);
        await using var district = await TestDistrict.StartAsync([made.Source]);
        await district.ConfigureAsync(
            new AppConfiguration
            {
                Type = "scripted",
                Schools = TwoSchools.Listed(
                    new SchoolMapping { Source = "s0", Create = "" },
                    new SchoolMapping { Source = "s1", Create = "" },
                    new SchoolMapping { Source = "s2", Create = "" }
                ),
            }
        );
        (await district.ImportOnceAsync()).State.ShouldBe("published");

        // The school alone: it stays for its mapping's sake, and nothing changes.
        made.Source.Records[Collection.Orgs].Remove("s1");
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
        Take(made, "p0001");
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        var hold = RunReport.FromJson(held.Report).Holds.ShouldHaveSingleItem();
        (hold.Limit, hold.Message).ShouldBe(("school", "1 record would be deleted at a mapped school that is no longer in the source: School 1."));

        // Elsewhere pupils come and go as ever.
        made.Add(1, school: 1);
        Take(made, "p0000");
        (await district.ImportOnceAsync()).State.ShouldBe("published");

        // Once a person has accepted it, nobody asks about that school again.
        Take(made, "p0001");
        (await district.AcceptAsync(await district.ImportOnceAsync())).State.ShouldBe("published");
        Take(made, "p0004");
        (await district.ImportOnceAsync()).State.ShouldBe("published");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task People_whom_another_source_keeps_are_removals_to_the_source_that_loses_them(bool otherIds)
    {
        var made = new Pupils(100);
        Enrol(made, number: 0, school: 0);
        var other = OtherSource(made, otherIds);
        await using var district = await TestDistrict.StartAsync([made.Source, other]);
        await ConfigureSharedAsync(district, HoldMode.Removals, rollover: []);
        await district.ImportAsync();
        await district.ImportAsync("other");
        await district.ImportAsync();
        var before = await district.RosterAsync();
        before.Keys.Count(record => record.Kind == Kind.Student).ShouldBe(100);

        made.Remove(40);
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        var report = RunReport.FromJson(held.Report);
        report.Holds.Select(hold => (hold.Limit, hold.Count)).ShouldContain(("delete", 40L));
        report.Holds.ShouldNotContain(hold => hold.Limit == "rekey");
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);

        // What is added goes through, and what is taken away waits.
        made.Add(300, school: 0);
        held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        var after = await district.RosterAsync();
        after.Count.ShouldBe(before.Count + 1);
        foreach (var (record, row) in before)
        {
            after[record].ShouldBe(row);
        }

        // So it is in Data Rollover.
        await ConfigureSharedAsync(district, HoldMode.Everything, [new RolloverPeriod(Today, Today, RolloverMode.NoDeletions)]);
        made.Add(301, school: 0);
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        var kept = await district.RosterAsync();
        kept.Count.ShouldBe(after.Count + 1);
        foreach (var (record, row) in after)
        {
            kept[record].ShouldBe(row);
        }
    }

    [Fact]
    public async Task An_administrator_whom_another_source_keeps_under_another_ID_is_protected_all_the_same()
    {
        var made = new Pupils(3);
        made.Source.Records[Collection.Users]["boss"] = TwoSchools.Pupil("boss", "s0");
        made.Source.Records[Collection.Users]["boss"]["email"] = "boss@x.example";
        made.Source.Records[Collection.Users]["boss"]["role"] = "administrator";
        made.Source.Records[Collection.Users]["chief"] = TwoSchools.Pupil("chief", "s0");
        made.Source.Records[Collection.Users]["chief"]["role"] = "administrator";
        var other = OtherSource(made, otherIds: true);
        await using var district = await TestDistrict.StartAsync([made.Source, other]);
        await ConfigureSharedAsync(district, HoldMode.Everything, rollover: []);
        await district.ImportAsync();
        await district.ImportAsync("other");
        await district.ImportAsync();
        // The record has the SIS ID of the first app that has the person, and goes on under the other's.
        other.Records[Collection.Users].Remove("o-boss").ShouldBeTrue();
        var run = await district.ImportOnceAsync("other");
        var counts = RunReport.FromJson(run.Report).Changes[Kind.Admin];
        (counts.Delete, counts.Rekey).ShouldBe((0, 1));
        RunReport.FromJson(run.Report).Holds.ShouldContain(hold => hold.Limit == "protected" && hold.Kind == Kind.Admin && hold.Count == 1);
    }

    [Fact]
    public async Task What_was_left_out_is_remembered_through_a_night_in_which_the_source_could_not_say_it()
    {
        var made = new Pupils(200);
        await using var district = await made.ImportedAsync();
        made.Remove(60);
        var held = await district.ImportOnceAsync();
        await LeaveAsync(district, held, "p0000", "p0001");
        (await district.AcceptAsync(held)).State.ShouldBe("published");

        // Without its demographics nothing is known of what people have become.
        made.Source.Missing.Add(Collection.Users);
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
        made.Source.Missing.Remove(Collection.Users);
        (await district.ImportOnceAsync()).State.ShouldBe("held");
        (await NamesAsync(district)).Count.ShouldBe(142);
    }

    [Fact]
    public async Task During_Data_Rollover_a_person_decides_about_deletions_that_are_not_said_again()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        await district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { [TestDistrict.App] = new() { Type = "scripted" } },
            rollover: [new RolloverPeriod(Today, Today, RolloverMode.NoDeletions)]
        );
        made.Source.SendsChanges = true;
        made.Source.Only = [(Collection.Users, "p0000")];
        made.Source.Records[Collection.Users]["p0000"]["status"] = "tobedeleted";
        var waiting = await district.ImportOnceAsync();
        waiting.State.ShouldBe("held");
        var report = RunReport.FromJson(waiting.Report);
        report
            .Notices[0]
            .ShouldMatch("^Data Rollover disables data deletion until .*: the source sent changes only and does not say again what it deletes");
        (await LeftAsync(district, waiting)).ShouldBe(0);
        (await district.AcceptAsync(waiting)).State.ShouldBe("published");
        (await NamesAsync(district)).Count.ShouldBe(99);
        RunReport.FromJson((await district.Store.Runs.GetAsync(waiting.Number, Token))!.Report).LeftOutWords.ShouldContain("counts as declined");
    }

    [Fact]
    public async Task A_run_that_follows_another_app_is_held_where_the_day_takes_something_away()
    {
        var made = new Pupils(20);
        var later = new Later(TimeSpan.FromDays(3));
        made.Source.Records[Collection.AcademicSessions]["t1"] = new JsonObject
        {
            ["sourcedId"] = "t1",
            ["title"] = "Fall",
            ["type"] = "term",
            ["startDate"] = Day(-30),
            ["endDate"] = Day(1),
            ["schoolYear"] = "2026",
        };
        var other = OtherSource(made, otherIds: true);
        await using var district = await TestDistrict.StartAsync([made.Source, other]);
        await ConfigureSharedAsync(
            district,
            HoldMode.Everything,
            rollover: [],
            new FilterRule { Kind = "calendar", Where = [new RuleCondition("endDate", FilterOperator.Future, [])] }
        );
        await district.ImportAsync();
        await district.ImportAsync("other");
        await district.ImportAsync();
        var before = await district.RosterAsync();
        before.Keys.ShouldContain(record => record.Kind == Kind.Calendar);

        // Another person there, so that one of ours is theirs no longer: our app follows, three days later.
        other.Records[Collection.Users]["o-p0000"]["email"] = "somebody.else@x.example";
        var imports = district.NewImports(district.Installation, "later", later);
        var started = (await imports.StartAsync(TestDistrict.Id, "other", "command", "test", Token)).ShouldBeOfType<StartResult.Started>();
        await imports.WaitAsync(TestDistrict.Id, started.Run, Token);
        var following = (await district.Store.Runs.ListAsync(TestDistrict.App, null, 1, Token)).ShouldHaveSingleItem();
        following.Number.ShouldBeGreaterThan(started.Run);
        await imports.WaitAsync(TestDistrict.Id, following.Number, Token);
        following = (await district.Store.Runs.GetAsync(following.Number, Token))!;
        following.State.ShouldBe("held", following.Report);
        RunReport.FromJson(following.Report).Holds.ShouldContain(hold => hold.Limit == "empty" && hold.Kind == Kind.Calendar);
        (await district.RosterAsync()).Keys.ShouldContain(record => record.Kind == Kind.Calendar);
        await imports.DisposeAsync();

        string Day(int days) => Today.AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    private static ScriptedSource OtherSource(Pupils made, bool otherIds)
    {
        var other = new ScriptedSource(new Random(2)) { Type = "other" };
        foreach (var (id, record) in made.Source.Records[Collection.Orgs])
        {
            other.Records[Collection.Orgs][id] = (JsonObject)record.DeepClone();
        }

        foreach (var (id, record) in made.Source.Records[Collection.Users])
        {
            var copy = (JsonObject)record.DeepClone();
            copy["sourcedId"] = otherIds ? $"o-{id}" : id;
            other.Records[Collection.Users][copy["sourcedId"]!.GetValue<string>()] = copy;
        }

        return other;
    }

    private static Task ConfigureSharedAsync(
        TestDistrict district,
        HoldMode mode,
        IReadOnlyList<RolloverPeriod> rollover,
        params FilterRule[] filters
    )
    {
        var shared = new AdvancedSettings
        {
            MultipleDataSources = true,
            CompareByDomainsOfUniqueness = true,
            HoldMode = mode,
        };
        var domains = new Dictionary<string, IReadOnlyList<IReadOnlyList<string>>>(StringComparer.Ordinal)
        {
            ["student"] =
            [
                ["email"],
            ],
            ["admin"] =
            [
                ["email"],
            ],
        };
        return district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
            {
                [TestDistrict.App] = new()
                {
                    Type = "scripted",
                    Advanced = shared,
                    DomainsOfUniqueness = domains,
                    Filters = filters,
                },
                ["other"] = new()
                {
                    Type = "other",
                    Advanced = shared with { HoldMode = HoldMode.Everything },
                    DomainsOfUniqueness = domains,
                },
            },
            rollover: rollover
        );
    }

    private static void RemoveSchool(Pupils made, int school)
    {
        foreach (var (_, records) in made.Source.Records)
        {
            foreach (var (id, record) in records.ToList())
            {
                if (id == $"s{school}" || record.ToJsonString().Contains($"\"s{school}\"", StringComparison.Ordinal))
                {
                    records.Remove(id);
                }
            }
        }
    }

    private static void Take(Pupils made, string id) => made.Source.Records[Collection.Users].Remove(id).ShouldBeTrue();

    private static void Enrol(Pupils made, int number, int school) =>
        made.Source.Records[Collection.Enrollments][$"e{number}"] = TwoSchools.Referring(
            $"e{number}",
            "role",
            ("user", Pupils.IdOf(number)),
            ("class", $"k{school}"),
            ("school", $"s{school}")
        );

    private static async Task LeaveAsync(TestDistrict district, RunRecord run, params string[] ids)
    {
        foreach (var id in ids)
        {
            var found = RollbookId.Derive(new IdScope(TestDistrict.Id, TestDistrict.App, Family.Person), id);
            await ChooseAsync(district, run, new PartChoice(new StagedSelection(Kind.Student, Id: found), IsLeft: true));
        }
    }

    private static async Task<long> LeftAsync(TestDistrict district, RunRecord run) =>
        (await district.Store.Staged.LeftCountsAsync(run.Number, Token)).Sum(count => count.Count);

    private static async Task<RunRecord> MigrateAsync(TestDistrict district, long run)
    {
        (await district.Imports.MigrateAsync(TestDistrict.Id, run, Token)).ShouldBeOfType<StartResult.Started>();
        await district.Imports.WaitAsync(TestDistrict.Id, run, Token);
        return (await district.Store.Runs.GetAsync(run, Token))!;
    }
}
