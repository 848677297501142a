using System.Diagnostics;
using Rollbook.Simulator;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Tests.Imports;

/// <summary>An app's data goes whole or not at all, and comes back with the next import.</summary>
public abstract class RemovalTests(Engine engine)
{
    [Fact]
    public async Task A_removal_goes_through_in_one_step_and_can_be_cancelled_at_any_moment()
    {
        var random = new Random(7);
        await using var bed = await ImportBed.StartAsync(engine, new SimulatorOptions { Students = 800, Seed = 4 }, pageSize: 1_000);
        (await bed.ImportAsync()).State.ShouldBe("published");
        var before = await bed.CountAsync();
        var removed = 0;
        for (var moment = 0; moment < 6; moment++)
        {
            var run = await bed.StartRemovalAsync();
            await Task.Delay(random.Next(400));
            var clock = Stopwatch.StartNew();
            await bed.CancelAsync(run);
            await bed.WaitAsync(run);
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
            var ended = (await bed.Store.Runs.GetAsync(run, default))!;
            RunReport.FromJson(ended.Report).Purpose.ShouldBe(RunPurpose.Removal);
            ended.State.ShouldBeOneOf("cancelled", "published");
            (await bed.CountAsync()).ShouldBe(ended.State is "published" ? 0 : before);
            if (ended.State is "published")
            {
                removed++;
                (await bed.ImportAsync()).State.ShouldBe("published");
                (await bed.CountAsync()).ShouldBe(before);
            }
        }

        var last = await bed.StartRemovalAsync();
        await bed.WaitAsync(last);
        (await bed.Store.Runs.GetAsync(last, default))!.State.ShouldBe("published");
        (await bed.CountAsync()).ShouldBe(0);
        (await bed.Store.Roster.LatestAsync(default))!.Totals.Values.Sum().ShouldBe(0);
        (await bed.Store.Roster.LatestAsync(default))!.Number.ShouldBe(2 + (2 * removed));
    }
}

public sealed class RemovalTestsOnSqlite() : RemovalTests(Engine.Sqlite);

public sealed class RemovalTestsOnPostgres() : RemovalTests(Engine.Postgres);
