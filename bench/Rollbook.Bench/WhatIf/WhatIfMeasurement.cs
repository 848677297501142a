using System.Globalization;
using System.Text.Json;
using Rollbook.Simulator;
using Rollbook.Sync.Runs;
using Rollbook.Testing;

namespace Rollbook.Bench.WhatIf;

/// <summary>
/// What-ifs of changed configurations on the kept upload of a simulated district, beside imports of the same upload: the first, an unchanged one, and one with the
/// configuration of which the what-if told, whose figures must be those that it told.
/// </summary>
internal sealed class WhatIfMeasurement(BenchOptions options)
{
    /// <summary>Measures, and prints a table.</summary>
    internal async Task<int> RunAsync()
    {
        await using var sis = await Measurement.StartAsync(options);
        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"whatif-{Environment.ProcessId}")).FullName;
        try
        {
            await RunAsync(sis, folder);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAsync(SimulatedSynergy sis, string folder)
    {
        var connection = options.Database == Database.Sqlite ? null : await (await PostgresServer.SharedAsync()).NewDatabaseAsync();
        var installation = new Installation(Path.Combine(folder, "data"), connection);
        await installation.ConfigureAsync(sis);
        var load = Measurement.Load();
        var first = await installation.ImportAsync(RunState.Published);
        Say($"First import: {first.Seconds:0.0} s, {first.Process.PeakMebibytes:0} MiB");
        var unchanged = await installation.ImportAsync(RunState.Unchanged);
        Say($"Unchanged import: {unchanged.Seconds:0.0} s, {unchanged.Process.PeakMebibytes:0} MiB");
        var figures = new List<(WhatIfCase Case, AskedFigures Asked, MeasuredProcess Process, bool IsWritten)>();
        await using (var state = await StoreState.OpenAsync(installation.SqliteFile, connection))
        {
            foreach (var asked in WhatIfCase.All)
            {
                figures.Add(await AskAsync(installation, state, asked));
            }
        }

        // As deep into the import as the what-if goes where it waits for a person, and published otherwise.
        var (changed, told, _, _) = figures[0];
        await installation.ConfigureAsync(sis, changed.Yaml);
        var import = await installation.ImportAsync(RunStates.FromWord(told.EndsAs));
        Say($"Import with \"{changed.Name}\": {import.Seconds:0.0} s, {import.Process.PeakMebibytes:0} MiB, {told.EndsAs}");
        Check(told, import);
        Print(load, first, unchanged, figures, import);
    }

    private static async Task<(WhatIfCase Case, AskedFigures Asked, MeasuredProcess Process, bool IsWritten)> AskAsync(
        Installation installation,
        StoreState state,
        WhatIfCase asked
    )
    {
        var before = await state.TellAsync();
        var process = await MeasuredProcess.RunAsync("Rollbook.Bench.dll", installation.Environment, "whatif-asked", installation.Folder, asked.Word);
        var after = await state.TellAsync();
        var figures = JsonSerializer.Deserialize<AskedFigures>(process.Output)!;
        Say($"What if {asked.Name}: {figures.Total:0.0} s, CPU {process.Cpu:0.0} s; load {Measurement.Load():0.0}");
        Say($"  before: {before}; after: {after}");
        foreach (var step in figures.Steps.OrderBy(step => step.Value))
        {
            Say($"  {step.Value, 6:0.0} s {step.Key}");
        }

        return (asked, figures, process, !string.Equals(before, after, StringComparison.Ordinal));
    }

    /// <summary>What an import then did must be what was told.</summary>
    private static void Check(AskedFigures told, ImportFigures import)
    {
        foreach (var (kind, counts) in import.Report.Changes.Where(kind => kind.Value.Any))
        {
            if (told.Changes.GetValueOrDefault(Model.Kinds.Of(kind).Name) != new AskedCounts(counts))
            {
                throw new InvalidOperationException($"The what-if told something else of {kind} than the import did.");
            }
        }
    }

    private void Print(
        double load,
        ImportFigures first,
        ImportFigures unchanged,
        List<(WhatIfCase Case, AskedFigures Asked, MeasuredProcess Process, bool IsWritten)> figures,
        ImportFigures import
    )
    {
        var name = options.Database == Database.Sqlite ? "SQLite" : "PostgreSQL";
        Line($"{name}, {options.Students:N0} students, {figures[0].Asked.Read:N0} records, load {load:0.0} to {Measurement.Load():0.0}");
        Line($"");
        Line($"| what-if | records changed | first reading s | first change s | total s | CPU s | objects MiB | resident MiB | written |");
        Line($"|---|---:|---:|---:|---:|---:|---:|---:|---|");
        foreach (var (asked, told, process, isWritten) in figures)
        {
            Line(
                $"| {asked.Name} | {told.Changes.Values.Sum(counts => counts.Create + counts.Update + counts.Delete):N0} | {told.FirstRead:0.00} | {told.FirstChange:0.0} | {told.Total:0.0} | {process.Cpu:0.0} | {told.Managed:0} | {told.Resident:0} | {(isWritten ? "yes" : "nothing")} |"
            );
        }

        Line($"");
        Line($"| import of the same | run s | CPU s | peak MiB | first what-if / import |");
        Line($"|---|---:|---:|---:|---:|");
        Import("first", first);
        Import("unchanged", unchanged);
        Import($"with that Filter Rule ({figures[0].Asked.EndsAs})", import);

        void Import(string what, ImportFigures measured) =>
            Line(
                $"| {what} | {measured.Seconds:0.0} | {measured.Process.Cpu:0.0} | {measured.Process.PeakMebibytes:0} | {figures[0].Asked.Total / measured.Seconds:0.00} |"
            );
    }

    private static void Line(FormattableString line) => Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Say(FormattableString line) => Console.Error.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
