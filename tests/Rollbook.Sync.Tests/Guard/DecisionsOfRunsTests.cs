using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Guard;

/// <summary>What a person can do with a run that waits, and what happens to it without one (sync-safety.md sections 1 and 4).</summary>
public sealed class DecisionsOfRunsTests
{
    private static readonly AdvancedSettings Preview = new() { PreviewOfDataUpload = true, SyncHoldThreshold = 1 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_preview_nothing_is_there_before_it_is_accepted_and_no_limit_is_evaluated()
    {
        var made = new Pupils(40);
        await using var district = await TestDistrict.StartAsync([made.Source]);
        await Pupils.ConfigureAsync(district, Preview);

        var first = await district.ImportOnceAsync();
        first.State.ShouldBe("waiting");
        first.EndedAt.ShouldBeNull();
        (await district.Store.Roster.LatestAsync(Token)).ShouldBeNull();
        var shown = RunReport.FromJson(first.Report);
        shown.Changes[Kind.Student].Create.ShouldBe(40);
        shown.Read[Kind.Student].ShouldBe(40);
        (await ChangesAsync(district, first)).Count.ShouldBe(40);

        var accepted = await district.AcceptAsync(first);
        accepted.State.ShouldBe("published");
        var version = (await district.Store.Roster.LatestAsync(Token))!;
        (version.PublishedBy, version.Reason, version.Run).ShouldBe(("ada", "It is meant.", first.Number));
        RunReport.FromJson(accepted.Report).Decision.ShouldNotBeNull().IsAccepted.ShouldBeTrue();
        (await district.RosterAsync()).ShouldBe(SlowReference.Derive(made.Source.Records, TestDistrict.Id, TestDistrict.App, ""), ignoreOrder: true);
        (await ChangesAsync(district, first)).ShouldBeEmpty();

        // Half the pupils go: a limit would hold it, preview only waits.
        made.Remove(20);
        var second = await district.ImportOnceAsync();
        (second.State, RunReport.FromJson(second.Report).Holds.Count).ShouldBe(("waiting", 0));
        (await ChangesAsync(district, second)).ShouldAllBe(change =>
            change.Operation == Operation.Delete && change.Old != null && change.New == null
        );

        var declined = await district.DeclineAsync(second);
        declined.State.ShouldBe("declined");
        declined.EndedAt.ShouldNotBeNull();
        var decision = RunReport.FromJson(declined.Report).Decision.ShouldNotBeNull();
        (decision.IsAccepted, decision.By, decision.Reason).ShouldBe((false, "ada", "It is not meant."));
        (await district.Store.Roster.LatestAsync(Token))!.Number.ShouldBe(version.Number);
        await ShouldKeepNothingAsync(district, second);

        // The source still says so.
        (await district.ImportOnceAsync()).State.ShouldBe("waiting");
    }

    [Fact]
    public async Task A_later_clean_run_closes_a_held_one_and_one_over_the_limit_takes_its_place()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Remove(50);
        var first = await district.ImportOnceAsync();
        first.State.ShouldBe("held");

        var second = await district.ImportOnceAsync();
        second.State.ShouldBe("held");
        (await StateAsync(district, first)).ShouldBe("superseded");
        await ShouldKeepNothingAsync(district, first);

        for (var i = 0; i < 50; i++)
        {
            made.Add(i, school: 0);
        }

        made.Add(200, school: 0);
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        (await StateAsync(district, second)).ShouldBe("superseded");
        (await district.Store.Runs.UndecidedAsync(null, Token)).ShouldBeEmpty();
        (await RefusalAsync(district, second)).ShouldContain("does not wait");
    }

    [Fact]
    public async Task A_failed_import_leaves_a_held_run_waiting()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Remove(50);
        var held = await district.ImportOnceAsync();
        made.Source.Failure = (1, new SourceException(SourceFailure.Transient, CheckPart.Roster, "The connection was cut."));
        (await district.ImportOnceAsync()).State.ShouldBe("failed");

        (await district.AcceptAsync(held)).State.ShouldBe("published");
        (await TwoSchools.RowsAsync(district, Kind.Student)).Count.ShouldBe(50);
    }

    [Fact]
    public async Task Changes_that_wait_are_not_overtaken_by_later_changes()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Source.SendsChanges = true;
        made.Source.Only = [.. Enumerable.Range(1_000, 60).Select(number => (Collection.Users, Pupils.IdOf(number)))];
        for (var i = 0; i < 60; i++)
        {
            made.Add(1_000 + i, school: 0);
        }

        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        made.Add(2_000, school: 0);
        made.Source.Only = [(Collection.Users, Pupils.IdOf(2_000))];
        var later = await district.ImportOnceAsync();
        later.State.ShouldBe("failed");
        RunReport.FromJson(later.Report).Failure!.Message.ShouldContain($"Accept or decline run {held.Number}");

        (await district.AcceptAsync(held)).State.ShouldBe("published");
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        (await TwoSchools.RowsAsync(district, Kind.Student)).Count.ShouldBe(161);
    }

    [Fact]
    public async Task An_approval_publishes_what_was_read_then_and_not_what_the_source_says_since()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Remove(50);
        var held = await district.ImportOnceAsync();
        for (var i = 50; i < 100; i++)
        {
            made.Source.Records[Collection.Users].Remove(Pupils.IdOf(i));
        }

        (await district.AcceptAsync(held)).State.ShouldBe("published");
        (await TwoSchools.RowsAsync(district, Kind.Student)).Count.ShouldBe(50);
    }

    [Fact]
    public async Task When_the_configuration_has_moved_on_the_new_changes_are_asked_again()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Remove(50);
        var held = await district.ImportOnceAsync();
        var before = await district.RosterAsync();
        await Pupils.ConfigureAsync(district, new AdvancedSettings { SisIdPrefix = "N-" });

        var again = await district.AcceptAsync(held);

        again.State.ShouldBe("held");
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
        var (old, now) = (RunReport.FromJson(held.Report), RunReport.FromJson(again.Report));
        now.ChangeHash.ShouldNotBe(old.ChangeHash);
        now.Decision.ShouldBeNull();
        now.Notices[0].ShouldContain("look at them once more");
        (await RefusalAsync(district, again, old.ChangeHash)).ShouldContain("others now");
        (await ChangesAsync(district, again)).Count.ShouldBe(150);

        (await district.AcceptAsync(again)).State.ShouldBe("published");
        (await TwoSchools.RowsAsync(district, Kind.Student)).ShouldAllBe(pupil => pupil.SisId.StartsWith("N-", StringComparison.Ordinal));
        (await TwoSchools.RowsAsync(district, Kind.Student)).Count.ShouldBe(50);
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task When_another_app_has_published_meanwhile_the_same_changes_stay_approved()
    {
        var made = new Pupils(100);
        var other = new ScriptedSource(new Random(2)) { Type = "other" };
        other.Records[Collection.Orgs]["o"] = TwoSchools.Organisation("o", "Other", "school");
        await using var district = await TestDistrict.StartAsync([made.Source, other]);
        await district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>
            {
                [TestDistrict.App] = new() { Type = "scripted" },
                ["other"] = new() { Type = "other" },
            }
        );
        await district.ImportOnceAsync();
        made.Remove(50);
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        (await district.ImportOnceAsync("other")).State.ShouldBe("published");

        var accepted = await district.AcceptAsync(held);

        (accepted.State, accepted.Version).ShouldBe(("published", 3));
    }

    [Fact]
    public async Task A_publication_that_is_cut_off_waits_again()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Remove(50);
        var held = await district.ImportOnceAsync();
        foreach (var state in new[] { "deriving", "publishing" })
        {
            // As a program leaves it that dies there.
            (await district.Store.Runs.MoveAsync(held.Number, "held", state, report: null, endedAt: null, Token)).ShouldBeTrue();
            await district.Imports.RecoverAsync(Token);
            (await StateAsync(district, held)).ShouldBe("held");
        }

        (await district.AcceptAsync(held)).State.ShouldBe("published");
    }

    [Fact]
    public async Task A_publication_that_a_person_stops_waits_again_and_can_be_accepted_once_more()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Remove(50);
        var held = await district.ImportOnceAsync();
        (await district.Store.Runs.RequestCancelAsync(held.Number, Token)).ShouldBeFalse();
        await using (var busy = (await district.Store.TryLockAsync("import", Token))!)
        {
            (
                await district.Imports.AcceptAsync(TestDistrict.Id, held.Number, null, "ada", "It is meant.", Token)
            ).ShouldBeOfType<StartResult.Started>();
            (await district.Imports.CancelAsync(TestDistrict.Id, held.Number, Token)).ShouldBeTrue();
            await district.Imports.WaitAsync(TestDistrict.Id, held.Number, Token);
        }

        (await StateAsync(district, held)).ShouldBe("held");
        (await district.Store.Runs.IsCancelRequestedAsync(held.Number, Token)).ShouldBeFalse();
        var published = await district.AcceptAsync(held);
        published.State.ShouldBe("published");
        RunReport.FromJson(published.Report).Notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_program_that_died_left_to_wait_is_closed_by_the_next_look()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Remove(50);
        var held = await district.ImportOnceAsync();

        // As a program leaves it that dies between a newer run's end and closing the older.
        var newer = await district.Store.Runs.AddAsync(TestDistrict.App, "command", "test", 1, TimeProvider.System.GetUtcNow(), Token);
        await district.Store.Runs.MoveAsync(newer.Number, "queued", "unchanged", "{}", TimeProvider.System.GetUtcNow(), Token);

        (await RefusalAsync(district, held)).ShouldContain("does not wait");
        (await StateAsync(district, held)).ShouldBe("superseded");
    }

    [Fact]
    public async Task Nobody_decides_without_a_reason_or_twice_or_stops_what_only_waits()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Remove(50);
        var held = await district.ImportOnceAsync();
        (await district.Imports.AcceptAsync(TestDistrict.Id, held.Number, null, "ada", "  ", Token)).ShouldBeOfType<StartResult.Refused>();
        (await district.Imports.DeclineAsync(TestDistrict.Id, held.Number, null, "ada", new string('x', 501), Token)).ShouldNotBeNull();
        (await district.Imports.AcceptAsync(TestDistrict.Id, 77, null, "ada", "Why not", Token)).ShouldBe(
            new StartResult.Refused("There is no run 77.")
        );
        (await district.Imports.CancelAsync(TestDistrict.Id, held.Number, Token)).ShouldBeFalse();

        var both = await Task.WhenAll(
            district.Imports.AcceptAsync(TestDistrict.Id, held.Number, null, "ada", "It is meant.", Token),
            district.Imports.AcceptAsync(TestDistrict.Id, held.Number, null, "bo", "It is meant.", Token)
        );
        both.Count(result => result is StartResult.Started).ShouldBe(1);
        await district.Imports.WaitAsync(TestDistrict.Id, held.Number, Token);
        (await StateAsync(district, held)).ShouldBe("published");
        (await district.Imports.DeclineAsync(TestDistrict.Id, held.Number, null, "ada", "Too late", Token))
            .ShouldNotBeNull()
            .ShouldContain("does not wait");
    }

    private static async Task<string> StateAsync(TestDistrict district, RunRecord run) =>
        (await district.Store.Runs.GetAsync(run.Number, Token))!.State;

    private static async Task<string> RefusalAsync(TestDistrict district, RunRecord run, string? hash = null) =>
        (await district.Imports.AcceptAsync(TestDistrict.Id, run.Number, hash, "ada", "It is meant.", Token))
            .ShouldBeOfType<StartResult.Refused>()
            .Message;

    private static Task<IReadOnlyList<PublishedChange>> ChangesAsync(TestDistrict district, RunRecord run) =>
        district.Store.Staged.ChangesAsync(run.Number, Kind.Student, operation: null, school: null, after: null, 1_000, Token);

    private static async Task ShouldKeepNothingAsync(TestDistrict district, RunRecord run)
    {
        (await ChangesAsync(district, run)).ShouldBeEmpty();
        await foreach (var _ in district.Store.Uploads.ReadIndexAsync(run.Number, Collection.Users, Token))
        {
            throw new InvalidOperationException("What the run read is still kept.");
        }
    }
}
