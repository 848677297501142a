using System.Collections.Concurrent;
using System.Data.Common;
using CsCheck;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.Tests.Rollbacks;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Runs;

/// <summary>
/// Random histories of two nodes on one database that import, roll back, accept, decline, cancel and configure at the same moment, and of which one vanishes now and then: what
/// comes of it is what one after the other gives (sync-safety.md section 8, numbers 1 to 4, 6 and 7). Each version is exactly what one run says that published it, whatever the
/// other node did meanwhile.
/// </summary>
public sealed class TwoNodesPropertyTests
{
    private const int Steps = 6;

    private const string Vanished = "nodes vanished";

    /// <summary>How many runs of all histories ended so, and how many nodes vanished.</summary>
    private readonly ConcurrentDictionary<string, int> ends = new(StringComparer.Ordinal);

    [Fact]
    public Task On_Sqlite_two_nodes_at_once_give_what_one_after_the_other_gives() => HistoriesAsync(() => Task.FromResult<string?>(null));

    [Fact]
    public async Task On_Postgres_two_nodes_at_once_give_what_one_after_the_other_gives()
    {
        var server = await PostgresServer.SharedAsync();
        await HistoriesAsync(async () => await server.NewDatabaseAsync());
    }

    private async Task HistoriesAsync(Func<Task<string?>> databaseAsync)
    {
        await Gen.Int[0, int.MaxValue - 1].SampleAsync(async seed => await HistoryAsync(seed, await databaseAsync()), iter: 8, threads: 2);
        TestContext.Current.SendDiagnosticMessage(string.Join(", ", ends.Select(end => $"{end.Value} {end.Key}")));
        ends.GetValueOrDefault(Vanished).ShouldBeGreaterThan(0);
    }

    private async Task HistoryAsync(int seed, string? connection)
    {
        var random = new Random(seed);
        var source = new ScriptedSource(new Random(seed)) { BeforePage = (_, _) => Task.Delay(1) };
        var small = new SmallDistrict(random);
        small.Fill(source);
        var schools = source.Records[Collection.Orgs].ToDictionary(StringComparer.Ordinal);
        await using var district = await TestDistrict.StartAsync([source], connection);
        await district.ConfigureAsync(source.Type, bulk: true, prefix: "");
        (await district.ImportAsync()).Version.ShouldBe(1);
        var versions = new List<Dictionary<(Kind Kind, RollbookId Id), string>> { await district.RosterAsync() };
        var said = new Dictionary<long, Dictionary<(Kind Kind, RollbookId Id), string>>();
        for (var step = 0; step < Steps; step++)
        {
            if (random.Next(3) > 0)
            {
                DerivationPropertyTests.Change(source, small, random, bulk: true);

                // Schools stay as they were first taken, whatever is said of them later.
                foreach (var (id, school) in schools)
                {
                    source.Records[Collection.Orgs][id] = school;
                }

                foreach (var id in source.Records[Collection.Orgs].Keys.Except(schools.Keys, StringComparer.Ordinal).ToList())
                {
                    source.Records[Collection.Orgs].Remove(id);
                }
            }

            var doings = new[] { Doing(random), Doing(random) };
            int? dies = random.Next(2) == 0 ? random.Next(60) : null;
            var history =
                $"seed {seed}, step {step}: {string.Join(" beside ", doings)}{(dies is null ? "" : $", the second vanishes after {dies} calls")}";
            var version = random.Next(1, versions.Count + 1);
            await using (var first = new Node(district, "first", dies: null))
            await using (var second = new Node(district, "second", dies))
            {
                await Task.WhenAll(first.DoAsync(doings[0], version), second.DoAsync(doings[1], version));
                ends.AddOrUpdate(Vanished, second.HasVanished ? 1 : 0, (_, count) => count + (second.HasVanished ? 1 : 0));
            }

            // Whoever starts next finds what the one that vanished left.
            await district.Imports.RecoverAsync(default);
            await CheckAsync(district, source, versions, said, history);
        }

        foreach (var run in await district.Store.Runs.ListAsync(null, null, 1_000, default))
        {
            ends.AddOrUpdate(run.State, 1, (_, count) => count + 1);
        }

        // Nothing that happened is in the way of the next import, and the one after it has nothing to do.
        (await district.ImportAsync()).State.ShouldBeOneOf("published", "unchanged");
        (await district.RosterAsync()).ShouldBe(Expected(source), ignoreOrder: true, $"seed {seed}, at the end");
        (await district.ImportAsync()).State.ShouldBe("unchanged", $"seed {seed}, at the end again");
    }

    private static string Doing(Random random) =>
        random.Next(9) switch
        {
            0 or 1 or 2 => "import",
            3 => "rollback",
            4 or 5 => "accept",
            6 => "decline",
            7 => "cancel",
            _ => "configure",
        };

    private static Dictionary<(Kind Kind, RollbookId Id), string> Expected(ScriptedSource source) =>
        SlowReference.Derive(source.Records, TestDistrict.Id, TestDistrict.App, "");

    /// <summary>Every version is what its run says and stays so, each run published at most one, and none is left at work.</summary>
    private static async Task CheckAsync(
        TestDistrict district,
        ScriptedSource source,
        List<Dictionary<(Kind Kind, RollbookId Id), string>> versions,
        Dictionary<long, Dictionary<(Kind Kind, RollbookId Id), string>> said,
        string history
    )
    {
        var runs = await district.Store.Runs.ListAsync(null, null, 1_000, default);
        foreach (var run in runs)
        {
            // What the source said when it was read; the source does not change while the nodes are at work.
            said.TryAdd(run.Number, Expected(source));
            var state = RunStates.FromWord(run.State);
            (RunStates.IsEnd(state) || RunStates.IsUndecided(run)).ShouldBeTrue($"{history}: run {run.Number} is {run.State}");
            (run.Version is not null).ShouldBe(run.State is "published", $"{history}: run {run.Number} is {run.State}");
        }

        runs.Where(RunStates.IsUndecided).GroupBy(run => run.App, StringComparer.Ordinal).ShouldAllBe(waiting => waiting.Count() == 1, history);
        var latest = (await district.Store.Roster.LatestAsync(default))!.Number;
        runs.Where(run => run.Version is not null)
            .Select(run => run.Version!.Value)
            .Order()
            .ShouldBe(Enumerable.Range(1, latest), $"{history}: each version is one run's");
        for (var number = 1; number <= latest; number++)
        {
            var roster = await district.RosterAsync(number);
            if (number > versions.Count)
            {
                var run = runs.Single(published => published.Version == number);
                var target = RunReport.FromJson(run.Report).Rollback?.Version;
                roster.ShouldBe(
                    target is null ? said[run.Number] : versions[target.Value - 1],
                    ignoreOrder: true,
                    $"{history}: version {number} of run {run.Number}"
                );
                RandomRollbacks.ShouldBeWhole(await district.RecordsAsync(number));
                versions.Add(roster);
            }

            roster.ShouldBe(versions[number - 1], ignoreOrder: true, $"{history}: version {number} afterwards");
        }

        (await district.RosterAsync()).ShouldBe(versions[latest - 1], ignoreOrder: true, history);
    }

    /// <summary>A program of its own on the district's database, which may vanish.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly TestDistrict district;
        private readonly IInstallationStore installation;
        private readonly MortalStore? mortal;
        private readonly Imports imports;

        internal Node(TestDistrict district, string machine, int? dies)
        {
            this.district = district;
            installation = district.OpenInstallation();
            mortal = dies is { } calls ? new MortalStore(installation, calls) : null;
            imports = district.NewImports(mortal ?? installation, machine);
        }

        internal bool HasVanished => mortal is { Died.IsCompleted: true };

        /// <summary>Does something to its end, or until it vanishes.</summary>
        internal async Task DoAsync(string doing, int version)
        {
            var done = WorkAsync(doing, version);
            if (await Task.WhenAny(done, mortal?.Died ?? done) != done)
            {
                await imports.DisposeAsync();
            }

            try
            {
                await done;
            }
            catch (DbException) when (HasVanished)
            {
                // That is how a call ends in a program that has vanished.
            }
        }

        private async Task WorkAsync(string doing, int version)
        {
            // From here on beside the other.
            await Task.Yield();
            var runs = await district.Store.Runs.ListAsync(null, null, 1, default);
            var waiting = (await district.Store.Runs.UndecidedAsync(null, default)).FirstOrDefault(RunStates.IsUndecided);
            switch (doing)
            {
                case "rollback":
                    await EndAsync(await imports.StartRollbackAsync(TestDistrict.Id, version, "console", "ada", "It is meant.", default));
                    break;
                case "accept" when waiting is not null:
                    await EndAsync(await imports.AcceptAsync(TestDistrict.Id, waiting.Number, null, "ada", "It is meant.", default));
                    break;
                case "decline" when waiting is not null:
                    await imports.DeclineAsync(TestDistrict.Id, waiting.Number, null, "ada", "It is not meant.", default);
                    break;
                case "cancel":
                    await imports.CancelAsync(TestDistrict.Id, runs[0].Number + 1, default);
                    await imports.CancelAsync(TestDistrict.Id, runs[0].Number, default);
                    break;
                case "configure":
                    await district.ConfigureAsync("scripted", bulk: true, prefix: "", preview: version % 2 == 0);
                    break;
                default:
                    await EndAsync(await imports.StartAsync(TestDistrict.Id, TestDistrict.App, "console", "ada", default));
                    break;
            }
        }

        private async Task EndAsync(StartResult result)
        {
            if (result is StartResult.Started started)
            {
                await imports.WaitAsync(TestDistrict.Id, started.Run, default);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await imports.DisposeAsync();
            await installation.DisposeAsync();
        }
    }
}
