using System.Globalization;
using System.Text.Json;
using Rollbook.Bench.Limits;
using Rollbook.Simulator;
using Rollbook.Sync.Runs;
using Rollbook.Testing;

namespace Rollbook.Bench;

/// <summary>Measures round by round: every import beside its limit, in alternation, so that both meet the same machine.</summary>
internal sealed class Measurement(BenchOptions options)
{
    private static readonly JsonSerializerOptions ReadOptions = new() { PropertyNameCaseInsensitive = true };

    /// <summary>Does it. What is under way is said on standard error.</summary>
    internal async Task<IReadOnlyList<Round>> RunAsync()
    {
        await using var sis = await StartAsync(options);
        var rounds = new List<Round>();
        for (var i = 1; i <= options.Rounds; i++)
        {
            Say($"Round {i} of {options.Rounds}; load {Load():0.0}");
            var folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"round-{Environment.ProcessId}-{i}")).FullName;
            try
            {
                rounds.Add(await RoundAsync(sis, folder));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return rounds;
    }

    /// <summary>The simulated SIS with its pages.</summary>
    internal static async Task<SimulatedSynergy> StartAsync(BenchOptions options)
    {
        Directory.CreateDirectory(options.Folder);
        Say($"Making {options.Students:N0} students and their pages in {options.Folder} …");
        return await SimulatedSynergy.StartAsync(
            new SimulatorOptions
            {
                Students = options.Students,
                EnrollmentsPerStudent = BenchOptions.EnrollmentsPerStudent,
                ClientSecret = Installation.ClientSecret,
                PageCache = Path.Combine(options.Folder, "pages"),
                // Fixed, so that the pages of one day serve the next.
                SchoolYearStart = new DateOnly(2026, 8, 10),
            }
        );
    }

    private async Task<Round> RoundAsync(SimulatedSynergy sis, string folder)
    {
        var load = Load();
        var connection = options.Database == Database.Sqlite ? null : await (await PostgresServer.SharedAsync()).NewDatabaseAsync();
        var installation = new Installation(Path.Combine(folder, "data"), connection);
        await installation.ConfigureAsync(sis);

        var readBeforeFirst = await ReadAsync(sis);
        var first = Say("First import", await installation.ImportAsync(RunState.Published));
        await using IHandWriting writing = connection is null
            ? SqliteHandWriting.Open(installation.SqliteFile, Path.Combine(folder, "hand.db"))
            : await PostgresHandWriting.OpenAsync(connection, folder);
        await writing.PrepareLoadAsync();
        var loaded = Say("Loading by hand", await writing.LoadAsync());

        var readBeforeUnchanged = await ReadAsync(sis);
        var unchanged = Say("Unchanged import", await installation.ImportAsync(RunState.Unchanged));
        var readAfterUnchanged = await ReadAsync(sis);

        Say("Changing a hundredth in the SIS …");
        await ChangeAsync(sis, installation);
        var hundredth = Say("Import of the changes", await installation.ImportAsync(RunState.Published));
        await writing.PrepareChangeAsync();
        var changed = Say("Changing by hand", await writing.ChangeAsync());
        return new Round
        {
            Load = (load, Load()),
            Records = readBeforeFirst.Records,
            Changed = hundredth.Report.Changes.Values.Sum(count => count.Create + count.Update + count.Delete),
            ReadBeforeFirst = readBeforeFirst,
            First = first,
            HandLoad = loaded,
            ReadBeforeUnchanged = readBeforeUnchanged,
            Unchanged = unchanged,
            ReadAfterUnchanged = readAfterUnchanged,
            Hundredth = hundredth,
            HandChange = changed,
        };
    }

    /// <summary>
    /// One student in two hundred leaves with all enrollments and as many come; one in a hundred of the others takes another name. So about one in a hundred
    /// of all records comes, goes or changes.
    /// </summary>
    private static async Task ChangeAsync(SimulatedSynergy sis, Installation installation)
    {
        var renamed = await installation.HundredthAsync();
        var leave = sis.Scenarios.MassWipe(0.005);
        var gone = leave.Deleted(Kind.Users).ToHashSet(StringComparer.Ordinal);
        sis.Scenarios.NewStudent(Math.Max(1, sis.GetTruth().Students / 200));
        foreach (var student in renamed.Where(student => !gone.Contains(student)))
        {
            sis.Scenarios.NameChange(student);
        }

        await sis.PrerenderAsync();
    }

    private static async Task<ReadMeasured> ReadAsync(SimulatedSynergy sis)
    {
        var process = await MeasuredProcess.RunAsync(
            "Rollbook.Bench.dll",
            new Dictionary<string, string?>(StringComparer.Ordinal),
            "read",
            sis.ApiUrl.ToString(),
            sis.TokenUrl.ToString()
        );
        var figures = JsonSerializer.Deserialize<ReadFigures>(process.Output, ReadOptions)!;
        Say("Reading and hashing", figures.Seconds);
        return new ReadMeasured(figures.Seconds, figures.Records, process);
    }

    /// <summary>The machine's load, mean of a minute.</summary>
    internal static double Load() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static ImportFigures Say(string what, ImportFigures import)
    {
        var stages = string.Join(
            ", ",
            import.Report.Seconds.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Key} {stage.Value:0.00}"))
        );
        Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {what}: {import.Seconds:0.00} s ({stages}); program {import.Process.Wall:0.00} s, CPU {import.Process.Cpu:0.0} s, {import.Process.PeakMebibytes:0} MiB"
            )
        );
        return import;
    }

    private static double Say(string what, double seconds)
    {
        Say(string.Create(CultureInfo.InvariantCulture, $"  {what}: {seconds:0.00} s"));
        return seconds;
    }

    private static void Say(string line) => Console.Error.WriteLine(line);
}
