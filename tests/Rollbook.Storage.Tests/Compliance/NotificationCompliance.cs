namespace Rollbook.Storage.Tests;

/// <summary>Notifications, what people chose and have read, and the outbox.</summary>
public abstract class NotificationCompliance(TestBed bed)
{
    private static readonly DateTimeOffset Noon = Publishing.Noon;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_told_is_listed_newest_first_by_app_and_topic()
    {
        var store = (await bed.NewDistrictAsync()).Notifications;
        (
            await store.TellAsync(
                [New("held/1", run: 1), New("failed/2", "failed", "directory", run: 2), New("ended/x", "scheduleEnded")],
                null,
                Token
            )
        ).ShouldBe(3);
        var all = await store.ListAsync(null, null, null, 10, Token);
        all.Select(each => each.Number).ShouldBe([3, 2, 1]);
        (all[2] with { Details = [] }).ShouldBe(new Notification(1, "held", "synergy", 1, Noon, "An import is held", [], "delete/student/source/"));
        all[2].Details.ShouldBe(["37 of 361 students", "“Ünïcödé”"]);
        all[0].Run.ShouldBeNull();
        (await store.ListAsync("synergy", null, null, 10, Token)).Select(each => each.Number).ShouldBe([3, 1]);
        (await store.ListAsync(null, ["held", "failed"], null, 10, Token)).Select(each => each.Number).ShouldBe([2, 1]);
        (await store.ListAsync("synergy", ["failed"], null, 10, Token)).ShouldBeEmpty();
        (await store.ListAsync(null, null, 3, 1, Token)).Select(each => each.Number).ShouldBe([2]);
    }

    [Fact]
    public async Task The_same_event_is_told_once_however_many_tell_it_at_once()
    {
        var district = await bed.NewDistrictAsync();
        await using var other = bed.OpenInstallation();
        var stores = new[] { district.Notifications, (await other.OpenAsync(district.District.Id, Token))!.Notifications };
        var told = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i => Task.Run(() => stores[i % 2].TellAsync([New("held/1"), New($"own/{i}")], new ToldRuns(7, [5, 6]), Token), Token))
        );
        told.Sum().ShouldBe(13);
        (await district.Notifications.ListAsync(null, null, null, 100, Token)).Count.ShouldBe(13);

        // What would be sent of it is there once as well.
        (await district.Notifications.DueAsync(DeliveryChannel.Email, Noon, 100, Token)).Count.ShouldBe(13);
        (await district.Notifications.ToldAsync(Token)).ShouldSatisfyAllConditions(
            runs => runs.Newest.ShouldBe(7),
            runs => runs.Followed.ShouldBe([5L, 6L])
        );
    }

    [Fact]
    public async Task A_district_begins_with_its_first_run_and_the_runs_after_one_come_oldest_first()
    {
        var district = await bed.NewDistrictAsync();
        var begin = await district.Notifications.ToldAsync(Token);
        begin.Newest.ShouldBe(0);
        begin.Followed.ShouldBeEmpty();
        for (var i = 0; i < 4; i++)
        {
            await district.Runs.AddAsync("synergy", "command", "ada", 1, Noon, Token);
        }

        (await district.Runs.AfterAsync(1, 2, Token)).Select(run => run.Number).ShouldBe([2, 3]);
        (await district.Runs.AfterAsync(4, 2, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_person_chooses_and_reads_apart_from_others()
    {
        var store = (await bed.NewDistrictAsync()).Notifications;
        await store.ChooseAsync("ada", new Dictionary<string, bool> { ["held"] = true, ["failed"] = false }, Token);
        await store.ChooseAsync("ada", new Dictionary<string, bool> { ["held"] = false }, Token);
        await store.ChooseAsync("bo", new Dictionary<string, bool> { ["held"] = true }, Token);
        (await store.ChoicesAsync(Token)).ShouldBe(
            new Dictionary<(string, string), bool>
            {
                [("ada", "held")] = false,
                [("ada", "failed")] = false,
                [("bo", "held")] = true,
            },
            ignoreOrder: true
        );

        await store.TellAsync([New("a"), New("b"), New("c", at: Noon.AddDays(-40))], null, Token);
        (await store.UnreadAsync("ada", Noon.AddDays(-30), Token)).ShouldBe(2);
        (await store.UnreadAsync("ada", Noon.AddDays(-50), Token)).ShouldBe(3);
        await store.MarkReadAsync("ada", 2, Token);
        await store.MarkReadAsync("ada", 1, Token);
        (await store.ReadUpToAsync("ada", Token)).ShouldBe(2);
        (await store.UnreadAsync("ada", Noon.AddDays(-50), Token)).ShouldBe(1);
        (await store.ReadUpToAsync("bo", Token)).ShouldBe(0);
        (await store.UnreadAsync("bo", Noon.AddDays(-50), Token)).ShouldBe(3);
    }

    [Fact]
    public async Task A_delivery_is_due_until_it_is_sent_or_given_up()
    {
        var store = (await bed.NewDistrictAsync()).Notifications;
        (await store.LastTriedAsync(DeliveryChannel.Webhook, Token)).ShouldBeNull();
        await store.TellAsync([New("a", run: 1), New("b", run: 2)], null, Token);
        (await store.DueAsync(DeliveryChannel.Email, Noon.AddSeconds(-1), 10, Token)).ShouldBeEmpty();
        var due = await store.DueAsync(DeliveryChannel.Email, Noon, 10, Token);
        due.Select(each => (each.Recipient, each.Notification.Run, each.Attempts)).ShouldBe([("ada", 1L, 0), ("ada", 2L, 0)]);
        var call = (await store.DueAsync(DeliveryChannel.Webhook, Noon, 1, Token)).ShouldHaveSingleItem();
        call.Recipient.ShouldBeEmpty();

        await store.PutOffAsync(due[0].Number, "The mail server can't be reached.", Noon, Noon.AddMinutes(1), Token);
        (await store.DueAsync(DeliveryChannel.Email, Noon, 10, Token)).Select(each => each.Number).ShouldBe([due[1].Number]);
        var again = (await store.DueAsync(DeliveryChannel.Email, Noon.AddMinutes(1), 1, Token)).ShouldHaveSingleItem();
        (again.Attempts, again.Trouble, again.IsSent, again.SettledAt).ShouldBe((1, "The mail server can't be reached.", false, null));

        await store.SentAsync(due[0].Number, Noon.AddMinutes(1), Token);
        await store.PutOffAsync(due[1].Number, "No.", Noon.AddMinutes(2), null, Token);
        (await store.DueAsync(DeliveryChannel.Email, Noon.AddYears(1), 10, Token)).ShouldBeEmpty();

        // What is settled stays so.
        await store.PutOffAsync(due[0].Number, "Late.", Noon, Noon.AddMinutes(9), Token);
        await store.SentAsync(due[1].Number, Noon, Token);
        (await store.DueAsync(DeliveryChannel.Email, Noon.AddYears(1), 10, Token)).ShouldBeEmpty();
        var last = (await store.LastTriedAsync(DeliveryChannel.Email, Token)).ShouldNotBeNull();
        (last.Number, last.IsSent, last.Trouble, last.SettledAt).ShouldBe((due[1].Number, false, "No.", Noon.AddMinutes(2)));
    }

    [Fact]
    public async Task A_call_of_the_webhook_that_is_due_comes_after_those_before_it_that_were_put_off()
    {
        var store = (await bed.NewDistrictAsync()).Notifications;
        await store.TellAsync([New("a", run: 1), New("b", run: 2), New("c", run: 3)], null, Token);
        foreach (var channel in new[] { DeliveryChannel.Email, DeliveryChannel.Webhook })
        {
            foreach (var put in await store.DueAsync(channel, Noon, 10, Token))
            {
                await store.PutOffAsync(put.Number, "It does not answer.", Noon, Noon.AddHours(put.Notification.Run == 2 ? 1 : 6), Token);
            }
        }

        (await RunsAsync(DeliveryChannel.Webhook, Noon.AddMinutes(59))).ShouldBeEmpty();
        (await RunsAsync(DeliveryChannel.Webhook, Noon.AddHours(1))).ShouldBe([1L, 2L]);
        (await RunsAsync(DeliveryChannel.Email, Noon.AddHours(1))).ShouldBe([2L]);
        await store.TellAsync([New("d", run: 4)], null, Token);
        (await RunsAsync(DeliveryChannel.Webhook, Noon)).ShouldBe([1L, 2L, 3L, 4L]);

        // What is settled stands before nobody.
        await store.SentAsync((await store.DueAsync(DeliveryChannel.Webhook, Noon, 1, Token))[0].Number, Noon, Token);
        (await RunsAsync(DeliveryChannel.Webhook, Noon)).ShouldBe([2L, 3L, 4L]);
        (await RunsAsync(DeliveryChannel.Email, Noon)).ShouldBe([4L]);

        async Task<IEnumerable<long?>> RunsAsync(DeliveryChannel channel, DateTimeOffset at) =>
            (await store.DueAsync(channel, at, 10, Token)).Select(each => each.Notification.Run);
    }

    [Fact]
    public async Task What_was_told_before_a_moment_is_purged_but_what_is_still_needed()
    {
        var store = (await bed.NewDistrictAsync()).Notifications;
        var old = Noon.AddDays(-400);
        await store.TellAsync(
            [
                New("sent", run: 1, at: old),
                New("given up", run: 2, at: old),
                New("to be sent", run: 3, at: old),
                New("waits", run: 4, at: old),
                New("last word", "failed", "directory", at: old),
                New("at the moment", at: Noon.AddDays(-365)),
                New("new", run: 5),
            ],
            new ToldRuns(5, [4]),
            Token
        );
        foreach (var channel in new[] { DeliveryChannel.Email, DeliveryChannel.Webhook })
        {
            foreach (var due in await store.DueAsync(channel, Noon, 100, Token))
            {
                await (
                    due.Notification.Run switch
                    {
                        3 when channel == DeliveryChannel.Webhook => Task.CompletedTask,
                        2 => store.PutOffAsync(due.Number, "No.", Noon, null, Token),
                        _ => store.SentAsync(due.Number, Noon, Token),
                    }
                );
            }
        }

        await store.MarkReadAsync("ada", 2, Token);
        (await store.PurgeAsync(Noon.AddDays(-365), Token)).ShouldBe(2);
        (await store.ListAsync(null, null, null, 100, Token)).Select(each => each.Number).ShouldBe([7, 6, 5, 4, 3]);
        (await store.PurgeAsync(Noon.AddDays(-365), Token)).ShouldBe(0);

        // What is to be sent of what stays is there, and numbers go on where they were.
        (await store.DueAsync(DeliveryChannel.Webhook, Noon, 100, Token))
            .Select(each => each.Notification.Run)
            .ShouldBe([3L]);
        (await store.LastTriedAsync(DeliveryChannel.Email, Token)).ShouldNotBeNull().Notification.Number.ShouldBe(7);
        (await store.UnreadAsync("ada", old, Token)).ShouldBe(5);
        (await store.TellAsync([New("new"), New("newer")], null, Token)).ShouldBe(1);
        (await store.ListAsync(null, null, null, 1, Token)).ShouldHaveSingleItem().Number.ShouldBeGreaterThan(7);

        // Once nothing stands against it any more, it goes as well; the last word on each topic never does.
        await store.TellAsync([], new ToldRuns(5, []), Token);
        await store.SentAsync((await store.DueAsync(DeliveryChannel.Webhook, Noon, 100, Token))[0].Number, Noon, Token);
        (await store.PurgeAsync(Noon.AddYears(1), Token)).ShouldBe(4);
        (await store.ListAsync(null, null, null, 100, Token))
            .Select(each => (each.App, each.Topic))
            .ShouldBe([("synergy", "held"), ("directory", "failed")]);
    }

    private static NewNotification New(string mark, string topic = "held", string app = "synergy", long? run = null, DateTimeOffset? at = null) =>
        new(
            topic,
            app,
            run,
            at ?? Noon,
            "An import is held",
            ["37 of 361 students", "“Ünïcödé”"],
            "delete/student/source/",
            mark,
            [(DeliveryChannel.Email, "ada"), (DeliveryChannel.Webhook, "")]
        );
}
