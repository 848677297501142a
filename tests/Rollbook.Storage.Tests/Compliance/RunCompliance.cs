namespace Rollbook.Storage.Tests;

/// <summary>Runs.</summary>
public abstract class RunCompliance(TestBed bed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_run_is_queued_and_read_as_it_was_returned()
    {
        var runs = (await bed.NewDistrictAsync()).Runs;
        var run = await runs.AddAsync("synergy", "schedule", "timer", 4, Publishing.Noon.AddTicks(12_345_678), Token);
        run.ShouldBe(
            new RunRecord(
                1,
                "synergy",
                "queued",
                "schedule",
                "timer",
                4,
                Publishing.Noon.AddTicks(12_345_670),
                null,
                null,
                null,
                null,
                CancelRequested: false
            )
        );
        (await runs.GetAsync(1, Token)).ShouldBe(run);
        (await runs.GetAsync(2, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Numbers_are_one_two_three_however_many_start_at_once()
    {
        var runs = (await bed.NewDistrictAsync()).Runs;
        var added = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Task.Run(() => runs.AddAsync("synergy", "command", "ada", 1, Publishing.Noon, Token), Token))
        );
        added.Select(run => run.Number).Order().ShouldBe(Enumerable.Range(1, 10).Select(number => (long)number));
    }

    [Fact]
    public async Task Lists_are_newest_first_and_continue_below_a_number()
    {
        var runs = (await bed.NewDistrictAsync()).Runs;
        foreach (var app in new[] { "a", "b", "a", "b", "a" })
        {
            await runs.AddAsync(app, "command", "ada", 1, Publishing.Noon, Token);
        }

        (await runs.ListAsync(null, null, 3, Token)).Select(run => run.Number).ShouldBe([5, 4, 3]);
        (await runs.ListAsync(null, 3, 3, Token)).Select(run => run.Number).ShouldBe([2, 1]);
        (await runs.ListAsync("a", 5, 1, Token)).Select(run => run.Number).ShouldBe([3]);
    }

    [Fact]
    public async Task A_run_moves_only_from_the_state_it_is_in()
    {
        var runs = (await bed.NewDistrictAsync()).Runs;
        await runs.AddAsync("synergy", "command", "ada", 1, Publishing.Noon, Token);
        (await runs.MoveAsync(1, "queued", "reading", """{"n":1}""", null, Token)).ShouldBeTrue();
        (await runs.MoveAsync(1, "queued", "failed", "never", Publishing.Noon, Token)).ShouldBeFalse();
        (await runs.MoveAsync(1, "reading", "failed", null, Publishing.Noon.AddMinutes(1), Token)).ShouldBeTrue();
        var run = (await runs.GetAsync(1, Token))!;
        (run.State, run.Report, run.EndedAt).ShouldBe(("failed", """{"n":1}""", Publishing.Noon.AddMinutes(1)));
    }

    [Fact]
    public async Task Runs_that_wait_for_a_person_are_found_newest_first()
    {
        var runs = (await bed.NewDistrictAsync()).Runs;
        (await runs.UndecidedAsync(null, Token)).ShouldBeEmpty();
        foreach (var (app, state) in new[] { ("a", "held"), ("b", "waiting"), ("a", "publishing"), ("a", "waiting"), ("a", "failed"), ("b", "held") })
        {
            var run = await runs.AddAsync(app, "command", "ada", 1, Publishing.Noon, Token);
            await runs.MoveAsync(run.Number, "queued", state, """{"n":1}""", null, Token);
        }

        (await runs.UndecidedAsync(null, Token)).Select(run => run.Number).ShouldBe([6, 4, 2, 1]);
        (await runs.UndecidedAsync("a", Token)).ShouldBe([(await runs.GetAsync(4, Token))!, (await runs.GetAsync(1, Token))!]);
        (await runs.UndecidedAsync("c", Token)).ShouldBeEmpty();
        await runs.MoveAsync(4, "waiting", "declined", null, Publishing.Noon, Token);
        (await runs.UndecidedAsync("a", Token)).Select(run => run.Number).ShouldBe([1]);
    }

    [Fact]
    public async Task The_newest_progress_is_kept_while_the_run_runs()
    {
        var runs = (await bed.NewDistrictAsync()).Runs;
        await runs.AddAsync("synergy", "command", "ada", 1, Publishing.Noon, Token);
        await runs.ReportProgressAsync(1, """{"read":10}""", Token);
        await runs.ReportProgressAsync(1, """{"read":20}""", Token);
        await runs.MoveAsync(1, "queued", "cancelled", null, Publishing.Noon, Token);
        await runs.ReportProgressAsync(1, """{"read":30}""", Token);
        (await runs.GetAsync(1, Token))!.Progress.ShouldBe("""{"read":20}""");
    }

    [Fact]
    public async Task The_wish_to_cancel_is_kept_for_that_run_and_refused_once_it_has_ended()
    {
        var store = await bed.NewDistrictAsync();
        var runs = store.Runs;
        await runs.AddAsync("synergy", "command", "ada", 1, Publishing.Noon, Token);
        await runs.AddAsync("csv", "command", "ada", 1, Publishing.Noon, Token);
        (await runs.IsCancelRequestedAsync(1, Token)).ShouldBeFalse();
        await using var installation = bed.OpenInstallation();
        var others = (await installation.OpenAsync(store.District.Id, Token))!.Runs;
        (await others.RequestCancelAsync(1, Token)).ShouldBeTrue();
        (await others.RequestCancelAsync(1, Token)).ShouldBeTrue();

        (await runs.IsCancelRequestedAsync(1, Token)).ShouldBeTrue();
        (await runs.IsCancelRequestedAsync(2, Token)).ShouldBeFalse();
        (await runs.ListAsync(null, null, 2, Token)).Select(run => run.CancelRequested).ShouldBe([false, true]);
        await runs.MoveAsync(1, "queued", "reading", null, null, Token);
        (await runs.IsCancelRequestedAsync(1, Token)).ShouldBeTrue();

        await runs.MoveAsync(1, "reading", "cancelled", null, Publishing.Noon, Token);
        (await runs.GetAsync(1, Token))!.CancelRequested.ShouldBeTrue();
        (await others.RequestCancelAsync(1, Token)).ShouldBeFalse();
        (await others.RequestCancelAsync(77, Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_wish_that_came_too_late_is_remembered_with_the_run_that_was_published()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        (await store.Runs.RequestCancelAsync(run, Token)).ShouldBeTrue();
        await store.Roster.PublishAsync(Publishing.Publication(run, 0, new MemoryChangeSet(Records.Create(Model.Kind.School, "s1"))), Token);
        var published = (await store.Runs.GetAsync(run, Token))!;
        (published.State, published.CancelRequested).ShouldBe(("published", true));
        (await store.Runs.RequestCancelAsync(run, Token)).ShouldBeFalse();
    }
}
