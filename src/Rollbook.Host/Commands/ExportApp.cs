using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;

namespace Rollbook.Host.Commands;

/// <summary>An export app that a person named on the command line.</summary>
internal sealed record ExportApp(AppConfiguration Configuration, IExporter Exporter)
{
    internal static async Task<ExportApp> FindAsync(IServiceProvider services, IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        var latest = await store.Configuration.LatestAsync(cancellationToken);
        var district = latest is null ? null : DistrictConfiguration.FromDocument(latest.Document);
        if (district?.Exports.GetValueOrDefault(app) is { } export)
        {
            return new ExportApp(
                export,
                services.GetRequiredService<Deliveries>().ExporterOf(export)
                    ?? throw CommandFailure.Usage($"This version of Rollbook has no app of type {export.Type}.")
            );
        }

        throw CommandFailure.Usage(
            district?.Apps.ContainsKey(app) == true
                ? $"{app} is an import app. Export apps of the district: {Names(district)}."
                : $"The district has no export app {app}. It has: {Names(district)}."
        );
    }

    private static string Names(DistrictConfiguration? district) =>
        district is { Exports.Count: > 0 } ? string.Join(", ", district.Exports.Keys) : "none";
}
