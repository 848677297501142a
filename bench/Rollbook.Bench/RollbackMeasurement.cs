using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Storage.Sqlite;
using Rollbook.Sync.Runs;
using Rollbook.Testing;

namespace Rollbook.Bench;

/// <summary>What a rollback takes, in rosters of two sizes and for changes of two sizes: it is to grow with the change.</summary>
internal static class RollbackMeasurement
{
    private const string District = "bench";

    internal static async Task<int> RunAsync(int records)
    {
        Console.Out.WriteLine($"SQLite, enrollments, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        Console.Out.WriteLine();
        Console.Out.WriteLine("| in the roster | changed | compared and staged: s | accepted: s | compared with counts: s |");
        Console.Out.WriteLine("|---:|---:|---:|---:|---:|");
        foreach (var size in new[] { records / 4, records })
        {
            foreach (var changed in new[] { records / 100, records / 10 })
            {
                await MeasureAsync(size, changed);
            }
        }

        return 0;
    }

    private static async Task MeasureAsync(int size, int changed)
    {
        var folder = Directory.CreateTempSubdirectory("rollbook-bench-").FullName;
        try
        {
            await using var installation = SqliteInstallationStore.Open(folder, TimeProvider.System);
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

            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {size:N0} | {changed:N0} | {staged.TotalSeconds:N2} | {accepted.TotalSeconds:N2} | {compared.TotalSeconds:N2} |"
                )
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
