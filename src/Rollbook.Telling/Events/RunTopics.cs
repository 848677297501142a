using System.Globalization;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Telling.Events;

/// <summary>What is to be told of a run, in the state in which it is; says nothing about whether it has been told already.</summary>
internal static class RunTopics
{
    private const int MostDetails = 10;

    /// <summary>Whether a failed run failed because its source could not be reached or broke the connection off, which may pass by itself.</summary>
    internal static bool IsConnectivity(RunFailure? failure) =>
        failure is { Retry: true } && Enum.TryParse<CheckPart>(failure.Part, ignoreCase: true, out _);

    /// <summary>Whether a run says that the source can be reached again.</summary>
    internal static bool IsReached(RunState state, RunReport report) =>
        report.Purpose == RunPurpose.Import && state is RunState.Published or RunState.Unchanged or RunState.Held or RunState.Waiting;

    /// <summary>Whether a run says that imports work again.</summary>
    internal static bool IsSuccess(RunState state, RunReport report) =>
        report.Purpose == RunPurpose.Import && state is RunState.Published or RunState.Unchanged;

    /// <summary>What happened, in a sentence without its dot.</summary>
    internal static string Title(Topic topic, string app) =>
        topic switch
        {
            Topic.Held => $"An import of {app} is held",
            Topic.Waiting => $"An import of {app} waits for a preview",
            Topic.Failed => $"An import of {app} failed",
            Topic.Recovered => $"Imports of {app} work again",
            Topic.ConnectivityLost => $"The source of {app} can't be reached",
            Topic.ConnectivityRestored => $"The source of {app} can be reached again",
            _ => $"The sync schedule of {app} has ended",
        };

    /// <summary>The reasons and what to do, a sentence each. A run's report holds no personal data.</summary>
    internal static IReadOnlyList<string> Details(Topic topic, RunRecord run, RunReport report) =>
        topic switch
        {
            Topic.Held => [.. Reasons(report), "Nothing was changed. A Primary District Admin accepts or declines it on the run's page."],
            Topic.Waiting =>
            [
                $"It would make these changes: {Counts(report)}.",
                "Nothing was changed. A Primary District Admin accepts or declines it on the run's page.",
            ],
            Topic.Failed or Topic.ConnectivityLost =>
            [
                report.Failure?.Message ?? "The run's page says why.",
                "You are told once, and when it works again.",
            ],
            _ =>
            [
                run.Version is { } version ? $"Run {run.Number} was published as version {version}." : $"Run {run.Number} found the source in order.",
            ],
        };

    /// <summary>What the reasons are without their figures.</summary>
    internal static string ReasonsOf(RunReport report) =>
        string.Join(
            ' ',
            report
                .Holds.Select(hold => $"{hold.Limit}/{hold.Kind}/{hold.Scope}/{hold.School}")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );

    private static IEnumerable<string> Reasons(RunReport report)
    {
        if (report.Holds.Count == 0)
        {
            return [report.WaitsAgain ?? "The changes became others after they were accepted."];
        }

        var rest = report.Holds.Count - MostDetails;
        return report
            .Holds.Take(MostDetails)
            .Select(hold => hold.Message)
            .Concat(rest > 0 ? [string.Create(CultureInfo.InvariantCulture, $"And {rest:N0} more.")] : []);
    }

    private static string Counts(RunReport report)
    {
        string[] parts =
        [
            .. Kinds
                .All.Select(kind => (kind, Counts: report.Changes.GetValueOrDefault(kind.Kind)))
                .Where(each => each.Counts is { Any: true })
                .Select(each =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{each.kind.Plural.ToLowerInvariant()} {each.Counts!.Create:N0} created, {each.Counts.Update + each.Counts.Rekey:N0} updated, {each.Counts.Delete:N0} deleted"
                    )
                ),
        ];
        return parts.Length == 0 ? "none" : string.Join("; ", parts);
    }
}
