using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Storage.Postgres;
using Rollbook.Storage.Sqlite;
using Rollbook.Sync.Runs;
using Rollbook.Sync.WhatIf;
using Rollbook.Testing;

namespace Rollbook.Bench.WhatIf;

/// <summary>One what-if in a process of its own, which has done nothing before, so that its memory can be told.</summary>
internal sealed class AskedWhatIf : IProgress<WhatIfProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly Stopwatch watch = new();
    private readonly Dictionary<string, double> steps = new(StringComparer.Ordinal);
    private double? firstRead;
    private double? firstChange;
    private string? last;

    /// <summary>Derives it and prints <see cref="AskedFigures"/> as JSON; the time begins when the store is open.</summary>
    internal static async Task<int> RunAsync(string folder, string word)
    {
        var connection = Environment.GetEnvironmentVariable("ROLLBOOK_DATABASE");
        await using IInstallationStore installation = string.IsNullOrEmpty(connection)
            ? SqliteInstallationStore.Open(folder, TimeProvider.System)
            : PostgresInstallationStore.Open(connection, TimeProvider.System);
        var store = (await installation.OpenAsync(Installation.District, CancellationToken.None))!;
        var question = await WhatIfCase.All.Single(each => string.Equals(each.Word, word, StringComparison.Ordinal)).AskAsync(store);
        var whatIfs = new WhatIfs([], new PlainSecrets(), new ImportOptions(Path.Combine(folder, "work")), TimeProvider.System);
        var figures = await new AskedWhatIf().AskAsync(whatIfs, store, question);
        Console.Out.WriteLine(JsonSerializer.Serialize(figures));
        return 0;
    }

    /// <inheritdoc/>
    public void Report(WhatIfProgress value)
    {
        var now = watch.Elapsed.TotalSeconds;
        if (value.Reading.Collections.Any(line => line.Read > 0))
        {
            firstRead ??= now;
        }

        if (value.Changes.Values.Any(counts => counts.Any))
        {
            firstChange ??= now;
        }

        // What was begun by then; the beginning of the next is its end.
        var step = value.Reading.Step ?? value.ToString().Split(':')[0];
        if (!string.Equals(step, last, StringComparison.Ordinal))
        {
            steps[step] = now;
            last = step;
        }
    }

    private async Task<AskedFigures> AskAsync(WhatIfs whatIfs, IDistrictStore store, WhatIfQuestion question)
    {
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        var resident = Resident();
        var (mostManaged, mostResident) = (managed, resident);
        watch.Start();
        var asked = Task.Run(() => whatIfs.DeriveAsync(store, question, this, CancellationToken.None));
        while (!asked.IsCompleted)
        {
            await Task.WhenAny(asked, Task.Delay(Interval));
            mostManaged = Math.Max(mostManaged, GC.GetTotalMemory(forceFullCollection: false));
            mostResident = Math.Max(mostResident, Resident());
        }

        var report = await asked;
        var total = watch.Elapsed.TotalSeconds;
        return new AskedFigures(
            firstRead ?? total,
            firstChange ?? total,
            total,
            Mebibytes(mostManaged - managed),
            Mebibytes(mostResident - resident),
            report.WaitsAs is { } waits ? RunStates.ToWord(waits) : RunStates.ToWord(RunState.Published),
            report
                .Changes.Where(kind => kind.Value.Any)
                .ToDictionary(kind => Kinds.Of(kind.Key).Name, kind => new AskedCounts(kind.Value), StringComparer.Ordinal),
            report.Read.Values.Sum(),
            steps
        );
    }

    private static double Mebibytes(long bytes) => bytes / 1024.0 / 1024;

    private static long Resident() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}

/// <summary>What a what-if took and said.</summary>
/// <param name="FirstRead">Seconds until it was first told that records had been read.</param>
/// <param name="FirstChange">Seconds until a change was first counted.</param>
/// <param name="Total">Seconds in total.</param>
/// <param name="Managed">Mebibytes of objects above what there was before, at most.</param>
/// <param name="Resident">Mebibytes in memory above what there was before, at most.</param>
/// <param name="EndsAs">How an import with the configuration would end.</param>
/// <param name="Changes">What would change, by the kind's word.</param>
/// <param name="Read">Records that were read.</param>
/// <param name="Steps">When each step was first heard of.</param>
internal sealed record AskedFigures(
    double FirstRead,
    double FirstChange,
    double Total,
    double Managed,
    double Resident,
    string EndsAs,
    IReadOnlyDictionary<string, AskedCounts> Changes,
    long Read,
    IReadOnlyDictionary<string, double> Steps
);

/// <summary>Counts of a kind, as a what-if and an import have them alike.</summary>
internal sealed record AskedCounts(long Create, long Update, long Delete, long Unchanged)
{
    /// <summary>Those of the program.</summary>
    internal AskedCounts(ChangeCounts counts)
        : this(counts.Create, counts.Update, counts.Delete, counts.Unchanged) { }
}
