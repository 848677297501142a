using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Synergy;
using Rollbook.Storage;
using Rollbook.Storage.Postgres;
using Rollbook.Storage.Sqlite;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Testing;
using Kind = Rollbook.Model.Kind;

namespace Rollbook.Host.Tests.Imports;

/// <summary>Which database a test runs on.</summary>
public enum Engine
{
    /// <summary>SQLite in a temporary folder.</summary>
    Sqlite,

    /// <summary>PostgreSQL, a database of its own.</summary>
    Postgres,
}

/// <summary>A simulated SIS and a district that imports from it with the real connector, store and run.</summary>
internal sealed class ImportBed : IAsyncDisposable
{
    private const string District = "riverside";
    private const string App = "synergy";

    private readonly string folder;
    private readonly IInstallationStore installation;
    private readonly Sync.Runs.Imports imports;

    private readonly string? connection;
    private readonly bool ownsSis;

    private ImportBed(string folder, string? connection, SimulatedSynergy sis, bool ownsSis)
    {
        (this.folder, this.connection, Sis, this.ownsSis) = (folder, connection, sis, ownsSis);
        installation = OpenInstallation();
        imports = NewImports(installation);
    }

    internal SimulatedSynergy Sis { get; }

    internal IDistrictStore Store { get; private set; } = null!;

    private IInstallationStore OpenInstallation() =>
        connection is null
            ? SqliteInstallationStore.Open(folder, TimeProvider.System)
            : PostgresInstallationStore.Open(connection, TimeProvider.System);

    private Sync.Runs.Imports NewImports(IInstallationStore store)
    {
        var options = new OneRosterOptions
        {
            FirstDelay = TimeSpan.FromMilliseconds(5),
            LongestDelay = TimeSpan.FromMilliseconds(20),
            ReadTimeout = TimeSpan.FromSeconds(20),
        };
        return new Sync.Runs.Imports(
            store,
            [new SynergyConnector(options), new OneRosterConnector(options)],
            new PlainSecrets(),
            new ImportOptions(Path.Combine(folder, "work")),
            TimeProvider.System,
            NullLogger<Sync.Runs.Imports>.Instance
        );
    }

    internal static async Task<ImportBed> StartAsync(Engine engine, SimulatorOptions? simulator = null, int pageSize = 250)
    {
        var sis = await SimulatedSynergy.StartAsync(simulator ?? new SimulatorOptions { Students = 120, Seed = 3 });
        return await StartAsync(engine, sis, pageSize, ownsSis: true);
    }

    /// <summary>The same with the app for any SIS, and settings of the test's.</summary>
    internal static async Task<ImportBed> StartOneRosterAsync(
        Engine engine,
        SimulatorOptions simulator,
        params (string Name, string Value)[] settings
    ) => await StartAsync(engine, await SimulatedSynergy.StartAsync(simulator), pageSize: 250, ownsSis: true, "oneroster", settings);

    /// <summary>Another, empty district of the same name that reads the same SIS.</summary>
    internal Task<ImportBed> BesideAsync(Engine engine) => StartAsync(engine, Sis, 1_000, ownsSis: false);

    internal async Task<RunRecord> ImportAsync()
    {
        var run = await StartImportAsync();
        await WaitAsync(run);
        return (await Store.Runs.GetAsync(run, default))!;
    }

    /// <summary>Accepts what waits for a person, as it was shown.</summary>
    internal async Task<RunRecord> AcceptAsync(RunRecord run)
    {
        var hash = RunReport.FromJson(run.Report).ChangeHash;
        (await imports.AcceptAsync(District, run.Number, hash, "ada", "It is meant.", default)).ShouldBe(new StartResult.Started(run.Number));
        await WaitAsync(run.Number);
        return (await Store.Runs.GetAsync(run.Number, default))!;
    }

    internal async Task<long> StartRemovalAsync() =>
        (await imports.StartRemovalAsync(District, App, "test", default)).ShouldBeOfType<StartResult.Started>().Run;

    internal async Task<long> StartImportAsync() =>
        (await imports.StartAsync(District, App, "command", "test", default)).ShouldBeOfType<StartResult.Started>().Run;

    internal Task CancelAsync(long run) => imports.CancelAsync(District, run, default);

    /// <summary>Cancels as another program does, which opens the installation for that.</summary>
    internal async Task CancelElsewhereAsync(long run)
    {
        await using var other = OpenInstallation();
        await using var others = NewImports(other);
        (await others.CancelAsync(District, run, default)).ShouldBeTrue();
    }

    /// <summary>From now on the statement that publishes a school takes minutes.</summary>
    internal async Task SlowDownAsync()
    {
        await using System.Data.Common.DbConnection database = connection is null
            ? new SqliteConnection($"Data Source={Path.Combine(folder, "districts", District + ".db")};Pooling=false")
            : new NpgsqlConnection($"{connection};Pooling=false;Search Path=district_{District}");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = connection is null ? SlowStatement.OnSqlite : SlowStatement.OnPostgres;
        await command.ExecuteNonQueryAsync();
    }

    internal Task WaitAsync(long run) => imports.WaitAsync(District, run, default);

    /// <summary>How many records the newest version has, counted one by one.</summary>
    internal async Task<long> CountAsync()
    {
        long count = 0;
        foreach (var kind in Rollbook.Model.Kinds.All)
        {
            await foreach (var _ in Store.Roster.ReadAsync(kind.Kind, null, default))
            {
                count++;
            }
        }

        return count;
    }

    internal async Task<IReadOnlyDictionary<(Kind Kind, RollbookId Id), Row>> RosterAsync(int? asOf = null)
    {
        var roster = new Dictionary<(Kind Kind, RollbookId Id), Row>();
        foreach (var kind in Rollbook.Model.Kinds.All)
        {
            await foreach (var record in Store.Roster.ReadAsync(kind.Kind, asOf, default))
            {
                roster.Add((kind.Kind, record.Id), record.Row.Copy());
            }
        }

        return roster;
    }

    internal async Task<IReadOnlyList<PublishedChange>> ChangesAsync(int version)
    {
        var changes = new List<PublishedChange>();
        foreach (var kind in Rollbook.Model.Kinds.All)
        {
            changes.AddRange(await Store.Roster.ChangesAsync(version, kind.Kind, null, null, 100_000, default));
        }

        return changes;
    }

    /// <summary>What an empty district that imports now would publish.</summary>
    internal async Task<IReadOnlyDictionary<(Kind Kind, RollbookId Id), Row>> AfreshAsync()
    {
        await using var afresh = await BesideAsync(Engine.Sqlite);
        (await afresh.ImportAsync()).State.ShouldBe("published");
        return await afresh.RosterAsync();
    }

    internal static RollbookId IdOf(Family family, string sourcedId) => RollbookId.Derive(new IdScope(District, App, family), sourcedId);

    public async ValueTask DisposeAsync()
    {
        await imports.DisposeAsync();
        await installation.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        if (ownsSis)
        {
            await Sis.DisposeAsync();
        }
    }

    private static async Task<ImportBed> StartAsync(
        Engine engine,
        SimulatedSynergy sis,
        int pageSize,
        bool ownsSis,
        string type = "synergy",
        params (string Name, string Value)[] settings
    )
    {
        var data = Directory.CreateTempSubdirectory("rollbook-import-").FullName;
        var bed = new ImportBed(data, engine == Engine.Sqlite ? null : await (await PostgresServer.SharedAsync()).NewDatabaseAsync(), sis, ownsSis);
        var delivery = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["apiUrl"] = sis.ApiUrl.ToString(),
            ["tokenUrl"] = sis.TokenUrl.ToString(),
            ["clientId"] = sis.ClientId,
            ["pageSize"] = pageSize.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in settings)
        {
            delivery[name] = value;
        }

        var read = new ConfigurationFileResult.Read(
            new DistrictConfiguration
            {
                Id = District,
                Name = "Riverside Unified",
                Apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
                {
                    [App] = new()
                    {
                        Type = type,
                        Delivery = delivery,
                        Secrets = ["clientSecret"],
                    },
                },
            },
            new Dictionary<(string App, string Setting), string> { [(App, "clientSecret")] = sis.ClientSecret }
        );
        await new Configurations(bed.installation, new PlainSecrets(), new MemoryAuditLog(), TimeProvider.System).ApplyAsync(read, "test", default);
        bed.Store = (await bed.installation.OpenAsync(District, default))!;
        return bed;
    }
}
