using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;
using static Rollbook.Sync.Tests.Guard.WaitingDistrict;

namespace Rollbook.Sync.Tests.Guard;

/// <summary>Accepting a part of what waits, holding removals alone, a second person, Data Rollover and planned windows (sync-safety.md sections 4 and 5).</summary>
public sealed class PartTests
{
    private static readonly AdvancedSettings Preview = new() { PreviewOfDataUpload = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task A_school_is_left_out_and_comes_with_the_next_import()
    {
        var made = new Pupils(20, schools: 2);
        await using var district = await made.ImportedAsync();
        await Pupils.ConfigureAsync(district, Preview);
        var before = await district.RosterAsync();
        made.Remove(4);
        made.Add(100, school: 0);
        made.Add(101, school: 1);
        var run = await district.ImportOnceAsync();
        var school = await SchoolAsync(district, "School 1");
        await ChooseAsync(district, run, new PartChoice(new StagedSelection(School: school), IsLeft: true));

        var accepted = await district.AcceptAsync(run);
        accepted.State.ShouldBe("published");
        var report = RunReport.FromJson(accepted.Report);
        (report.Changes[Kind.Student].Create, report.Changes[Kind.Student].Delete).ShouldBe((1, 2));
        (report.LeftOut[Kind.Student].Create, report.LeftOut[Kind.Student].Delete).ShouldBe((1, 2));
        var after = await district.RosterAsync();
        after.Count.ShouldBe(before.Count - 1);
        (await NamesAsync(district)).ShouldContain(Pupils.IdOf(1));
        (await NamesAsync(district)).ShouldNotContain(Pupils.IdOf(0));

        // What the source still says comes again, and nothing else.
        var next = await district.ImportOnceAsync();
        var shown = RunReport.FromJson(next.Report).Changes;
        (shown[Kind.Student].Create, shown[Kind.Student].Delete, shown.Values.Sum(counts => counts.Create + counts.Update + counts.Delete)).ShouldBe(
            (1, 2, 3)
        );
        (await district.AcceptAsync(next)).State.ShouldBe("published");
        await ShouldBeWhatTheSourceSaysAsync(district, made);
    }

    [Fact]
    public async Task A_single_record_is_left_out_and_another_taken_in_again()
    {
        var made = new Pupils(20);
        await using var district = await made.ImportedAsync();
        await Pupils.ConfigureAsync(district, Preview);
        made.Remove(2);
        made.Each(0, _ => { });
        made.Source.Records[Collection.Users][Pupils.IdOf(5)]["givenName"] = "Other";
        var run = await district.ImportOnceAsync();
        var ids = (await district.RecordsAsync())
            .Where(record => record.Value.SisId is "p0000" or "p0001" or "p0005")
            .ToDictionary(r => r.Value.SisId!, r => r.Key.Id);
        foreach (var id in ids.Values)
        {
            await ChooseAsync(district, run, new PartChoice(new StagedSelection(Kind.Student, Id: id), IsLeft: true));
        }

        await ChooseAsync(district, run, new PartChoice(new StagedSelection(Kind.Student, Id: ids["p0001"]), IsLeft: false));
        (await district.AcceptAsync(run)).State.ShouldBe("published");
        var names = await NamesAsync(district);
        names.ShouldContain("p0000");
        names.ShouldNotContain("p0001");
        (await district.RecordsAsync())[(Kind.Student, ids["p0005"])]["givenName"].ShouldNotBe("Other");
    }

    [Fact]
    public async Task What_belongs_to_a_record_goes_with_it_and_what_needs_a_record_that_is_left_out_does_not_come()
    {
        var made = new Pupils(20);
        Enrol(made, 0);
        await using var district = await made.ImportedAsync();
        await Pupils.ConfigureAsync(district, Preview);
        made.Remove(1);
        made.Add(50, school: 0);
        Enrol(made, 50);
        var run = await district.ImportOnceAsync();
        RunReport.FromJson(run.Report).Changes[Kind.Enrollment].ShouldBe(new ChangeCounts(Create: 1, Delete: 1, Consequences: 1));
        await ChooseAsync(
            district,
            run,
            new PartChoice(StagedSelection.All, IsLeft: true),
            new PartChoice(new StagedSelection(Kind.Student, Operation.Delete), IsLeft: false)
        );
        (await district.AcceptAsync(run)).State.ShouldBe("published");
        var after = await district.RecordsAsync();
        after.Keys.ShouldNotContain(record => record.Kind == Kind.Enrollment);
        (await NamesAsync(district)).ShouldNotContain("p0050");

        // The enrollment alone: it has no person yet.
        var next = await district.ImportOnceAsync();
        await ChooseAsync(district, next, new PartChoice(new StagedSelection(Kind.Student), IsLeft: true));
        (await district.AcceptAsync(next)).State.ShouldBe("unchanged");
        (await district.AcceptAsync(await district.ImportOnceAsync())).State.ShouldBe("published");
        await ShouldBeWhatTheSourceSaysAsync(district, made);
    }

    [Fact]
    public async Task What_a_configuration_takes_out_can_not_be_left_out_and_is_not_published_unseen()
    {
        var made = new Pupils(20, schools: 2);
        await using var district = await made.ImportedAsync();
        var settings = new AppConfiguration
        {
            Type = "scripted",
            Advanced = Preview,
            Schools = SchoolsMapping.Automatic with { LeftOut = ["s1"] },
        };
        await district.ConfigureAsync(settings);
        var run = await district.ImportOnceAsync();
        await ChooseAsync(district, run, new PartChoice(new StagedSelection(Kind.Student), IsLeft: true));
        var again = await district.AcceptAsync(run);
        again.State.ShouldBe("waiting");
        RunReport
            .FromJson(again.Report)
            .Notices[0]
            .ShouldStartWith("10 of the changes that were left out come of the configuration and not of what the source sent");
        (await NamesAsync(district)).Count.ShouldBe(20);
        (await district.Store.Staged.LeftCountsAsync(run.Number, Token)).ShouldBeEmpty();
        var published = await district.AcceptAsync(again);
        published.State.ShouldBe("published");
        RunReport.FromJson(published.Report).Notices.ShouldNotContain(notice => notice.Contains("left out", StringComparison.Ordinal));
        (await NamesAsync(district)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task What_was_left_out_of_a_run_that_waits_again_is_taken_in_again()
    {
        var made = new Pupils(20, schools: 2);
        await using var district = await made.ImportedAsync();
        var settings = new AppConfiguration
        {
            Type = "scripted",
            Advanced = Preview,
            Schools = SchoolsMapping.Automatic with { LeftOut = ["s1"] },
        };
        await district.ConfigureAsync(settings);
        made.Remove(4);
        var run = await district.ImportOnceAsync();
        await ChooseAsync(district, run, new PartChoice(new StagedSelection(Kind.Student), IsLeft: true));
        var again = await district.AcceptAsync(run);
        again.State.ShouldBe("waiting");
        RunReport.FromJson(again.Report).Changes[Kind.Student].Delete.ShouldBe(10);
        (await district.Store.Staged.LeftCountsAsync(run.Number, Token)).Sum(count => count.Count).ShouldBe(2);

        // Nothing comes unseen, also what had been seen before.
        await ChooseAsync(district, run, new PartChoice(StagedSelection.All, IsLeft: false));
        (await district.Store.Staged.LeftCountsAsync(run.Number, Token)).ShouldBeEmpty();
        again = await district.AcceptAsync(again);
        again.State.ShouldBe("waiting");
        var report = RunReport.FromJson(again.Report);
        report.WaitsAgain.ShouldNotBeNull().ShouldStartWith("What was left out before is taken in again");
        report.Changes[Kind.Student].Delete.ShouldBe(12);
        (await NamesAsync(district)).Count.ShouldBe(20);

        var published = await district.AcceptAsync(again);
        published.State.ShouldBe("published");
        RunReport.FromJson(published.Report).ReadTwice.ShouldBeNull();
        (await NamesAsync(district)).Count.ShouldBe(8);
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task An_acceptance_is_bound_to_what_is_left_out()
    {
        var made = new Pupils(20);
        await using var district = await made.ImportedAsync();
        await Pupils.ConfigureAsync(district, Preview);
        made.Remove(2);
        var run = await district.ImportOnceAsync();
        var shown = await district.Imports.ShownAsync(district.Store, run, Token);
        await ChooseAsync(district, run, new PartChoice(new StagedSelection(Operation: Operation.Delete), IsLeft: true));
        (await district.Imports.AcceptAsync(TestDistrict.Id, run.Number, shown, "ada", "It is meant.", Token)).ShouldBeOfType<StartResult.Refused>();
        (
            await district.Imports.ChooseAsync(TestDistrict.Id, run.Number, shown, [new PartChoice(StagedSelection.All, IsLeft: false)], Token)
        ).ShouldNotBeNull();
        (await NamesAsync(district)).Count.ShouldBe(20);
    }

    [Fact]
    public async Task A_decline_is_bound_to_what_was_shown_as_an_acceptance_is()
    {
        var made = new Pupils(20);
        await using var district = await made.ImportedAsync();
        await Pupils.ConfigureAsync(district, Preview);
        made.Remove(2);
        var run = await district.ImportOnceAsync();
        var shown = await district.Imports.ShownAsync(district.Store, run, Token);
        await ChooseAsync(district, run, new PartChoice(new StagedSelection(Operation: Operation.Delete), IsLeft: true));
        (await DeclineAsync(shown)).ShouldBe("The changes are others now than those that were shown. Look at them once more.");
        (await DeclineAsync("")).ShouldNotBeNull();
        (await district.Store.Runs.GetAsync(run.Number, Token))!.State.ShouldBe("waiting");

        (await DeclineAsync(await district.Imports.ShownAsync(district.Store, run, Token))).ShouldBeNull();
        (await district.Store.Runs.GetAsync(run.Number, Token))!.State.ShouldBe("declined");
        (await DeclineAsync(null)).ShouldNotBeNull().ShouldContain("does not wait");

        Task<string?> DeclineAsync(string? hash) =>
            district.Imports.DeclineAsync(TestDistrict.Id, run.Number, hash, "ada", "It is not meant.", Token);
    }

    [Fact]
    public async Task Additions_and_updates_go_through_and_removals_wait()
    {
        var made = new Pupils(100);
        Enrol(made, 0);
        await using var district = await made.ImportedAsync(new AdvancedSettings { HoldMode = HoldMode.Removals });
        made.Remove(40);
        made.Add(200, school: 0);
        made.Source.Records[Collection.Users][Pupils.IdOf(60)]["givenName"] = "Other";
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        var names = await NamesAsync(district);
        names.Count.ShouldBe(101);
        names.ShouldContain(Pupils.IdOf(200));
        (await district.RecordsAsync()).Keys.Count(record => record.Kind == Kind.Enrollment).ShouldBe(1);
        var report = RunReport.FromJson(held.Report);
        (report.Changes[Kind.Student].Create, report.Changes[Kind.Student].Update, report.Changes[Kind.Student].Delete).ShouldBe((0, 0, 40));
        report.Notices[0].ShouldContain("What it adds and updates was published by run");
        var additions = (await district.Store.Runs.ListAsync(TestDistrict.App, null, 1, Token)).ShouldHaveSingleItem();
        (additions.State, additions.Trigger, RunReport.FromJson(additions.Report).Purpose).ShouldBe(("published", "additions", RunPurpose.Additions));

        (await district.AcceptAsync(held)).State.ShouldBe("published");
        await ShouldBeWhatTheSourceSaysAsync(district, made);
    }

    [Fact]
    public async Task Each_night_the_removals_that_wait_are_those_of_the_newest_import()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync(new AdvancedSettings { HoldMode = HoldMode.Removals });
        made.Remove(40);
        made.Add(200, school: 0);
        var first = await district.ImportOnceAsync();
        made.Add(201, school: 0);
        var second = await district.ImportOnceAsync();
        (await district.Store.Runs.GetAsync(first.Number, Token))!.State.ShouldBe("superseded");
        second.State.ShouldBe("held");
        (await NamesAsync(district)).ShouldContain(Pupils.IdOf(201));
        (await district.DeclineAsync(second)).State.ShouldBe("declined");
        (await NamesAsync(district)).Count.ShouldBe(102);
        for (var i = 0; i < 40; i++)
        {
            made.Add(i, school: 0);
        }

        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
        await ShouldBeWhatTheSourceSaysAsync(district, made);
    }

    [Fact]
    public async Task Where_more_than_removals_is_over_a_limit_everything_waits()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync(new AdvancedSettings { HoldMode = HoldMode.Removals });
        made.Remove(40);
        for (var i = 200; i < 280; i++)
        {
            made.Add(i, school: 0);
        }

        (await district.ImportOnceAsync()).State.ShouldBe("held");
        (await NamesAsync(district)).Count.ShouldBe(100);
        (await district.Store.Runs.ListAsync(TestDistrict.App, null, 10, Token)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_second_person_has_to_agree_to_the_same_changes()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync(new AdvancedSettings { SecondPerson = true });
        made.Remove(40);
        var held = await district.ImportOnceAsync();
        (await AcceptAsync("ada")).ShouldBe(new StartResult.Agreed());
        var after = (await district.Store.Runs.GetAsync(held.Number, Token))!;
        (after.State, RunReport.FromJson(after.Report).Agreement!.By).ShouldBe(("held", "ada"));
        (await AcceptAsync("Ada")).ShouldBeOfType<StartResult.Refused>();
        (await NamesAsync(district)).Count.ShouldBe(100);

        // Other changes ask both again.
        await ChooseAsync(
            district,
            held,
            new PartChoice(
                new StagedSelection(Kind.Student, Id: (await district.RecordsAsync()).Keys.First(r => r.Kind == Kind.Student).Id),
                IsLeft: true
            )
        );
        (await AcceptAsync("bob")).ShouldBe(new StartResult.Agreed());
        (await AcceptAsync("ada")).ShouldBe(new StartResult.Started(held.Number));
        await district.Imports.WaitAsync(TestDistrict.Id, held.Number, Token);
        var published = (await district.Store.Runs.GetAsync(held.Number, Token))!;
        published.State.ShouldBe("published");
        var report = RunReport.FromJson(published.Report);
        (report.Agreement!.By, report.Decision!.By).ShouldBe(("bob", "ada"));

        Task<StartResult> AcceptAsync(string who) => district.Imports.AcceptAsync(TestDistrict.Id, held.Number, null, who, "It is meant.", Token);
    }

    [Fact]
    public async Task A_second_person_has_to_agree_also_when_that_is_switched_off_after_the_first()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync(new AdvancedSettings { SecondPerson = true });
        made.Remove(40);
        var held = await district.ImportOnceAsync();
        (await AcceptAsync("ada")).ShouldBe(new StartResult.Agreed());
        await Pupils.ConfigureAsync(district, new AdvancedSettings());
        (await AcceptAsync("ada")).ShouldBeOfType<StartResult.Refused>();

        // Also where the changes become others by what is saved.
        await Pupils.ConfigureAsync(district, new AdvancedSettings { SisIdPrefix = "N-" });
        (await AcceptAsync("bob")).ShouldBe(new StartResult.Started(held.Number));
        await district.Imports.WaitAsync(TestDistrict.Id, held.Number, Token);
        (await district.Store.Runs.GetAsync(held.Number, Token))!.State.ShouldBe("held");
        (await AcceptAsync("ada")).ShouldBe(new StartResult.Agreed());
        (await AcceptAsync("ada")).ShouldBeOfType<StartResult.Refused>();
        (await NamesAsync(district)).Count.ShouldBe(100);
        (await AcceptAsync("bob")).ShouldBe(new StartResult.Started(held.Number));
        await district.Imports.WaitAsync(TestDistrict.Id, held.Number, Token);
        (await district.Store.Runs.GetAsync(held.Number, Token))!.State.ShouldBe("published");

        Task<StartResult> AcceptAsync(string who) => district.Imports.AcceptAsync(TestDistrict.Id, held.Number, null, who, "It is meant.", Token);
    }

    [Fact]
    public async Task A_second_person_has_to_agree_to_a_rollback_where_any_app_asks()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync(new AdvancedSettings { SecondPerson = true });
        made.Add(100, school: 0);
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        var rollback = await district.StartRollbackAsync(1);
        (await AcceptAsync("ada")).ShouldBe(new StartResult.Agreed());
        (await AcceptAsync("ada")).ShouldBeOfType<StartResult.Refused>();
        (await AcceptAsync("bob")).ShouldBe(new StartResult.Started(rollback.Number));
        await district.Imports.WaitAsync(TestDistrict.Id, rollback.Number, Token);
        (await NamesAsync(district)).Count.ShouldBe(40);

        Task<StartResult> AcceptAsync(string who) => district.Imports.AcceptAsync(TestDistrict.Id, rollback.Number, null, who, "It is meant.", Token);
    }

    [Fact]
    public async Task Data_Rollover_suspends_imports_for_a_period()
    {
        var made = new Pupils(20);
        await using var district = await made.ImportedAsync();
        await RolloverAsync(
            district,
            new AdvancedSettings(),
            new(Today.AddDays(-1), Today.AddDays(1), RolloverMode.NoDeletions),
            new(Today, Today, RolloverMode.Suspend)
        );
        foreach (var trigger in new[] { "command", Imports.Schedule, Imports.Package })
        {
            var refused = (
                await district.Imports.StartAsync(TestDistrict.Id, TestDistrict.App, trigger, "test", Token)
            ).ShouldBeOfType<StartResult.Refused>();
            refused.IsSuspended.ShouldBeTrue();
            refused.Message.ShouldContain("Data Rollover suspends data import");
        }

        (await district.Store.Runs.ListAsync(TestDistrict.App, null, 10, Token)).Count.ShouldBe(1);
        await RolloverAsync(
            district,
            new AdvancedSettings(),
            new(Today.AddDays(-2), Today.AddDays(-1), RolloverMode.Suspend),
            new(Today.AddDays(1), Today.AddDays(9), RolloverMode.Suspend)
        );
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task Data_Rollover_imports_without_deletions_for_a_period()
    {
        var made = new Pupils(100);
        Enrol(made, 0);
        await using var district = await made.ImportedAsync();
        await RolloverAsync(district, new AdvancedSettings(), new RolloverPeriod(Today, Today, RolloverMode.NoDeletions));
        made.Remove(40);
        made.Add(200, school: 0);
        var run = await district.ImportOnceAsync();
        run.State.ShouldBe("published");
        var report = RunReport.FromJson(run.Report);
        (report.Changes[Kind.Student].Create, report.Changes[Kind.Student].Delete, report.LeftOut[Kind.Student].Delete).ShouldBe((1, 0, 40));
        report.Notices[0].ShouldContain("Data Rollover disables data deletion until");
        report.Decision!.By.ShouldBe("Data Rollover");
        (await NamesAsync(district)).Count.ShouldBe(101);
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");

        // With preview a person decides, and the deletions are left out already.
        await RolloverAsync(district, Preview, new RolloverPeriod(Today, Today, RolloverMode.NoDeletions));
        made.Add(201, school: 0);
        var waiting = await district.ImportOnceAsync();
        waiting.State.ShouldBe("waiting");
        (await district.AcceptAsync(waiting)).State.ShouldBe("published");
        (await NamesAsync(district)).Count.ShouldBe(102);

        // When the period has ended, they are looked at like any others.
        await Pupils.ConfigureAsync(district, new AdvancedSettings());
        var held = await district.ImportOnceAsync();
        (held.State, RunReport.FromJson(held.Report).Changes[Kind.Student].Delete).ShouldBe(("held", 40));
        (await district.AcceptAsync(held)).State.ShouldBe("published");
        await ShouldBeWhatTheSourceSaysAsync(district, made);
    }

    [Fact]
    public async Task During_Data_Rollover_what_a_configuration_would_delete_is_held()
    {
        var made = new Pupils(20, schools: 2);
        await using var district = await made.ImportedAsync();
        var settings = new AppConfiguration { Type = "scripted", Schools = SchoolsMapping.Automatic with { LeftOut = ["s1"] } };
        await district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { [TestDistrict.App] = settings },
            rollover: [new RolloverPeriod(Today, Today, RolloverMode.NoDeletions)]
        );
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        (await NamesAsync(district)).Count.ShouldBe(20);
        var notices = RunReport.FromJson(held.Report).Notices;
        notices[0].ShouldMatch("^Data Rollover disables data deletion, but [0-9]+ of the deletions come of the configuration");
        notices.ShouldNotContain(notice => notice.Contains("what would be deleted stays", StringComparison.Ordinal));

        // A person may want it all the same.
        (await district.AcceptAsync(held)).State.ShouldBe("published");
        (await NamesAsync(district)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task During_Data_Rollover_other_limits_hold_as_ever()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        await RolloverAsync(district, new AdvancedSettings(), new RolloverPeriod(Today, Today, RolloverMode.NoDeletions));
        made.Remove(40);
        for (var i = 200; i < 280; i++)
        {
            made.Add(i, school: 0);
        }

        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        RunReport.FromJson(held.Report).Holds.Select(hold => hold.Limit).ShouldBe(["create"]);
        (await district.AcceptAsync(held)).State.ShouldBe("published");
        (await NamesAsync(district)).Count.ShouldBe(180);
    }

    [Theory]
    [InlineData(0, 0, "published")]
    [InlineData(-2, -1, "held")]
    [InlineData(1, 2, "held")]
    public async Task A_planned_window_has_its_own_limits_and_ends_by_itself(int from, int until, string expected)
    {
        var made = new Pupils(100);
        var window = new ChangeWindow(Today.AddDays(from), Today.AddDays(until))
        {
            SyncHoldThreshold = 60,
            Limits = [new(Operation.Delete, LimitScope.Source) { Percent = 60 }],
        };
        await using var district = await made.ImportedAsync(new AdvancedSettings { ChangeWindows = [window] });
        made.Remove(40);
        (await district.ImportOnceAsync()).State.ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, null, "held")]
    [InlineData(0, 0, "published")]
    [InlineData(10, null, "held")]
    [InlineData(10, 0, "published")]
    [InlineData(0, 60, "held")]
    public async Task The_table_of_a_planned_window_is_evaluated_unless_the_window_itself_is_off(int usual, int? own, string expected)
    {
        var made = new Pupils(100);
        var window = new ChangeWindow(Today, Today) { SyncHoldThreshold = own, Limits = [new(Operation.Delete, LimitScope.Source) { Percent = 5 }] };
        await using var district = await made.ImportedAsync(new AdvancedSettings { SyncHoldThreshold = usual, ChangeWindows = [window] });
        made.Remove(5);
        (await district.ImportOnceAsync()).State.ShouldBe(expected);
    }

    private static void Enrol(Pupils made, int number) =>
        made.Source.Records[Collection.Enrollments][$"e{number}"] = TwoSchools.Referring(
            $"e{number}",
            "role",
            ("user", Pupils.IdOf(number)),
            ("class", "k0"),
            ("school", "s0")
        );

    private static async Task RolloverAsync(TestDistrict district, AdvancedSettings advanced, params RolloverPeriod[] periods) =>
        await district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
            {
                [TestDistrict.App] = new() { Type = "scripted", Advanced = advanced },
            },
            rollover: periods
        );

    private static async Task ShouldBeWhatTheSourceSaysAsync(TestDistrict district, Pupils made) =>
        (await district.RosterAsync()).ShouldBe(SlowReference.Derive(made.Source.Records, TestDistrict.Id, TestDistrict.App, ""), ignoreOrder: true);
}
