using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Rollbook.Host.Tests.Imports;
using Rollbook.Sharing.Csv;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Testing;

namespace Rollbook.Host.Tests.Program;

/// <summary>
/// <c>kill -9</c> at random moments of the publication of a held run, and of a rollback: the roster is the whole version before or the whole one after, the export app's package
/// is the old or the new one, and what was not published waits again, for the next who accepts it (sync-safety.md section 8, numbers 3 and 4). Each kill has a copy of the same
/// installation. Every fifth one is followed by a kill of the delivery. Three kills of each that hit it at work; as many as the environment variable ROLLBOOK_KILLS says, where it says so.
/// </summary>
public abstract class KilledApprovalTests(Engine engine)
{
    private static readonly int Kills = int.TryParse(
        Environment.GetEnvironmentVariable("ROLLBOOK_KILLS"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out var kills
    )
        ? kills
        : 3;

    [Fact]
    public async Task Killed_while_it_is_published_a_held_run_or_a_rollback_waits_again_or_is_published_whole()
    {
        await using var here = await Installation.NewAsync(engine);
        var source = Path.Combine(here.Folder, "source.zip");
        CsvPackage.District(schools: 1, students: 150).WriteZip(source);
        var package = await here.ApplyDeliveredAsync(source);
        await SucceedAsync(here, "import", "files");
        await SucceedAsync(here, "deliver", "vendor");
        var larger = await File.ReadAllBytesAsync(package);

        // Nearly half of them go.
        CsvPackage.District(schools: 1, students: 80).WriteZip(source);
        var held = await WaitingAsync(here, "import", "files");
        await using var beforePublication = await here.CopyAsync();
        (await here.RunAsync("accept", held, "--reason", "It is meant.", "--hash", "0123")).Error.ShouldContain("others now");
        await SucceedAsync(here, "accept", held, "--reason", "It is meant.");
        await SucceedAsync(here, "deliver", "vendor");
        var smaller = await File.ReadAllBytesAsync(package);
        var rollback = await WaitingAsync(here, "rollback", "1", "--reason", "It is meant.");
        await using var beforeRollback = await here.CopyAsync();

        await KillAsync(beforePublication, "publication", held, package, before: larger, after: smaller);
        await KillAsync(beforeRollback, "rollback", rollback, package, before: smaller, after: larger);
    }

    private static async Task SucceedAsync(Installation here, params string[] arguments)
    {
        var answer = await here.RunAsync(arguments);
        answer.Status.ShouldBe(0, answer.Error + answer.Output);
    }

    /// <summary>Runs a command whose run waits for a person, and answers that run's number.</summary>
    private static async Task<string> WaitingAsync(Installation here, params string[] arguments)
    {
        var waiting = await here.RunAsync([.. arguments, "--json"]);
        waiting.Status.ShouldBe(3, waiting.Error + waiting.Output);
        return JsonNode.Parse(waiting.Output)!["run"]!.GetValue<string>();
    }

    /// <summary>Kills the acceptance of a run until enough kills have hit it at work, on a slow machine some more; their moments are spread evenly over the time that it takes.</summary>
    private static async Task KillAsync(Installation prepared, string what, string run, string package, byte[] before, byte[] after)
    {
        var random = new Random(20261128);
        var number = long.Parse(run, CultureInfo.InvariantCulture);
        var (old, now) = (await FilesAsync(before), await FilesAsync(after));
        old.ShouldNotBe(now);
        double length = Math.Min(await DurationAsync(prepared, number), await DurationAsync(prepared, number));
        var (hits, deliveriesHit, round) = (0, 0, 0);
        var killedAt = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (; hits < Kills && round < 4 * Kills; round++)
        {
            await using var here = await prepared.CopyAsync();
            await File.WriteAllBytesAsync(package, before);
            await using var installation = here.Open();
            var store = (await installation.OpenAsync("riverside", default))!;
            using (var process = here.Start("accept", run, "--reason", "It is meant."))
            {
                await UntilAtWorkAsync(store, number, process);
                await Task.Delay((int)(length * ((round % Kills) + random.NextDouble()) / Kills));
                process.Kill();
                await process.WaitForExitAsync();
            }

            var state = (await store.Runs.GetAsync(number, default))!.State;
            killedAt[state] = killedAt.GetValueOrDefault(state) + 1;
            hits += state is "published" ? 0 : 1;
            // A busy machine is now slower and now faster than when it was measured.
            length *= state is "published" ? 0.8 : 1.05;
            (await File.ReadAllBytesAsync(package)).ShouldBe(before, "what was not published whole was delivered");
            (await RosterAsync(store)).ShouldBe(state is "published" ? now : old, $"round {round}: killed when {state}");
            await NextAsync(installation, store, here, number, isPublished: state is "published");
            (await RosterAsync(store)).ShouldBe(now, $"round {round}: accepted again");
            if (round % 5 == 0)
            {
                deliveriesHit += await KillDeliveryAsync(here, store, package, old, now, random.Next(120)) ? 1 : 0;
            }
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{what}: {round} kills within about {length:F0} ms, {string.Join(", ", killedAt.Select(state => $"{state.Value} {state.Key}"))}; {deliveriesHit} deliveries killed"
        );
        hits.ShouldBe(Kills);
    }

    /// <summary>Milliseconds from an acceptance's first sign of life to its end.</summary>
    private static async Task<int> DurationAsync(Installation prepared, long run)
    {
        await using var here = await prepared.CopyAsync();
        await using var installation = here.Open();
        var store = (await installation.OpenAsync("riverside", default))!;
        using var process = here.Start("accept", run.ToString(CultureInfo.InvariantCulture), "--reason", "It is meant.");
        await UntilAtWorkAsync(store, run, process);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while ((await store.Runs.GetAsync(run, default))!.State is not "published")
        {
            clock.Elapsed.TotalSeconds.ShouldBeLessThan(60);
            await Task.Delay(5);
        }

        var length = (int)clock.ElapsedMilliseconds;
        await process.WaitForExitAsync();
        return length;
    }

    private static async Task UntilAtWorkAsync(IDistrictStore store, long run, System.Diagnostics.Process process)
    {
        while ((await store.Runs.GetAsync(run, default))!.State is "held" or "waiting")
        {
            process.HasExited.ShouldBeFalse();
            await Task.Delay(5);
        }
    }

    /// <summary>The next program finds what was not published waiting again, and publishes it once a person accepts it.</summary>
    private static async Task NextAsync(IInstallationStore installation, IDistrictStore store, Installation here, long run, bool isPublished)
    {
        await using var imports = new Sync.Runs.Imports(
            installation,
            [new OneRosterCsvConnector()],
            new PlainSecrets(),
            new ImportOptions(Path.Combine(here.Data, "work")),
            TimeProvider.System,
            NullLogger<Sync.Runs.Imports>.Instance
        );
        // A database server needs a moment to see that the killed program's connection, and with it its lock, is gone.
        await Server.UntilAsync(
            async () =>
            {
                await imports.RecoverAsync(default);
                return (await store.Runs.UnendedAsync(null, default)).All(RunStates.IsUndecided);
            },
            30
        );
        var found = (await store.Runs.GetAsync(run, default))!;
        RunStates.IsUndecided(found).ShouldBe(!isPublished, found.State);
        if (!isPublished)
        {
            var hash = await imports.ShownAsync(store, found, default);
            (await imports.AcceptAsync("riverside", run, hash, "ada", "It is meant.", default)).ShouldBe(new StartResult.Started(run));
            await imports.WaitAsync("riverside", run, default);
        }

        (await store.Runs.GetAsync(run, default))!.State.ShouldBe("published");
        (await store.Runs.UnendedAsync(null, default)).ShouldBeEmpty();
    }

    /// <summary>Kills the delivery of what was published: the package is the old or the new one, and the next delivery brings the new one. Whether that hit it at work.</summary>
    private static async Task<bool> KillDeliveryAsync(
        Installation here,
        IDistrictStore store,
        string package,
        List<string> old,
        List<string> now,
        int milliseconds
    )
    {
        var version = (await store.Roster.LatestAsync(default))!.Number;
        using var process = here.Start("deliver", "vendor");
        await Server.UntilAsync(async () => process.HasExited || (await LatestAsync()).Start.Version == version, 60);
        await Task.Delay(milliseconds);
        process.Kill();
        await process.WaitForExitAsync();
        var isHit = (await LatestAsync()).State is DeliveryState.Working;
        var files = await FilesAsync(await File.ReadAllBytesAsync(package));
        (files.SequenceEqual(old) || files.SequenceEqual(now)).ShouldBeTrue("half a package was seen");
        await SucceedAsync(here, "deliver", "vendor");
        (await FilesAsync(await File.ReadAllBytesAsync(package))).ShouldBe(now);
        return isHit;

        async Task<DeliveryRecord> LatestAsync() => (await store.Deliveries.ListAsync("vendor", null, 1, default))[0];
    }

    /// <summary>What the newest version's package would hold; as many records of each kind as the version says.</summary>
    private static async Task<List<string>> RosterAsync(IDistrictStore store)
    {
        var version = (await store.Roster.LatestAsync(default))!;
        await KillTests.WholeAsync(store, version);
        using var package = new MemoryStream();
        await new OneRosterCsvExport(store.Roster).WriteAsync(package, version.Number, default);
        return await FilesAsync(package.ToArray());
    }

    /// <summary>A package's files, each with its hash, but for the manifest, which names the version.</summary>
    private static async Task<List<string>> FilesAsync(byte[] package)
    {
        using var stream = new MemoryStream(package);
        await using var zip = new ZipArchive(stream);
        var files = new List<string>();
        foreach (var entry in zip.Entries.Where(entry => entry.Name is not "manifest.csv"))
        {
            await using var content = await entry.OpenAsync();
            files.Add($"{entry.Name} {Convert.ToHexStringLower(await SHA256.HashDataAsync(content))}");
        }

        return files;
    }
}

/// <summary>On SQLite.</summary>
public sealed class KilledApprovalTestsOnSqlite() : KilledApprovalTests(Engine.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class KilledApprovalTestsOnPostgres() : KilledApprovalTests(Engine.Postgres);
