using Rollbook.Sharing.Exports;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Deliver;

/// <summary>A district with the export app <c>vendor</c>, which delivers into a folder.</summary>
internal sealed class ExportBed : IAsyncDisposable
{
    internal const string App = "vendor";

    private readonly MovedTime time = new();

    private ExportBed(TestDistrict district)
    {
        District = district;
        Deliveries = NewDeliveries();
    }

    internal TestDistrict District { get; }

    internal IDistrictStore Store => District.Store;

    internal Deliveries Deliveries { get; }

    internal MemoryAuditLog Audit { get; } = new();

    internal string Folder { get; } = Directory.CreateTempSubdirectory("rollbook-export-").FullName;

    /// <summary>Where the package is put.</summary>
    internal string Package => Path.Combine(Folder, TestDistrict.Id, "roster.zip");

    internal DistrictConfiguration Configuration { get; private set; } = null!;

    /// <summary>What whoever reads the folder sees; null when nothing is there.</summary>
    internal byte[]? Bytes => File.Exists(Package) ? File.ReadAllBytes(Package) : null;

    internal static async Task<ExportBed> NewAsync(params IReadOnlyList<IConnector> connectors) => new(await TestDistrict.StartAsync(connectors));

    /// <summary>Another program beside the first.</summary>
    internal Deliveries NewDeliveries() =>
        new(
            [
                new OneRosterCsvExporter(
                    new ExportOptions
                    {
                        WorkFolder = Path.Combine(Folder, "work"),
                        Folders = [Folder],
                        Time = time,
                    }
                ),
            ],
            new PlainSecrets(),
            Audit,
            time
        );

    /// <summary>Saves import apps beside the export app, whose settings are these.</summary>
    internal async Task ConfigureAsync(IReadOnlyDictionary<string, AppConfiguration> imports, params (string Name, string Value)[] delivery)
    {
        var settings = delivery.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        settings.TryAdd("path", Package);
        Configuration = new DistrictConfiguration
        {
            Id = TestDistrict.Id,
            Name = "Riverside",
            Apps = imports,
            Exports = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
            {
                [App] = new()
                {
                    Type = "oneroster-csv-export",
                    Name = "Vendor",
                    AcceptTerms = true,
                    Delivery = settings,
                },
            },
        };
        var latest = await Store.Configuration.LatestAsync(default);
        await Store.Configuration.AddAsync(latest?.Number ?? 0, Configuration.ToDocument(), "test", TimeProvider.System.GetUtcNow(), default);
    }

    internal Task ConfigureAsync(AppConfiguration import, params (string Name, string Value)[] delivery) =>
        ConfigureAsync(new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { [TestDistrict.App] = import }, delivery);

    internal Task<bool> IsDueAsync() => Deliveries.IsDueAsync(Store, App, Configuration, default);

    /// <summary>Does what the server does when it looks; the delivery that came to an end, or null when none was due.</summary>
    internal async Task<DeliveryRecord?> LookAsync() =>
        await IsDueAsync() && await Deliveries.DeliverAsync(Store, App, DeliveryWish.WhenDue, default) is DeliveryResult.Ended(var delivery)
            ? delivery
            : null;

    internal void Pass(TimeSpan pause) => time.Ahead += pause;

    public async ValueTask DisposeAsync()
    {
        await District.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class MovedTime : TimeProvider
    {
        internal TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
