using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.Tests.Guard;

namespace Rollbook.Sync.Tests.Rollbacks;

/// <summary>The way back, and what the imports after it are told (sync-safety.md section 7).</summary>
public sealed class RollbackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rollback_is_shown_before_it_is_published_and_brings_the_old_content_back_as_a_new_version()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync();
        var first = await district.RosterAsync();
        made.Add(100, school: 0);
        made.Remove(3);
        (await district.ImportAsync()).Version.ShouldBe(2);
        var second = await district.RosterAsync();

        var waiting = await district.StartRollbackAsync(1);

        (waiting.State, waiting.App, waiting.EndedAt).ShouldBe(("waiting", RunRecord.NoApp, null));
        (await district.RosterAsync()).ShouldBe(second, ignoreOrder: true);
        var shown = RunReport.FromJson(waiting.Report);
        var counts = shown.Changes[Kind.Student];
        (counts.Create, counts.Delete, counts.Update, counts.Unchanged).ShouldBe((3, 1, 0, 37));
        (await district.Store.Staged.ChangesAsync(waiting.Number, Kind.Student, null, null, null, 100, Token)).Count.ShouldBe(4);

        var accepted = await district.AcceptAsync(waiting);

        (accepted.State, accepted.Version).ShouldBe(("published", 3));
        (await district.RosterAsync()).ShouldBe(first, ignoreOrder: true);
        var version = (await district.Store.Roster.LatestAsync(Token))!;
        (version.Restored, version.Reason, version.PublishedBy).ShouldBe((1, "The night's data was wrong.", "ada"));
        (await district.RosterAsync(2)).ShouldBe(second, ignoreOrder: true);
        (await district.Store.Staged.CountsAsync(waiting.Number, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_next_import_is_told_and_waits_and_a_declined_one_leaves_the_rollback_in_force()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync();
        var first = await district.RosterAsync();
        made.Remove(3);
        await district.ImportAsync();
        await district.RollBackAsync(1);
        (await district.Store.SetAside.PendingAsync(Token))!.Number.ShouldBe(3);

        // The source says the same as before the rollback: without a person it would undo it overnight.
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        var hold = RunReport.FromJson(held.Report).Holds.ShouldHaveSingleItem();
        (hold.Limit, hold.Kind, hold.Count).ShouldBe(("rollback", Kind.Student, 3));
        hold.Message.ShouldContain("Version 3 rolled the roster back to version 1.");
        (await district.DeclineAsync(held)).State.ShouldBe("declined");
        (await district.RosterAsync()).ShouldBe(first, ignoreOrder: true);

        made.Add(50, school: 0);
        var again = await district.ImportOnceAsync();
        again.State.ShouldBe("held");
        RunReport.FromJson(again.Report).Changes[Kind.Student].ShouldBe(new ChangeCounts(Create: 1, Delete: 3, Unchanged: 37));
        (await district.AcceptAsync(again)).State.ShouldBe("published");
        await ShouldBeDerivedAsync(district, made);
        (await district.Store.SetAside.PendingAsync(Token)).ShouldBeNull();

        // It is over: what follows is an ordinary import again.
        made.Add(51, school: 0);
        (await district.ImportOnceAsync()).State.ShouldBe("published");
    }

    [Fact]
    public async Task An_import_that_says_what_the_rollback_brought_back_needs_nobody()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync();
        var gone = made.Source.Records[Collection.Users].Take(3).ToList();
        made.Remove(3);
        await district.ImportAsync();
        await district.RollBackAsync(1);
        foreach (var (id, user) in gone)
        {
            made.Source.Records[Collection.Users][id] = user;
        }

        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");

        (await district.Store.SetAside.PendingAsync(Token)).ShouldBeNull();
        await ShouldBeDerivedAsync(district, made);
        made.Add(50, school: 0);
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        await ShouldBeDerivedAsync(district, made);
    }

    [Fact]
    public async Task Rolling_a_rollback_back_ends_it()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync();
        made.Remove(3);
        await district.ImportAsync();
        var second = await district.RosterAsync();
        await district.RollBackAsync(1);

        (await district.RollBackAsync(2)).Version.ShouldBe(4);

        (await district.RosterAsync()).ShouldBe(second, ignoreOrder: true);
        (await district.Store.SetAside.PendingAsync(Token)).ShouldBeNull();
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
        (await district.RollBackAsync(2)).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task In_preview_the_import_after_a_rollback_waits_and_says_so()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync();
        made.Remove(3);
        await district.ImportAsync();
        await district.RollBackAsync(1);
        await Pupils.ConfigureAsync(district, new AdvancedSettings { PreviewOfDataUpload = true });

        var waiting = await district.ImportOnceAsync();

        var report = RunReport.FromJson(waiting.Report);
        (waiting.State, report.Holds.Count).ShouldBe(("waiting", 0));
        report.Notices.ShouldContain(notice => notice.StartsWith("Version 3 rolled the roster back", StringComparison.Ordinal));
        (await district.AcceptAsync(waiting)).State.ShouldBe("published");
        await ShouldBeDerivedAsync(district, made);
    }

    [Fact]
    public async Task What_was_approved_before_the_roster_moved_on_is_asked_again()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Add(200, school: 0);
        await district.ImportAsync();
        var rollback = await district.StartRollbackAsync(1);
        made.Remove(60);
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");

        // The rollback was shown against version 2, and there is a version 3 now.
        var accepted = await district.AcceptAsync(held);
        accepted.Version.ShouldBe(3);
        var again = await district.AcceptAsync(rollback);
        again.State.ShouldBe("waiting");
        RunReport.FromJson(again.Report).Notices[0].ShouldContain("look at them once more");
        (await district.AcceptAsync(again)).Version.ShouldBe(4);
        (await TwoSchools.RowsAsync(district, Kind.Student)).Count.ShouldBe(100);
    }

    [Fact]
    public async Task A_run_that_was_held_before_a_rollback_is_asked_again_after_it()
    {
        var made = new Pupils(100);
        await using var district = await made.ImportedAsync();
        made.Add(200, school: 0);
        await district.ImportAsync();
        made.Remove(60);
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        await district.RollBackAsync(1);

        var again = await district.AcceptAsync(held);

        again.State.ShouldBe("held");
        RunReport.FromJson(again.Report).Holds[0].Limit.ShouldBe("rollback");
        (await district.AcceptAsync(again)).State.ShouldBe("published");
        await ShouldBeDerivedAsync(district, made);
    }

    [Fact]
    public async Task A_newer_rollback_takes_the_place_of_one_that_waits_and_a_declined_one_changes_nothing()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync();
        made.Remove(1);
        await district.ImportAsync();
        made.Add(50, school: 0);
        await district.ImportAsync();
        var before = await district.RosterAsync();
        var older = await district.StartRollbackAsync(1);
        var newer = await district.StartRollbackAsync(2);
        (await district.Store.Runs.GetAsync(older.Number, Token))!.State.ShouldBe("superseded");

        (await district.DeclineAsync(newer)).State.ShouldBe("declined");
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task What_can_t_be_rolled_back_to_is_refused()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync();
        made.Remove(1);
        await district.ImportAsync();
        (await RefusalAsync(district, 7)).ShouldContain("There is no version 7.");
        await district.Store.Roster.PurgeAsync(2, Token);
        (await RefusalAsync(district, 1)).ShouldContain("Version 1 was purged");
        (await district.Imports.StartRollbackAsync(TestDistrict.Id, 2, "command", "ada", " ", Token)).ShouldBeOfType<StartResult.Refused>();
    }

    [Fact]
    public async Task A_rollback_whose_version_is_purged_while_it_waits_says_so_and_waits()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync();
        made.Remove(1);
        await district.ImportAsync();
        var waiting = await district.StartRollbackAsync(1);
        await district.Store.Roster.PurgeAsync(2, Token);
        (await district.Imports.AcceptAsync(TestDistrict.Id, waiting.Number, null, "ada", "It is meant.", Token))
            .ShouldBeOfType<StartResult.Refused>()
            .Message.ShouldContain("Version 1 was purged");
        (await district.DeclineAsync(waiting)).State.ShouldBe("declined");
    }

    [Fact]
    public async Task An_approved_rollback_that_is_cut_off_waits_again()
    {
        var made = new Pupils(40);
        await using var district = await made.ImportedAsync();
        made.Remove(1);
        await district.ImportAsync();
        var waiting = await district.StartRollbackAsync(1);
        foreach (var state in new[] { "deriving", "publishing" })
        {
            (await district.Store.Runs.MoveAsync(waiting.Number, "waiting", state, report: null, endedAt: null, Token)).ShouldBeTrue();
            await district.Imports.RecoverAsync(Token);
            (await district.Store.Runs.GetAsync(waiting.Number, Token))!.State.ShouldBe("waiting");
        }

        (await district.AcceptAsync(waiting)).State.ShouldBe("published");
    }

    [Fact]
    public async Task An_approval_of_a_run_and_a_rollback_at_the_same_moment_are_one_after_the_other()
    {
        for (var round = 0; round < 5; round++)
        {
            var made = new Pupils(60);
            await using var district = await made.ImportedAsync();
            var first = await district.RosterAsync();
            made.Add(200, school: 0);
            await district.ImportAsync();
            made.Remove(30);
            var held = await district.ImportOnceAsync();
            var rollback = await district.StartRollbackAsync(1);

            await Task.WhenAll(AcceptAsync(held), AcceptAsync(rollback));

            // The first is published; what the other one was shown holds no longer then, so it waits again.
            var (import, back) = (
                (await district.Store.Runs.GetAsync(held.Number, Token))!,
                (await district.Store.Runs.GetAsync(rollback.Number, Token))!
            );
            new[] { import, back }.Count(RunStates.IsUndecided).ShouldBe(1);
            (await district.Store.Roster.LatestAsync(Token))!.Number.ShouldBe(3);
            if (back.Version is not null)
            {
                (await district.RosterAsync()).ShouldBe(first, ignoreOrder: true);
                await district.AcceptAsync(import);
            }

            if (import.Version is not null || back.Version is not null)
            {
                await ShouldBeDerivedAsync(district, made);
            }

            async Task AcceptAsync(RunRecord run)
            {
                (
                    await district.Imports.AcceptAsync(TestDistrict.Id, run.Number, RunReport.FromJson(run.Report).ChangeHash, "ada", "Meant", Token)
                ).ShouldBe(new StartResult.Started(run.Number));
                await district.Imports.WaitAsync(TestDistrict.Id, run.Number, Token);
            }
        }
    }

    private static async Task<string> RefusalAsync(TestDistrict district, int version) =>
        (await district.Imports.StartRollbackAsync(TestDistrict.Id, version, "command", "ada", "Wrong", Token))
            .ShouldBeOfType<StartResult.Refused>()
            .Message;

    private static async Task ShouldBeDerivedAsync(TestDistrict district, Pupils made) =>
        (await district.RosterAsync()).ShouldBe(SlowReference.Derive(made.Source.Records, TestDistrict.Id, TestDistrict.App, ""), ignoreOrder: true);
}
