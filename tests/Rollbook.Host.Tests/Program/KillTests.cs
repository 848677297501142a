using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Kinds = Rollbook.Model.Kinds;

namespace Rollbook.Host.Tests.Program;

/// <summary>
/// <c>kill -9</c> at random moments of an import, half of them of a first import and half of one with changes: the roster is always one whole
/// version, the next start knows what happened and the next import succeeds (sync-safety.md section 8, number 3). Twenty moments on each database; as many rounds of
/// two as the environment variable ROLLBOOK_KILL_ROUNDS says, where it says so.
/// </summary>
public abstract class KillTests(Engine engine)
{
    private static readonly int Rounds = int.TryParse(
        Environment.GetEnvironmentVariable("ROLLBOOK_KILL_ROUNDS"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out var rounds
    )
        ? rounds
        : 10;

    [Fact]
    public async Task Killed_at_any_moment_the_roster_is_one_whole_version_and_the_next_import_succeeds()
    {
        var random = new Random(20261124);
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 400, Seed = 5 });
        await using var installation = await Installation.NewAsync(engine);
        var killedAt = new Dictionary<string, int>(StringComparer.Ordinal);
        await ApplyAsync(installation, sis, "rehearsal");
        var first = await DurationAsync(installation, "rehearsal");
        var later = await DurationAsync(installation, "rehearsal");
        // On a slow machine more kills miss: it goes on until enough have hit an import at work.
        for (var round = 0; round < Rounds || (AtWork(killedAt) <= Rounds && round < 3 * Rounds); round++)
        {
            var district = $"d{round}";
            sis.Scenarios.Reset();
            await ApplyAsync(installation, sis, district);

            await KillAsync(installation, district, Moment(random, first), killedAt);
            await CheckAsync(installation, sis, district, before: 0);
            sis.Scenarios.MassWipe(0.2);
            sis.Scenarios.NewStudent(40);
            await KillAsync(installation, district, Moment(random, later), killedAt);
            await CheckAsync(installation, sis, district, before: 1);
        }

        TestContext.Current.SendDiagnosticMessage($"killed {string.Join(", ", killedAt.Select(state => $"{state.Value} {state.Key}"))}");
        AtWork(killedAt).ShouldBeGreaterThan(Rounds);
    }

    /// <summary>No limit stops what is to be killed; <see cref="KilledApprovalTests"/> kill what a limit held.</summary>
    private static async Task ApplyAsync(Installation installation, SimulatedSynergy sis, string district)
    {
        var file = await installation.WriteAsync(sis, district, "    advanced: { syncHoldThreshold: off }");
        (await installation.RunAsync("apply", "-f", file)).Status.ShouldBe(0);
    }

    /// <summary>Milliseconds from an import's first sign of life to its end, so that most kills hit it at work.</summary>
    private static async Task<int> DurationAsync(Installation installation, string district)
    {
        (await installation.RunAsync("import", "synergy", "--district", district)).Status.ShouldBe(0);
        await using var store = installation.Open();
        var run = (await (await store.OpenAsync(district, default))!.Runs.ListAsync(null, null, 1, default))[0];
        return (int)(run.EndedAt! - run.StartedAt).Value.TotalMilliseconds;
    }

    private static int AtWork(Dictionary<string, int> killedAt) =>
        killedAt.Where(state => state.Key is not ("published" or "unchanged")).Sum(state => state.Value);

    /// <summary>A moment of an import that takes so long; every second one towards its end, where it publishes.</summary>
    private static int Moment(Random random, int duration) =>
        random.Next(2) == 0 ? random.Next(duration) : (int)(duration * (0.7 + (random.NextDouble() * 0.4)));

    /// <summary>Starts an import and kills it without warning, somewhere between its first sign of life and its end.</summary>
    private static async Task KillAsync(Installation installation, string district, int milliseconds, Dictionary<string, int> killedAt)
    {
        using var process = installation.Start("import", "synergy", "--district", district);
        await using var store = installation.Open();
        var runs = (await store.OpenAsync(district, default))!.Runs;
        var last = (await runs.ListAsync(null, null, 1, default)).FirstOrDefault()?.Number ?? 0;
        while ((await runs.ListAsync(null, null, 1, default)).FirstOrDefault() is not { } begun || begun.Number == last)
        {
            process.HasExited.ShouldBeFalse();
            await Task.Delay(5);
        }

        await Task.Delay(milliseconds);
        process.Kill();
        await process.WaitForExitAsync();
        var state = (await runs.GetAsync(last + 1, default))!.State;
        killedAt[state] = killedAt.GetValueOrDefault(state) + 1;
    }

    private static async Task CheckAsync(Installation installation, SimulatedSynergy sis, string district, int before)
    {
        var truth = sis.GetTruth();
        await using (var installed = installation.Open())
        {
            var store = (await installed.OpenAsync(district, default))!;
            var version = await store.Roster.LatestAsync(default);
            (version?.Number ?? 0).ShouldBeInRange(before, before + 1);
            if (version is not null)
            {
                await WholeAsync(store, version);
            }
        }

        var next = await installation.RunAsync("import", "synergy", "--district", district, "--json");
        next.Status.ShouldBe(0, next.Error);
        await using var after = installation.Open();
        var roster = (await after.OpenAsync(district, default))!;
        var latest = (await roster.Roster.LatestAsync(default))!;
        latest.Number.ShouldBe(before + 1);
        await WholeAsync(roster, latest);
        latest.Totals[Model.Kind.Student].ShouldBe(truth.Students);
        latest.Totals[Model.Kind.Enrollment].ShouldBe(truth.Enrollments);
        foreach (var run in await roster.Runs.ListAsync(null, null, 10, default))
        {
            RunStates.IsEnd(RunStates.FromWord(run.State)).ShouldBeTrue($"run {run.Number} is {run.State}");
            if (run.State is "failed")
            {
                RunReport.FromJson(run.Report).Failure!.Message.ShouldContain("stopped while this import ran");
            }
        }

        Directory.GetFileSystemEntries(Path.Combine(installation.Data, "work")).ShouldBeEmpty();
        JsonNode.Parse(next.Output)!["state"]!.GetValue<string>().ShouldBeOneOf("published", "unchanged");
    }

    /// <summary>Every kind has as many records as the version says.</summary>
    internal static async Task WholeAsync(IDistrictStore store, RosterVersion version)
    {
        foreach (var kind in Kinds.All)
        {
            var count = 0;
            await foreach (var _ in store.Roster.ReadAsync(kind.Kind, null, default))
            {
                count++;
            }

            count.ShouldBe((int)version.Totals.GetValueOrDefault(kind.Kind), kind.Name);
        }
    }
}

public sealed class KillTestsOnSqlite() : KillTests(Engine.Sqlite);

public sealed class KillTestsOnPostgres() : KillTests(Engine.Postgres);
