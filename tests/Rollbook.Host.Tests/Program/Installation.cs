using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;
using Rollbook.Storage;
using Rollbook.Storage.Postgres;
using Rollbook.Storage.Sqlite;
using Rollbook.Testing;

namespace Rollbook.Host.Tests.Program;

/// <summary>A data folder (and a database) for the program, with a look into its store from the side.</summary>
internal sealed class Installation : IAsyncDisposable
{
    internal const string Secret = "simulated-secret";

    private readonly string? connection;
    private bool isCopy;

    private Installation(string folder, string? connection)
    {
        (Folder, this.connection) = (folder, connection);
        Environment["ROLLBOOK_DATABASE"] = connection;
        Environment["SYNERGY_SECRET"] = Secret;
        Environment["ROLLBOOK_PACKAGE_FOLDERS"] = "/";
    }

    internal string Folder { get; }

    internal string Data => Path.Combine(Folder, "data");

    internal Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal);

    internal static async Task<Installation> NewAsync(Engine engine) =>
        new(
            Directory.CreateTempSubdirectory("rollbook-program-").FullName,
            engine == Engine.Sqlite ? null : await (await PostgresServer.SharedAsync()).NewDatabaseAsync()
        );

    /// <summary>Another one with what this one holds; no program may be at work in this one.</summary>
    internal async Task<Installation> CopyAsync()
    {
        var copy = new Installation(
            Directory.CreateTempSubdirectory("rollbook-program-").FullName,
            connection is null ? null : await (await PostgresServer.SharedAsync()).CopyDatabaseAsync(connection)
        )
        {
            isCopy = true,
        };
        foreach (var (name, value) in Environment.Where(variable => !copy.Environment.ContainsKey(variable.Key)))
        {
            copy.Environment[name] = value;
        }

        Directory.CreateDirectory(copy.Data);
        foreach (var file in Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy.Data, Path.GetRelativePath(Data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    /// <summary>Configures a district that imports the package <paramref name="source"/> as <c>files</c>, and delivers to <c>vendor</c>, whose package's path is the answer.</summary>
    internal async Task<string> ApplyDeliveredAsync(string source)
    {
        Environment["ROLLBOOK_EXPORT_FOLDERS"] = Folder;
        var package = Path.Combine(Folder, "riverside", "roster.zip");
        var file = Path.Combine(Folder, "district.yaml");
        await File.WriteAllTextAsync(
            file,
            $"""
            district:
              id: riverside
              name: Riverside Unified
            apps:
              files:
                type: oneroster-csv
                delivery:
                  path: {source}
                  acceptTerms: true
              vendor:
                type: oneroster-csv-export
                delivery:
                  path: {package}
                  acceptTerms: true
            """
        );
        var applied = await RunAsync("apply", "-f", file);
        applied.Status.ShouldBe(0, applied.Error);
        return package;
    }

    internal Task<RollbookProcess.Answer> RunAsync(params string[] arguments) =>
        RollbookProcess.RunAsync(Environment, [.. arguments, "--data", Data]);

    internal System.Diagnostics.Process Start(params string[] arguments) => RollbookProcess.Start(Environment, [.. arguments, "--data", Data]);

    /// <summary>Writes a configuration file for a district that imports from a simulated SIS by the Synergy app.</summary>
    internal Task<string> WriteAsync(SimulatedSynergy sis, string district = "riverside", string more = "") =>
        WriteAsync(sis, "synergy", $"tokenUrl: {sis.TokenUrl}", district, more);

    /// <summary>The same by the app for any SIS.</summary>
    internal Task<string> WriteOneRosterAsync(SimulatedSynergy sis, string delivery) => WriteAsync(sis, "oneroster", delivery, "riverside", "");

    private async Task<string> WriteAsync(SimulatedSynergy sis, string type, string delivery, string district, string more)
    {
        var file = Path.Combine(Folder, $"{district}.yaml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            district:
              id: {{district}}
              name: Riverside Unified
              timeZone: America/Los_Angeles
            apps:
              {{type}}:
                type: {{type}}
                delivery:
                  apiUrl: {{sis.ApiUrl}}
                  {{delivery}}
                  clientId: {{sis.ClientId}}
                  clientSecret: ${env:SYNERGY_SECRET}
                  acceptTerms: true
                  pageSize: 100
            {{more}}
            """
        );
        return file;
    }

    /// <summary>The store, opened by this test's own program beside the other.</summary>
    internal IInstallationStore Open() =>
        connection is null
            ? SqliteInstallationStore.Open(Data, TimeProvider.System)
            : PostgresInstallationStore.Open(connection, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        if (isCopy && connection is not null)
        {
            await (await PostgresServer.SharedAsync()).DropDatabaseAsync(connection);
        }
    }
}
