using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Runs;
using static Rollbook.Telling.Tests.TellingBed;

namespace Rollbook.Telling.Tests;

/// <summary>What is told of runs, and that it is told once.</summary>
public sealed class TellerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_that_fails_each_night_is_told_at_the_first_failure_and_when_it_recovers()
    {
        await using var bed = await StartAsync();
        await bed.RunAsync(RunState.Published);
        for (var night = 0; night < 5; night++)
        {
            await bed.RunAsync(RunState.Failed, Failed());
            bed.Time.Advance(TimeSpan.FromDays(1));
        }

        await bed.RunAsync(RunState.Cancelled);
        (await bed.ToldAsync()).ShouldBe(["failed 2"]);
        await bed.RunAsync(RunState.Unchanged);
        await bed.RunAsync(RunState.Published);
        await bed.RunAsync(RunState.Failed, Failed());
        (await bed.ToldAsync()).ShouldBe(["failed 2", "recovered 8", "failed 10"]);

        var first = (await bed.Store.Notifications.ListAsync(null, null, null, 10, Token))[^1];
        first.Title.ShouldBe("An import of Synergy failed");
        first.Details.ShouldBe(["The client secret is wrong. Enter it again.", "You are told once, and when it works again."]);
    }

    [Fact]
    public async Task A_source_that_cannot_be_reached_is_another_trouble_than_an_import_that_fails()
    {
        await using var bed = await StartAsync();
        await bed.RunAsync(RunState.Failed, Unreached());
        await bed.RunAsync(RunState.Failed, Failed());
        await bed.RunAsync(RunState.Failed, Unreached());
        (await bed.ToldAsync()).ShouldBe(["connectivityLost 1", "failed 2"]);

        // Held: the source answers, but nothing has been published yet.
        await bed.RunAsync(RunState.Held, Held("a"));
        (await bed.ToldAsync())[2..].ShouldBe(["connectivityRestored 4", "held 4"]);
        await bed.MoveAsync(4, "held", RunState.Published, Held("a"));
        (await bed.ToldAsync())[4..].ShouldBe(["recovered 4"]);
    }

    [Fact]
    public async Task A_run_that_waited_since_before_the_trouble_does_not_end_it()
    {
        await using var bed = await StartAsync();
        await bed.RunAsync(RunState.Held, Held("a"));
        bed.Time.Advance(TimeSpan.FromDays(1));
        await bed.RunAsync(RunState.Failed, Unreached());
        await bed.RunAsync(RunState.Failed, Failed());
        (await bed.ToldAsync()).ShouldBe(["held 1", "connectivityLost 2", "failed 3"]);

        // Its changes are others now, and then somebody accepts it: nothing was read.
        bed.Time.Advance(TimeSpan.FromDays(1));
        await bed.MoveAsync(1, "held", RunState.Held, Held("b", 601));
        await bed.NewTeller().LookAsync(bed.Store, Token);
        await bed.MoveAsync(1, "held", RunState.Published, Held("b", 601));
        (await bed.ToldAsync())[3..].ShouldBe(["held 1"]);

        await bed.RunAsync(RunState.Unchanged);
        (await bed.ToldAsync())[4..].ShouldBe(["connectivityRestored 4", "recovered 4"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("guard", true)]
    [InlineData("disk", true)]
    [InlineData("program", true)]
    [InlineData("host", false)]
    public async Task Only_a_source_that_may_answer_later_is_a_connectivity_problem(string part, bool retry)
    {
        await using var bed = await StartAsync();
        await bed.RunAsync(RunState.Failed, Failed("No.", part, retry));
        (await bed.ToldAsync()).ShouldBe(["failed 1"]);
    }

    [Fact]
    public async Task Apps_have_troubles_of_their_own()
    {
        await using var bed = await StartAsync();
        await bed.RunAsync(RunState.Failed, Failed());
        await bed.RunAsync(RunState.Failed, Failed(), app: "directory");
        await bed.RunAsync(RunState.Published);
        (await bed.ToldAsync()).ShouldBe(["failed 1", "failed 2", "recovered 3"]);
    }

    [Fact]
    public async Task A_rollback_is_nobodys_trouble_and_the_import_held_after_it_is_told()
    {
        await using var bed = await StartAsync();
        var rollback = new RunReport { Purpose = RunPurpose.Rollback, Rollback = new RollbackWish(1, "It is meant.") };
        await bed.RunAsync(RunState.Waiting, rollback, RunRecord.NoApp);
        await bed.RunAsync(RunState.Failed, rollback, RunRecord.NoApp);
        await bed.RunAsync(RunState.Held, Held("a", limit: "rollback"));
        (await bed.ToldAsync()).ShouldBe(["held 3"]);
    }

    [Fact]
    public async Task A_run_that_only_follows_another_app_is_no_recovery_of_the_source()
    {
        await using var bed = await StartAsync();
        await bed.RunAsync(RunState.Failed, Failed());
        await bed.RunAsync(RunState.Published, new RunReport { Purpose = RunPurpose.Uniting });
        (await bed.ToldAsync()).ShouldBe(["failed 1"]);
    }

    [Fact]
    public async Task A_held_run_that_takes_the_place_of_another_is_told_for_other_reasons_or_on_another_day()
    {
        await using var bed = await StartAsync();
        await bed.RunAsync(RunState.Held, Held("a", 600));
        bed.Time.Advance(TimeSpan.FromHours(1));
        await HeldInPlaceAsync(1, Held("b", 601));
        (await bed.ToldAsync()).ShouldBe(["held 1"]);
        await HeldInPlaceAsync(2, Held("c", 900, "update"));
        (await bed.ToldAsync()).ShouldBe(["held 1", "held 3"]);

        // 10:00 in UTC and 23 hours more is the same date there, and the next one in the district.
        bed.Time.Advance(TimeSpan.FromHours(22));
        await HeldInPlaceAsync(3, Held("d", 900, "update"));
        (await bed.ToldAsync()).ShouldBe(["held 1", "held 3", "held 4"]);

        // One that a person decided is over: the next one is news.
        await bed.MoveAsync(4, "held", RunState.Declined, Held("d", 900, "update"));
        await bed.RunAsync(RunState.Held, Held("e", 900, "update"));
        (await bed.ToldAsync())[3..].ShouldBe(["held 5"]);

        // The same run, back with other figures for the same reasons, after an approval that came too late.
        await bed.MoveAsync(5, "held", RunState.Deriving, Held("e", 900, "update"));
        await bed.MoveAsync(5, "deriving", RunState.Held, Held("f", 901, "update"));
        (await bed.ToldAsync()).Length.ShouldBe(4);

        async Task HeldInPlaceAsync(long earlier, RunReport report)
        {
            var run = await bed.RunAsync(RunState.Held, report, look: false);
            await bed.MoveAsync(earlier, "held", RunState.Superseded, report);
            run.ShouldBe(earlier + 1);
        }
    }

    [Fact]
    public async Task A_run_that_waits_again_though_no_limit_was_reached_is_told_with_its_reason()
    {
        await using var bed = await StartAsync();
        const string Why = "Since the changes were shown, the roster has moved on. Nothing was published: look at them once more.";
        await bed.RunAsync(
            RunState.Held,
            new RunReport
            {
                WaitsAs = RunState.Held,
                ChangeHash = "a",
                Notices = ["12 records had no ID.", Why],
            }
        );
        var told = (await bed.Store.Notifications.ListAsync(null, null, null, 10, Token)).ShouldHaveSingleItem();
        told.Details[0].ShouldBe(Why);
    }

    [Fact]
    public async Task A_preview_is_told_with_its_counts()
    {
        await using var bed = await StartAsync();
        await bed.RunAsync(
            RunState.Waiting,
            new RunReport
            {
                WaitsAs = RunState.Waiting,
                ChangeHash = "a",
                Changes = new Dictionary<Kind, ChangeCounts> { [Kind.Student] = new(Create: 1_234, Update: 2, Delete: 3, Rekey: 1, Unchanged: 9) },
            }
        );
        var told = (await bed.Store.Notifications.ListAsync(null, null, null, 10, Token)).ShouldHaveSingleItem();
        told.Title.ShouldBe("An import of Synergy waits for a preview");
        told.Details[0].ShouldBe("It would make these changes: students 1,234 created, 3 updated, 3 deleted.");
    }

    [Fact]
    public async Task Nothing_is_lost_and_nothing_told_twice_when_the_program_dies_and_another_one_goes_on()
    {
        await using var bed = await StartAsync();
        await bed.RunAsync(RunState.Held, Held("a"), look: false);
        await bed.RunAsync(RunState.Reading, look: false);
        for (var again = 0; again < 3; again++)
        {
            await bed.NewTeller().LookAsync(bed.Store, Token);
        }

        (await bed.ToldAsync()).ShouldBe(["held 1"]);

        // It was at work when the program died; the next start ends it, and another program tells.
        await bed.MoveAsync(2, "reading", RunState.Failed, Failed(), look: false);
        await bed.MoveAsync(1, "held", RunState.Superseded, Held("a"), look: false);
        await bed.NewTeller().LookAsync(bed.Store, Token);
        await bed.NewTeller().LookAsync(bed.Store, Token);
        (await bed.ToldAsync()).ShouldBe(["held 1", "failed 2"]);
        (await bed.Store.Notifications.ToldAsync(Token)).Followed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_servers_that_look_at_the_same_moment_tell_each_event_once(bool postgres)
    {
        await using var bed = await StartAsync(new TellingOptions { Mail = Email.MailSettings.Any }, postgres);
        await bed.AddPersonAsync("primary@riverside.example", Role.PrimaryDistrictAdmin);
        var other = await bed.AnotherAsync();
        for (var i = 0; i < 6; i++)
        {
            await bed.RunAsync(RunState.Failed, Failed(), look: false);
            await bed.RunAsync(RunState.Published, look: false);
            await Task.WhenAll(
                Task.Run(() => bed.Teller.LookAsync(bed.Store, Token), Token),
                Task.Run(() => other.Teller.LookAsync(other.Store, Token), Token)
            );
        }

        await bed.Teller.LookAsync(bed.Store, Token);
        (await bed.ToldAsync()).ShouldBe(Enumerable.Range(0, 6).SelectMany(i => new[] { $"failed {(2 * i) + 1}", $"recovered {(2 * i) + 2}" }));
        (await bed.Store.Notifications.DueAsync(DeliveryChannel.Email, bed.Time.GetUtcNow(), 100, Token)).Count.ShouldBe(12);
    }

    [Fact]
    public async Task More_runs_than_are_looked_at_at_once_are_all_told()
    {
        await using var bed = await StartAsync();
        for (var i = 0; i < 205; i++)
        {
            await bed.RunAsync(RunState.Published, look: false);
        }

        await bed.RunAsync(RunState.Failed, Failed());
        (await bed.ToldAsync()).ShouldBe(["failed 206"]);
    }

    [Fact]
    public async Task A_schedule_that_has_ended_is_told_once_and_again_when_another_end_has_come()
    {
        await using var bed = await StartAsync();
        await EndAsync(new DateOnly(2026, 11, 24), new TimeOnly(2, 0));

        // 2:00 in Los Angeles is 10:00 here, which has just come; the last time of the schedule is at 6:00.
        await EndAsync(new DateOnly(2026, 11, 24), new TimeOnly(6, 0));
        (await bed.ToldAsync()).ShouldBe(["scheduleEnded"]);
        bed.Time.Advance(TimeSpan.FromHours(5));
        await bed.Teller.LookAsync(bed.Store, Token);
        await bed.NewTeller().LookAsync(bed.Store, Token);
        (await bed.ToldAsync()).ShouldBe(["scheduleEnded"]);

        await EndAsync(new DateOnly(2026, 11, 26), new TimeOnly(6, 0));
        (await bed.ToldAsync()).Length.ShouldBe(1);
        bed.Time.Advance(TimeSpan.FromDays(3));
        await bed.Teller.LookAsync(bed.Store, Token);
        (await bed.ToldAsync()).Length.ShouldBe(2);

        // One that ended long ago is no news to a program that is new.
        await EndAsync(new DateOnly(2026, 10, 1), new TimeOnly(6, 0));
        (await bed.ToldAsync()).Length.ShouldBe(2);
        (await bed.Store.Notifications.ListAsync(null, null, null, 1, Token))[0].Details[0].ShouldContain("2026-11-26");

        async Task EndAsync(DateOnly until, TimeOnly at)
        {
            await bed.ConfigureAsync(district =>
                district.With(
                    App,
                    district.Apps[App] with
                    {
                        Schedule = new SyncSchedule { Times = [at], Until = until },
                    }
                )
            );
            await bed.Teller.LookAsync(bed.Store, Token);
        }
    }

    [Fact]
    public async Task Each_person_gets_by_email_what_was_chosen_and_a_primary_admin_who_has_not_chosen_the_urgent_ones()
    {
        await using var bed = await StartAsync(new TellingOptions { Mail = Email.MailSettings.Any });
        var primary = await bed.AddPersonAsync("primary@riverside.example", Role.PrimaryDistrictAdmin);
        var silent = await bed.AddPersonAsync("silent@riverside.example", Role.PrimaryDistrictAdmin);
        var viewer = await bed.AddPersonAsync("viewer@riverside.example", Role.Viewer);
        await bed.AddPersonAsync("admin@riverside.example", Role.DistrictAdmin);
        await bed.AddPersonAsync("operator@riverside.example", Role.Operator);
        await bed.Store.Notifications.ChooseAsync(silent, EmailChoice.All.ToDictionary(choice => choice.Key, _ => false), Token);
        await bed.Store.Notifications.ChooseAsync(viewer, new Dictionary<string, bool> { ["failed"] = true, ["schedule"] = true }, Token);

        await bed.RunAsync(RunState.Failed, Failed());
        await bed.RunAsync(RunState.Held, Held("a"));
        await bed.ConfigureAsync(district =>
            district.With(
                App,
                district.Apps[App] with
                {
                    Schedule = new SyncSchedule { Times = [new TimeOnly(1, 0)], Until = new DateOnly(2026, 11, 24) },
                }
            )
        );
        await bed.Teller.LookAsync(bed.Store, Token);
        var due = await bed.Store.Notifications.DueAsync(DeliveryChannel.Email, bed.Time.GetUtcNow(), 100, Token);
        due.Select(each => (each.Notification.Topic, each.Recipient))
            .ShouldBe([("failed", primary), ("failed", viewer), ("held", primary), ("scheduleEnded", viewer)], ignoreOrder: true);
    }
}
