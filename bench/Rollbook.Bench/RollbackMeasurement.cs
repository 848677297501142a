using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Storage.Postgres;
using Rollbook.Storage.Sqlite;
using Rollbook.Sync.Runs;
using Rollbook.Testing;

namespace Rollbook.Bench;

/// <summary>
/// What a rollback takes, and then freeing the versions before it, in rosters of two sizes and for changes of three sizes: both are to grow with the change.
/// </summary>
internal static class RollbackMeasurement
{
    private const string District = "bench";

    private static readonly int[] Changes = [1_000, 10_000, 100_000];

    /// <summary>Measures, and prints a table.</summary>
    /// <param name="records">Enrollments in the larger roster; the smaller one has a quarter.</param>
    /// <param name="database">On what.</param>
    internal static async Task<int> RunAsync(int records, Database database)
    {
        Console.Out.WriteLine($"{(database == Database.Sqlite ? "SQLite" : "PostgreSQL")}, enrollments");
        Console.Out.WriteLine();
        Console.Out.WriteLine(
            "| in the roster | changed | compared and staged: s | accepted: s | compared with counts: s | purged: s | old values freed | load |"
        );
        Console.Out.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|");

        // Not told: the program compiles while it does it.
        await MeasureAsync(Changes[1], Changes[0], database);
        foreach (var changed in Changes.Where(changed => changed <= records / 4))
        {
            foreach (var size in new[] { records / 4, records })
            {
                Console.Out.WriteLine(await MeasureAsync(size, changed, database));
            }
        }

        return 0;
    }

    private static async Task<string> MeasureAsync(int size, int changed, Database database)
    {
        var folder = Directory.CreateTempSubdirectory("rollbook-bench-").FullName;
        var server = database == Database.Postgres ? await PostgresServer.SharedAsync() : null;
        var connection = server is null ? null : await server.NewDatabaseAsync();
        try
        {
            await using IInstallationStore installation = connection is null
                ? SqliteInstallationStore.Open(folder, TimeProvider.System)
                : PostgresInstallationStore.Open(connection, TimeProvider.System);
            return await MeasureAsync(installation, folder, size, changed);
        }
        finally
        {
            if (connection is not null)
            {
                await server!.DropDatabaseAsync(connection);
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> MeasureAsync(IInstallationStore installation, string folder, int size, int changed)
    {
        var store = await installation.CreateAsync(new DistrictInfo(District, "Bench", "UTC"), default);
        await PublishAsync(store, new Enrollments(size, changed: 0));
        await PublishAsync(store, new Enrollments(size, changed));
        await using var imports = new Imports(
            installation,
            [],
            new PlainSecrets(),
            new ImportOptions(Path.Combine(folder, "work")),
            TimeProvider.System,
            NullLogger<Imports>.Instance
        );
        var start = Stopwatch.GetTimestamp();
        var run = ((StartResult.Started)await imports.StartRollbackAsync(District, 1, "command", "bench", "Measured", default)).Run;
        await imports.WaitAsync(District, run, default);
        var staged = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        await imports.AcceptAsync(District, run, null, "bench", "Measured", default);
        await imports.WaitAsync(District, run, default);
        var accepted = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        var counts = await store.Roster.CountDifferencesAsync(2, 3, default);
        var compared = Stopwatch.GetElapsedTime(start);
        if (counts[Kind.Enrollment].Update != changed)
        {
            throw new InvalidOperationException("The rollback brought something else back.");
        }

        start = Stopwatch.GetTimestamp();
        var freed = await store.Roster.PurgeAsync(3, default);
        var purged = Stopwatch.GetElapsedTime(start);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {size:N0} | {changed:N0} | {staged.TotalSeconds:N2} | {accepted.TotalSeconds:N2} | {compared.TotalSeconds:N2} | {purged.TotalSeconds:N2} | {freed:N0} | {Measurement.Load():0.0} |"
        );
    }

    private static async Task PublishAsync(IDistrictStore store, Enrollments changes)
    {
        var run = await store.Runs.AddAsync("sis", "command", "bench", 1, TimeProvider.System.GetUtcNow(), default);
        await store.Runs.MoveAsync(run.Number, "queued", "publishing", null, null, default);
        var latest = (await store.Roster.LatestAsync(default))?.Number ?? 0;
        await store.Roster.PublishAsync(
            new Publication(
                run.Number,
                "sis",
                latest,
                1,
                "bench",
                "bench",
                TimeProvider.System.GetUtcNow,
                Reason: null,
                changes,
                new UnresolvedChanges(ClearAll: false, [], []),
                [],
                (_, _) => "{}"
            ),
            default
        );
    }

    /// <summary>All enrollments as new; or, when some changed, those.</summary>
    private sealed class Enrollments(int size, int changed) : IChangeSet
    {
        private static readonly IdScope Scope = new(District, "sis", Family.Enrollment);

        private readonly RollbookId[] ids = [.. Enumerable.Range(0, size).Select(number => RollbookId.Derive(Scope, $"e{number}"))];

        public IReadOnlyDictionary<Kind, ChangeCounts> Counts { get; } =
            new Dictionary<Kind, ChangeCounts>
            {
                [Kind.Enrollment] = changed == 0 ? new ChangeCounts(Create: size) : new ChangeCounts(Update: changed),
            };

        public IEnumerable<StagedChange> Read(Kind kind)
        {
            if (kind != Kind.Enrollment)
            {
                yield break;
            }

            var operation = changed == 0 ? Operation.Create : Operation.Update;
            var take = changed == 0 ? size : changed;
            var writer = new RowWriter();
            foreach (var (id, number) in ids.Take(take).Select((id, number) => (id, number)).OrderBy(each => each.id))
            {
                writer.Clear();
                foreach (var attribute in Kinds.Of(Kind.Enrollment).Attributes)
                {
                    Write(writer, attribute.Name, number);
                }

                yield return new StagedChange(operation, Kind.Enrollment, id, writer.ToRow(Kind.Enrollment), Consequence: false);
            }
        }

        private void Write(RowWriter writer, string attribute, int number)
        {
            switch (attribute)
            {
                case "sisId":
                    writer.Text($"e{number}");
                    break;
                case "person" or "class" or "school":
                    writer.Reference(
                        ids[
                            attribute is "person" ? number / 7
                            : attribute is "class" ? number / 25
                            : number / 20_000
                        ]
                    );
                    break;
                case "role":
                    writer.Text(changed == 0 ? "student" : "teacher");
                    break;
                default:
                    writer.Missing();
                    break;
            }
        }
    }
}
