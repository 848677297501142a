using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Runs;

/// <summary><em>Ask a second person</em>: when two have to accept what waits (sync-safety.md section 4).</summary>
public static class SecondPerson
{
    /// <summary>
    /// Whether two have to accept a run. Once one has accepted any changes of it, whatever is saved meanwhile; a rollback, which concerns all apps, where one of them asks.
    /// </summary>
    public static bool IsAsked(DistrictConfiguration configuration, string app, RunReport report)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(report);
        return report.Agreement is not null
            || (
                report.Rollback is null
                    ? configuration.Apps.GetValueOrDefault(app)?.Advanced.SecondPerson == true
                    : configuration.Apps.Values.Any(each => each.Advanced.SecondPerson)
            );
    }
}
