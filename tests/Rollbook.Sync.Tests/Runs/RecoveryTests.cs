using Rollbook.Model;
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
}
