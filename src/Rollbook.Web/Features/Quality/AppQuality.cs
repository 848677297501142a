using Rollbook.Sync.Quality;
using Rollbook.Web.Features.Apps;

namespace Rollbook.Web.Features.Quality;

/// <summary>How good the data of an app is, as its last accepted upload has it.</summary>
/// <param name="App">The app.</param>
/// <param name="Accepted">The runs that say it.</param>
/// <param name="Causes">What is wrong, what costs most first.</param>
public sealed record AppQuality(AppSummary App, AcceptedRuns Accepted, IReadOnlyList<RootCause> Causes)
{
    /// <summary>Records by kind; empty where the last import was by a program that did not count them.</summary>
    internal IReadOnlyDictionary<Kind, QualityCounts> Counts => Accepted.Report.Quality;

    internal QualityCounts Total => QualityCounts.Sum(Counts.Values);
}
