using System.Diagnostics;
using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Tests.Imports;

/// <summary>Cancelling at any moment, reading or publishing, ends within two seconds and leaves the roster one whole version.</summary>
public abstract class CancelTests(Engine engine)
{
    private const int Moments = 12;

    [Fact]
    public async Task Cancel_at_any_moment_ends_within_two_seconds_and_leaves_the_roster_as_it_was()
    {
        var random = new Random(7);
        await using var bed = await ImportBed.StartAsync(engine, new SimulatorOptions { Students = 2_500, Seed = 4 }, pageSize: 1_000);
        var clock = Stopwatch.StartNew();
        await using (var rehearsal = await bed.BesideAsync(engine))
        {
            (await rehearsal.ImportAsync()).State.ShouldBe("published");
        }

        var typical = (int)clock.ElapsedMilliseconds;
        var ends = new List<string>();
        for (var moment = 0; moment < Moments; moment++)
        {
            var run = await bed.StartImportAsync();
            // Later and later: the first surely finds the import at work, and none but the last ones a roster that is published already.
            await Task.Delay(typical * moment / Moments + random.Next(typical / Moments));
            clock.Restart();
            await bed.CancelAsync(run);
            await bed.WaitAsync(run);
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));

            var ended = (await bed.Store.Runs.GetAsync(run, default))!;
            ends.Add(ended.State);
            new[] { "cancelled", "published", "unchanged" }.ShouldContain(ended.State, ended.Report);
            var version = await bed.Store.Roster.LatestAsync(default);
            (version is null).ShouldBe(ends.TrueForAll(end => end is "cancelled"));
            (await bed.CountAsync()).ShouldBe(version?.Totals.Values.Sum() ?? 0);
        }

        ends.ShouldContain("cancelled");
        (await bed.ImportAsync()).State.ShouldBeOneOf("published", "unchanged");
        (await bed.Store.Roster.LatestAsync(default))!.Totals[Model.Kind.Student].ShouldBe(2_500);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_in_a_statement_of_the_publication_that_takes_minutes_ends_within_two_seconds(bool fromAnotherProgram)
    {
        await using var bed = await ImportBed.StartAsync(engine);
        await bed.SlowDownAsync();
        var run = await bed.StartImportAsync();
        while ((await bed.Store.Runs.GetAsync(run, default))!.State is not "publishing")
        {
            await Task.Delay(20);
        }

        await Task.Delay(700);
        var clock = Stopwatch.StartNew();
        await (fromAnotherProgram ? bed.CancelElsewhereAsync(run) : bed.CancelAsync(run));
        await bed.WaitAsync(run);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));

        var ended = (await bed.Store.Runs.GetAsync(run, default))!;
        (ended.State, RunReport.FromJson(ended.Report).Failure).ShouldBe(("cancelled", null));
        (await bed.Store.Roster.LatestAsync(default)).ShouldBeNull();
        (await bed.CountAsync()).ShouldBe(0);
    }
}

public sealed class CancelTestsOnSqlite() : CancelTests(Engine.Sqlite);

public sealed class CancelTestsOnPostgres() : CancelTests(Engine.Postgres);
