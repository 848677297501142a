using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Runs;

/// <summary>Whoever waited for a run may begin the next one, however late the waiting began.</summary>
public sealed class AgainAtOnceTests
{
    [Fact]
    public async Task An_import_that_was_waited_for_is_not_in_the_way_of_the_next()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        for (var round = 0; round < 40; round++)
        {
            var started = (
                await district.Imports.StartAsync(TestDistrict.Id, TestDistrict.App, "command", "test", default)
            ).ShouldBeOfType<StartResult.Started>($"round {round}");
            while ((await district.Store.Runs.GetAsync(started.Run, default)) is { EndedAt: null })
            {
                await Task.Yield();
            }

            await district.Imports.WaitAsync(TestDistrict.Id, started.Run, default);
        }
    }
}
