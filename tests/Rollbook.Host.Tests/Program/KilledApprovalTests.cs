using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;
using Rollbook.Storage;

namespace Rollbook.Host.Tests.Program;

/// <summary>
/// <c>kill -9</c> at random moments of the publication of a held run, and of a rollback: the roster is the whole version before or the whole one after, and what was not published waits
/// again, for the next who accepts it (sync-safety.md section 8, numbers 3 and 4).
/// </summary>
public abstract class KilledApprovalTests(Engine engine)
{
    private const int Hits = 3;
    private const int RollbackHits = 2;
    private const int Students = 400;

    [Fact]
    public async Task Killed_while_it_is_published_a_held_run_or_a_rollback_waits_again_or_is_published_whole()
    {
        var random = new Random(20261128);
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = Students, Seed = 5 });
        await using var here = await Installation.NewAsync(engine);
        (await here.RunAsync("apply", "-f", await here.WriteAsync(sis))).Status.ShouldBe(0);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(0);
        var hits = 0;
        for (var round = 0; hits < Hits && round < 4 * Hits; round++)
        {
            // Four tenths go, or come back.
            var before = sis.GetTruth().Students;
            if (before == Students)
            {
                sis.Scenarios.MassWipe(0.4);
            }
            else
            {
                sis.Scenarios.Reset();
            }

            var held = await here.RunAsync("import", "synergy", "--json");
            held.Status.ShouldBe(3, held.Error + held.Output);
            var run = JsonNode.Parse(held.Output)!["run"]!.GetValue<string>();
            if (await KillAsync(here, run, random.Next(400)))
            {
                hits++;
            }

            await CheckAsync(here, run, before, sis.GetTruth().Students);
        }

        hits.ShouldBeGreaterThanOrEqualTo(Hits);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(0);
        var isRolledBack = await RollBackAsync(here, random) % 2 == 1;

        // Without a person the next import would undo it; a rollback of a rollback leaves nothing to undo.
        var told = await here.RunAsync("import", "synergy", "--json");
        told.Status.ShouldBe(isRolledBack ? 3 : 0, told.Output);
        (JsonNode.Parse(told.Output)!["holds"]!.AsArray().FirstOrDefault()?["limit"]?.GetValue<string>()).ShouldBe(isRolledBack ? "rollback" : null);
    }

    /// <summary>Rolls back to the version before, kills the publication, and has it published. How often that was.</summary>
    private static async Task<int> RollBackAsync(Installation here, Random random)
    {
        var hits = 0;
        var round = 0;
        for (; hits < RollbackHits && round < 5 * RollbackHits; round++)
        {
            // The newest two hold different numbers of students, and each rollback turns that round.
            var versions = JsonNode.Parse((await here.RunAsync("versions", "--json")).Output)!.AsArray();
            var (before, after) = (StudentsOf(versions[0]!), StudentsOf(versions[1]!));
            after.ShouldNotBe(before);
            var version = versions[1]!["version"]!.GetValue<int>().ToString(System.Globalization.CultureInfo.InvariantCulture);
            var waiting = await here.RunAsync("rollback", version, "--reason", "It is meant.", "--json");
            waiting.Status.ShouldBe(3, waiting.Error + waiting.Output);
            var run = JsonNode.Parse(waiting.Output)!["run"]!.GetValue<string>();
            hits += await KillAsync(here, run, random.Next(150)) ? 1 : 0;
            await CheckAsync(here, run, before, after);
        }

        hits.ShouldBeGreaterThanOrEqualTo(RollbackHits);
        return round;
    }

    private static int StudentsOf(JsonNode version) => version["totals"]!["student"]!.GetValue<int>();

    /// <summary>Accepts, and kills the program so long after its first sign of life. Whether that hit it at work.</summary>
    private static async Task<bool> KillAsync(Installation here, string run, int milliseconds)
    {
        using var process = here.Start("accept", run, "--reason", "It is meant.");
        await using var installation = here.Open();
        var runs = (await installation.OpenAsync("riverside", default))!.Runs;
        var number = long.Parse(run, System.Globalization.CultureInfo.InvariantCulture);
        while ((await runs.GetAsync(number, default))!.State is "held" or "waiting" && !process.HasExited)
        {
            await Task.Delay(5);
        }

        await Task.Delay(milliseconds);
        process.Kill();
        await process.WaitForExitAsync();
        return (await runs.GetAsync(number, default))!.State is "deriving" or "publishing";
    }

    private static async Task CheckAsync(Installation here, string run, int before, int after)
    {
        await using (var installation = here.Open())
        {
            var store = (await installation.OpenAsync("riverside", default))!;
            var version = (await store.Roster.LatestAsync(default))!;
            await KillTests.WholeAsync(store, version);
            var state = (await store.Runs.GetAsync(long.Parse(run, System.Globalization.CultureInfo.InvariantCulture), default))!.State;
            version.Totals[Model.Kind.Student].ShouldBe(state is "published" ? after : before);
            if (state is "published")
            {
                return;
            }
        }

        // The next who decides finds it waiting; a stranger's decision says so.
        (await here.RunAsync("accept", run, "--reason", "It is meant.", "--hash", "0123")).Error.ShouldContain("others now");
        var accepted = await here.RunAsync("accept", run, "--reason", "It is meant.", "--json");
        accepted.Status.ShouldBe(0, accepted.Error);
        JsonNode.Parse(accepted.Output)!["state"]!.GetValue<string>().ShouldBe("published");
        await using var installed = here.Open();
        var roster = (await installed.OpenAsync("riverside", default))!;
        var latest = (await roster.Roster.LatestAsync(default))!;
        await KillTests.WholeAsync(roster, latest);
        latest.Totals[Model.Kind.Student].ShouldBe(after);
        (await roster.Runs.UndecidedAsync(null, default)).ShouldBeEmpty();
    }
}

/// <summary>On SQLite.</summary>
public sealed class KilledApprovalTestsOnSqlite() : KilledApprovalTests(Engine.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class KilledApprovalTestsOnPostgres() : KilledApprovalTests(Engine.Postgres);
