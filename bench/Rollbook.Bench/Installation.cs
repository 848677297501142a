using System.Text.Json;
using Rollbook.Simulator;
using Rollbook.Storage;
using Rollbook.Storage.Postgres;
using Rollbook.Storage.Sqlite;
using Rollbook.Sync.Runs;

namespace Rollbook.Bench;

/// <summary>A fresh data folder (and database) with one district in it, imported into by the real program.</summary>
/// <param name="folder">The data folder.</param>
/// <param name="connection">PostgreSQL's connection string; null for SQLite.</param>
internal sealed class Installation(string folder, string? connection)
{
    /// <summary>The district's ID.</summary>
    internal const string District = "bench";

    /// <summary>The simulated SIS's secret.</summary>
    internal const string ClientSecret = "simulated-secret";

    /// <summary>The app's ID.</summary>
    internal const string App = "synergy";

    private const string Program = "rollbook.dll";

    // With which the command says that a person is to decide.
    private const int Waits = 3;

    private readonly Dictionary<string, string?> environment = new(StringComparer.Ordinal)
    {
        ["ROLLBOOK_DATABASE"] = connection,
        ["BENCH_SECRET"] = ClientSecret,
    };

    /// <summary>The district's SQLite file.</summary>
    internal string SqliteFile => Path.Combine(folder, "districts", District + ".db");

    /// <summary>The data folder.</summary>
    internal string Folder => folder;

    /// <summary>What a program needs to find it.</summary>
    internal IReadOnlyDictionary<string, string?> Environment => environment;

    /// <summary>Configures the district.</summary>
    /// <param name="sis">What it imports from.</param>
    /// <param name="more">Further lines of the file, below the app.</param>
    internal async Task ConfigureAsync(SimulatedSynergy sis, string more = "")
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "district.yaml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            district:
              id: {{District}}
              name: Bench Unified (simulated)
              timeZone: America/Los_Angeles
            apps:
              {{App}}:
                type: synergy
                delivery:
                  apiUrl: {{sis.ApiUrl}}
                  tokenUrl: {{sis.TokenUrl}}
                  clientId: {{sis.ClientId}}
                  clientSecret: ${env:BENCH_SECRET}
                  acceptTerms: true
                  pageSize: {{sis.Options.PageCacheLimit}}
            {{more}}
            """
        );
        await MeasuredProcess.RunAsync(Program, environment, "apply", "-f", file, "--data", folder);
    }

    /// <summary>Imports, and holds the end against what is expected.</summary>
    /// <exception cref="InvalidOperationException">The import ended otherwise.</exception>
    internal async Task<ImportFigures> ImportAsync(RunState expected)
    {
        int[] ends = expected is RunState.Held or RunState.Waiting ? [Waits] : [0];
        var process = await MeasuredProcess.RunAsync(Program, environment, ends, "import", App, "--json", "--data", folder);
        using var document = JsonDocument.Parse(process.Output);
        if (!string.Equals(document.RootElement.GetProperty("state").GetString(), RunStates.ToWord(expected), StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The import should have ended as {expected}:\n{process.Output}");
        }

        var run = long.Parse(document.RootElement.GetProperty("run").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        await using var installation = Open();
        var store = (await installation.OpenAsync(District, CancellationToken.None))!;
        var record = (await store.Runs.GetAsync(run, CancellationToken.None))!;
        return new ImportFigures(process, RunReport.FromJson(record.Report), run);
    }

    /// <summary>Every hundredth of the published students, by SIS ID.</summary>
    internal async Task<List<string>> HundredthAsync()
    {
        await using var installation = Open();
        var store = (await installation.OpenAsync(District, CancellationToken.None))!;
        var found = new List<string>();
        await foreach (var record in store.Roster.ReadAsync(Model.Kind.Student, null, CancellationToken.None))
        {
            // The low half of an ID is hash, so that this is a steady choice spread over the whole district.
            if ((ulong)record.Id.Value % 100 == 0)
            {
                found.Add(record.Row.SisId);
            }
        }

        return found;
    }

    /// <summary>The store.</summary>
    internal IInstallationStore Open() =>
        connection is null
            ? SqliteInstallationStore.Open(folder, TimeProvider.System)
            : PostgresInstallationStore.Open(connection, TimeProvider.System);
}

/// <summary>What an import took.</summary>
/// <param name="Process">The program.</param>
/// <param name="Report">The run's own report.</param>
/// <param name="Run">The run's number.</param>
internal sealed record ImportFigures(MeasuredProcess Process, RunReport Report, long Run)
{
    /// <summary>The run's own seconds: reading (deriving and comparing are in it) and publishing.</summary>
    internal double Seconds => Report.Seconds.Values.Sum();
}
