using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Runs;

/// <summary>What a program that died, or lost its lock, leaves behind.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task Spools_go_that_a_run_left_which_another_machine_found_cut_off()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        var run = await district.ImportAsync();
        var left = Directory
            .CreateDirectory(Path.Combine(district.WorkFolder, FormattableString.Invariant($"{TestDistrict.Id}-{run.Number}")))
            .FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "users"), "Amara", TestContext.Current.CancellationToken);
        var foreign = Directory.CreateDirectory(Path.Combine(district.WorkFolder, TestDistrict.Id + "-x-1")).FullName;

        await district.Imports.RecoverAsync(default);
        Directory.Exists(left).ShouldBeFalse();
        Directory.Exists(foreign).ShouldBeTrue();
    }

    [Fact]
    public async Task A_cut_off_run_of_an_app_that_is_no_longer_configured_is_found_too()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        var run = await district.Store.Runs.AddAsync("former", "schedule", "test", 1, TimeProvider.System.GetUtcNow(), default);
        await district.Store.Runs.MoveAsync(run.Number, "queued", "reading", null, null, default);

        await district.Imports.RecoverAsync(default);
        (await district.Store.Runs.GetAsync(run.Number, default))!.State.ShouldBe("failed");
    }

    [Fact]
    public async Task A_removal_that_was_cut_off_has_removed_nothing_and_says_so()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        await district.ImportAsync();
        var before = await district.RosterAsync();
        var run = await district.Store.Runs.AddAsync(TestDistrict.App, "console", "ada", 1, TimeProvider.System.GetUtcNow(), default);
        var report = new RunReport { Purpose = RunPurpose.Removal }.ToJson();
        await district.Store.Runs.MoveAsync(run.Number, "queued", "publishing", report, null, default);

        await district.Imports.RecoverAsync(default);
        var ended = (await district.Store.Runs.GetAsync(run.Number, default))!;
        ended.State.ShouldBe("failed");
        RunReport.FromJson(ended.Report).Purpose.ShouldBe(RunPurpose.Removal);
        RunReport.FromJson(ended.Report).Failure!.Message.ShouldStartWith("Rollbook was stopped while this removal ran. Nothing was removed.");
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task A_run_that_someone_else_has_ended_leaves_no_segments()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        source.BeforePage = async (collection, _) =>
        {
            if (collection == Collection.Users)
            {
                reached.TrySetResult();
                await go.Task;
            }
        };
        var started = (StartResult.Started)await district.Imports.StartAsync(TestDistrict.Id, TestDistrict.App, "console", "test", default);
        await reached.Task;
        await district.Store.Runs.MoveAsync(started.Run, "reading", "failed", null, TimeProvider.System.GetUtcNow(), default);
        await district.Store.Uploads.DiscardAsync(started.Run, default);
        go.SetResult();
        await district.Imports.WaitAsync(TestDistrict.Id, started.Run, default);

        (await district.Store.Runs.GetAsync(started.Run, default))!.State.ShouldBe("failed");
        (await district.RosterAsync()).ShouldBeEmpty();
        for (var number = await district.Store.Uploads.NextSegmentsAsync(1, default); number > 0; number--)
        {
            (await district.Store.Uploads.ReadDataAsync(number, default)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task An_end_that_can_not_be_written_at_once_is_written_when_the_database_is_back()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        source.Failure = (3, new SourceException(SourceFailure.Transient, CheckPart.Roster, "The SIS is down."));
        InterruptedStore? store = null;
        await using var imports = district.NewImports(inner => store = new InterruptedStore(inner) { Failures = 1 });
        var started = (StartResult.Started)await imports.StartAsync(TestDistrict.Id, TestDistrict.App, "schedule", "test", default);
        await imports.WaitAsync(TestDistrict.Id, started.Run, default);

        store!.Failures.ShouldBeLessThan(1);
        var ended = (await district.Store.Runs.GetAsync(started.Run, default))!;
        (ended.State, RunReport.FromJson(ended.Report).Failure!.Message).ShouldBe(("failed", "The SIS is down."));
    }

    [Fact]
    public async Task An_end_that_could_not_be_written_at_all_is_found_by_the_next_start()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        source.Failure = (3, new SourceException(SourceFailure.Transient, CheckPart.Roster, "The SIS is down."));
        var imports = district.NewImports(inner => new InterruptedStore(inner) { Failures = int.MaxValue });
        var started = (StartResult.Started)await imports.StartAsync(TestDistrict.Id, TestDistrict.App, "schedule", "test", default);
        var end = imports.WaitAsync(TestDistrict.Id, started.Run, default);
        await imports.DisposeAsync();
        await end;
        RunStates.Active.ShouldContain(RunStates.FromWord((await district.Store.Runs.GetAsync(started.Run, default))!.State));

        await district.Imports.RecoverAsync(default);
        var recovered = (await district.Store.Runs.GetAsync(started.Run, default))!;
        (recovered.State, RunReport.FromJson(recovered.Report).Failure!.Retry).ShouldBe(("failed", true));
        source.Failure = null;
        (await district.ImportAsync()).State.ShouldBe("published");
    }

    [Fact]
    public async Task What_a_run_appended_goes_with_the_next_import_when_its_program_died_right_after_its_end()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        var run = await district.Store.Runs.AddAsync(TestDistrict.App, "schedule", "test", 1, TimeProvider.System.GetUtcNow(), default);
        var number = await district.Store.Uploads.NextSegmentsAsync(1, default);
        await district.Store.Uploads.AppendAsync(
            TestDistrict.App,
            run.Number,
            Collection.Users,
            [new Storage.Segment(number, 1, new byte[] { 1 }, new byte[] { 2 })],
            default
        );
        await district.Store.Runs.MoveAsync(run.Number, "queued", "cancelled", null, TimeProvider.System.GetUtcNow(), default);

        (await district.ImportAsync()).State.ShouldBe("published");
        (await district.Store.Uploads.ReadDataAsync(number, default)).ShouldBeNull();
    }
}
