using Microsoft.Extensions.Logging.Abstractions;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Storage.Postgres;
using Rollbook.Storage.Sqlite;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.WhatIf;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>A district in a folder of its own, with one app of one connector.</summary>
internal sealed class TestDistrict : IAsyncDisposable
{
    internal const string Id = "riverside";
    internal const string App = "sis";

    private readonly string folder = Directory.CreateTempSubdirectory("rollbook-sync-").FullName;
    private readonly string? connection;
    private readonly IInstallationStore installation;
    private readonly IReadOnlyList<IConnector> connectors;

    private TestDistrict(IReadOnlyList<IConnector> connectors, string? connection)
    {
        this.connection = connection;
        installation = OpenInstallation();
        this.connectors = connectors;
        Imports = NewImports(store => store);
        WhatIfs = new WhatIfs(connectors, new PlainSecrets(), new ImportOptions(WorkFolder), TimeProvider.System);
    }

    internal IInstallationStore Installation => installation;

    internal Imports Imports { get; }

    internal WhatIfs WhatIfs { get; }

    internal IDistrictStore Store { get; private set; } = null!;

    internal string WorkFolder => Path.Combine(folder, "work");

    internal static async Task<TestDistrict> StartAsync(IConnector connector, bool bulk = true, string prefix = "")
    {
        var district = await StartAsync([connector]);
        await district.ConfigureAsync(connector.Type, bulk, prefix);
        return district;
    }

    /// <summary>A district of several connectors that is not configured yet.</summary>
    /// <param name="connectors">What its apps can be of.</param>
    /// <param name="connection">A PostgreSQL database; null for SQLite.</param>
    internal static async Task<TestDistrict> StartAsync(IReadOnlyList<IConnector> connectors, string? connection = null)
    {
        var district = new TestDistrict(connectors, connection);
        district.Store = await district.installation.CreateAsync(new DistrictInfo(Id, "Riverside", "UTC"), default);
        return district;
    }

    /// <summary>Another program's imports, which may see the installation through something.</summary>
    internal Imports NewImports(Func<IInstallationStore, IInstallationStore> through) => NewImports(through(installation), WorkFolder);

    /// <summary>The imports of another machine, which has a store and a folder to work in of its own.</summary>
    internal Imports NewImports(IInstallationStore own, string machine, TimeProvider? time = null) =>
        new(
            own,
            connectors,
            new PlainSecrets(),
            new ImportOptions(Path.Combine(folder, machine)),
            time ?? TimeProvider.System,
            NullLogger<Imports>.Instance
        );

    /// <summary>The same installation, as another program opens it; whoever asks disposes of it.</summary>
    internal IInstallationStore OpenInstallation() =>
        connection is null
            ? SqliteInstallationStore.Open(folder, TimeProvider.System)
            : PostgresInstallationStore.Open(connection, TimeProvider.System);

    internal Task ConfigureAsync(string type, bool bulk, string prefix, SchoolsMapping? schools = null, bool preview = false) =>
        ConfigureAsync(
            new AppConfiguration
            {
                Type = type,
                Advanced = new AdvancedSettings
                {
                    BulkUploadMode = bulk,
                    SisIdPrefix = prefix,
                    PreviewOfDataUpload = preview,
                },
                Schools = schools ?? SchoolsMapping.Automatic,
            }
        );

    /// <summary>Saves a configuration with this app, or with none.</summary>
    internal Task ConfigureAsync(AppConfiguration? app, string timeZone = "UTC")
    {
        var apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal);
        if (app is not null)
        {
            apps[App] = app;
        }

        return ConfigureAsync(apps, timeZone);
    }

    /// <summary>Saves a configuration with these apps.</summary>
    internal async Task ConfigureAsync(
        IReadOnlyDictionary<string, AppConfiguration> apps,
        string timeZone = "UTC",
        IReadOnlyList<RolloverPeriod>? rollover = null
    )
    {
        var configuration = new DistrictConfiguration
        {
            Id = Id,
            Name = "Riverside",
            TimeZone = timeZone,
            Apps = apps,
            Rollover = rollover,
        };
        var latest = await Store.Configuration.LatestAsync(default);
        await Store.Configuration.AddAsync(latest?.Number ?? 0, configuration.ToDocument(), "test", TimeProvider.System.GetUtcNow(), default);
    }

    /// <summary>Imports. A run that a guard or a limit holds is accepted, since most tests are about what is derived, not about who has to agree to it.</summary>
    internal async Task<RunRecord> ImportAsync(string app = App)
    {
        var run = await ImportOnceAsync(app);
        return RunStates.IsUndecided(run) ? await AcceptAsync(run) : run;
    }

    /// <summary>Accepts what waits, as it was shown.</summary>
    internal async Task<RunRecord> AcceptAsync(RunRecord run)
    {
        var hash = await Imports.ShownAsync(Store, run, default);
        (await Imports.AcceptAsync(Id, run.Number, hash, "ada", "It is meant.", default)).ShouldBe(new StartResult.Started(run.Number));
        await Imports.WaitAsync(Id, run.Number, default);
        return (await Store.Runs.GetAsync(run.Number, default))!;
    }

    /// <summary>Asks for a rollback, and leaves what waits for a person to the test.</summary>
    internal async Task<RunRecord> StartRollbackAsync(int version)
    {
        var started = (
            await Imports.StartRollbackAsync(Id, version, "command", "test", "The night's data was wrong.", default)
        ).ShouldBeOfType<StartResult.Started>();
        await Imports.WaitAsync(Id, started.Run, default);
        return (await Store.Runs.GetAsync(started.Run, default))!;
    }

    /// <summary>Rolls back: what waits is accepted.</summary>
    internal async Task<RunRecord> RollBackAsync(int version)
    {
        var run = await StartRollbackAsync(version);
        return RunStates.IsUndecided(run) ? await AcceptAsync(run) : run;
    }

    /// <summary>Declines what waits.</summary>
    internal async Task<RunRecord> DeclineAsync(RunRecord run)
    {
        (await Imports.DeclineAsync(Id, run.Number, null, "ada", "It is not meant.", default)).ShouldBeNull();
        return (await Store.Runs.GetAsync(run.Number, default))!;
    }

    /// <summary>Imports, and leaves what waits for a person to the test.</summary>
    internal async Task<RunRecord> ImportOnceAsync(string app = App)
    {
        var started = (await Imports.StartAsync(Id, app, "command", "test", default)).ShouldBeOfType<StartResult.Started>();
        await Imports.WaitAsync(Id, started.Run, default);
        return (await Store.Runs.GetAsync(started.Run, default))!;
    }

    internal async Task<Dictionary<(Kind Kind, RollbookId Id), string>> RosterAsync(int? asOf = null) =>
        (await RecordsAsync(asOf)).ToDictionary(record => record.Key, record => SlowReference.Text(record.Value));

    internal async Task<Dictionary<(Kind Kind, RollbookId Id), Row>> RecordsAsync(int? asOf = null)
    {
        var roster = new Dictionary<(Kind Kind, RollbookId Id), Row>();
        foreach (var kind in Kinds.All)
        {
            await foreach (var record in Store.Roster.ReadAsync(kind.Kind, asOf, default))
            {
                roster.Add((kind.Kind, record.Id), record.Row.Copy());
            }
        }

        return roster;
    }

    public async ValueTask DisposeAsync()
    {
        await Imports.DisposeAsync();
        await installation.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
