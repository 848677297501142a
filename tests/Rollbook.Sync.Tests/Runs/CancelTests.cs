using System.Diagnostics;
using Rollbook.Model;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Runs;

public sealed class CancelTests
{
    [Theory]
    [InlineData(Collection.Orgs)]
    [InlineData(Collection.Users)]
    [InlineData(Collection.Enrollments)]
    public async Task Cancelling_while_a_collection_is_read_ends_within_two_seconds_and_leaves_the_roster(Collection collection)
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();
        var reached = new TaskCompletionSource();
        source.Records[Collection.Enrollments].Remove("e1");
        source.BeforePage = (at, token) =>
        {
            if (at == collection)
            {
                reached.TrySetResult();
                return Task.Delay(Timeout.Infinite, token);
            }

            return Task.CompletedTask;
        };

        var started = (StartResult.Started)await district.Imports.StartAsync(TestDistrict.Id, TestDistrict.App, "console", "test", default);
        await reached.Task;
        var clock = Stopwatch.StartNew();
        (await district.Imports.CancelAsync(TestDistrict.Id, started.Run, default)).ShouldBeTrue();
        await district.Imports.WaitAsync(TestDistrict.Id, started.Run, default);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));

        (await district.Store.Runs.GetAsync(started.Run, default))!.State.ShouldBe("cancelled");
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
        source.BeforePage = (_, _) => Task.CompletedTask;
        (await district.ImportAsync()).State.ShouldBe("published");
    }

    [Fact]
    public async Task A_wish_from_another_program_is_heard()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        source.BeforePage = (_, token) => Task.Delay(Timeout.Infinite, token);
        var started = (StartResult.Started)await district.Imports.StartAsync(TestDistrict.Id, TestDistrict.App, "console", "test", default);
        var clock = Stopwatch.StartNew();
        (await district.Store.Runs.RequestCancelAsync(started.Run, default)).ShouldBeTrue();
        await district.Imports.WaitAsync(TestDistrict.Id, started.Run, default);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        (await district.Store.Runs.GetAsync(started.Run, default))!.State.ShouldBe("cancelled");
        (await district.Imports.CancelAsync(TestDistrict.Id, started.Run, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_import_of_the_app_does_not_begin_while_one_is_at_work()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        var go = new TaskCompletionSource();
        source.BeforePage = (_, _) => go.Task;
        var first = (StartResult.Started)await district.Imports.StartAsync(TestDistrict.Id, TestDistrict.App, "console", "test", default);
        var second = await district.Imports.StartAsync(TestDistrict.Id, TestDistrict.App, "console", "test", default);
        second.ShouldBe(new StartResult.AlreadyRunning(first.Run));
        go.SetResult();
        await district.Imports.WaitAsync(TestDistrict.Id, first.Run, default);
        (await district.Store.Runs.GetAsync(first.Run, default))!.State.ShouldBe("published");
    }

    [Fact]
    public async Task An_app_that_is_not_there_is_refused_with_what_to_do()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        var result = await district.Imports.StartAsync(TestDistrict.Id, "powerschool", "console", "test", default);
        result.ShouldBeOfType<StartResult.Refused>().Message.ShouldContain("powerschool");
    }
}
