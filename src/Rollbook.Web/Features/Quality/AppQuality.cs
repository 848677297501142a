using Rollbook.Storage;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.Apps;

namespace Rollbook.Web.Features.Quality;

/// <summary>How good the data of an app is, as its last accepted upload has it.</summary>
/// <param name="App">The app.</param>
/// <param name="Counts">Records by kind; empty where its last import was by a program that did not count them.</param>
/// <param name="Causes">What is wrong, what costs most first.</param>
public sealed record AppQuality(AppSummary App, IReadOnlyDictionary<Kind, QualityCounts> Counts, IReadOnlyList<RootCause> Causes)
{
    internal QualityCounts Total => QualityCounts.Sum(Counts.Values);

    /// <summary>Reads it; null before the first import.</summary>
    internal static async Task<AppQuality?> ReadAsync(IDistrictStore store, AppSummary app, CancellationToken cancellationToken)
    {
        if (app.Accepted is not { } accepted)
        {
            return null;
        }

        var report = RunReport.FromJson(accepted.Report);
        if (app.LastImport is { } import)
        {
            // A run that did not read the source has no findings of its files; those of the last one that did still hold.
            report = report with
            {
                Findings = RunReport.FromJson(import.Report).Findings,
            };
        }

        var counts = await store.Issues.CountAsync(app.Id, cancellationToken);
        var targets = await store.Issues.TargetsAsync(app.Id, cancellationToken);
        return new AppQuality(app, report.Quality, RootCauses.Of(counts, targets, report));
    }
}
