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

    private const string Program = "rollbook.dll";

    private readonly Dictionary<string, string?> environment = new(StringComparer.Ordinal)
    {
        ["ROLLBOOK_DATABASE"] = connection,
        ["BENCH_SECRET"] = ClientSecret,
    };

    /// <summary>The district's SQLite file.</summary>
    internal string SqliteFile => Path.Combine(folder, "districts", District + ".db");

    /// <summary>Configures the district.</summary>
    internal async Task ConfigureAsync(SimulatedSynergy sis)
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
              synergy:
                type: synergy
                delivery:
                  apiUrl: {{sis.ApiUrl}}
                  tokenUrl: {{sis.TokenUrl}}
                  clientId: {{sis.ClientId}}
                  clientSecret: ${env:BENCH_SECRET}
                  acceptTerms: true
                  pageSize: {{sis.Options.PageCacheLimit}}
            """
        );
        await MeasuredProcess.RunAsync(Program, environment, "apply", "-f", file, "--data", folder);
    }

    /// <summary>Imports, and holds the end against what is expected.</summary>
    /// <exception cref="InvalidOperationException">The import ended otherwise.</exception>
    internal async Task<ImportFigures> ImportAsync(RunState expected)
    {
        var process = await MeasuredProcess.RunAsync(Program, environment, "import", "synergy", "--json", "--data", folder);
        using var document = JsonDocument.Parse(process.Output);
        if (!string.Equals(document.RootElement.GetProperty("state").GetString(), RunStates.ToWord(expected), StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The import should have ended as {expected}:\n{process.Output}");
        }

        var run = long.Parse(document.RootElement.GetProperty("run").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        await using var installation = Open();
        var store = (await installation.OpenAsync(District, CancellationToken.None))!;
        var record = (await store.Runs.GetAsync(run, CancellationToken.None))!;
        return new ImportFigures(process, RunReport.FromJson(record.Report), record.EndedAt!.Value - record.StartedAt);
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

    private IInstallationStore Open() =>
        connection is null
            ? SqliteInstallationStore.Open(folder, TimeProvider.System)
            : PostgresInstallationStore.Open(connection, TimeProvider.System);
}

/// <summary>What an import took.</summary>
/// <param name="Process">The program.</param>
/// <param name="Report">The run's own report.</param>
/// <param name="Run">From the run's record to its end.</param>
internal sealed record ImportFigures(MeasuredProcess Process, RunReport Report, TimeSpan Run)
{
    /// <summary>The run's own seconds: reading (deriving and comparing are in it) and publishing.</summary>
    internal double Seconds => Report.Seconds.Values.Sum();
}
