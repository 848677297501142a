using System.Globalization;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Commands;

/// <summary>Finds what a person named on the command line.</summary>
internal static class RunArgument
{
    internal static async Task<RunRecord> FindAsync(IDistrictStore store, string text, CancellationToken cancellationToken) =>
        (
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? await store.Runs.GetAsync(number, cancellationToken)
                : null
        ) ?? throw CommandFailure.Usage($"There is no run {text}. See: rollbook runs");

    internal static async Task<RosterVersion> VersionAsync(IDistrictStore store, int? number, CancellationToken cancellationToken)
    {
        var version = number is { } wanted
            ? await store.Roster.VersionAsync(wanted, cancellationToken)
            : await store.Roster.LatestAsync(cancellationToken);
        return version switch
        {
            null => throw CommandFailure.Usage(
                number is null ? "Nothing is published yet. Run: rollbook import APP" : $"There is no version {number}. See: rollbook versions"
            ),
            { IsPurged: true } => throw CommandFailure.Usage(
                $"Version {version.Number} was purged: what it held is no longer kept. The oldest version that is kept is {version.OldestKept}."
            ),
            _ => version,
        };
    }

    internal static KindDefinition Kind(string text) =>
        Kinds.Find(text)
        ?? throw CommandFailure.Usage($"There is no kind {text}. Kinds are: {string.Join(", ", Kinds.All.Select(kind => kind.Name))}.");

    /// <summary>A run that waits, with what is left out of it now, and the hash that an acceptance of the rest is bound to; any other run as it is.</summary>
    internal static async Task<RunRecord> WithLeftAsync(
        IServiceProvider services,
        IDistrictStore store,
        RunRecord run,
        CancellationToken cancellationToken
    )
    {
        if (!RunStates.IsUndecided(run) || await store.Staged.LeftCountsAsync(run.Number, cancellationToken) is not { Count: > 0 } counts)
        {
            return run;
        }

        var left = counts
            .GroupBy(count => count.Kind)
            .ToDictionary(
                kind => kind.Key,
                kind =>
                {
                    long Of(Operation operation) => kind.Where(count => count.Operation == operation).Sum(count => count.Count);
                    return new ChangeCounts(Of(Operation.Create), Of(Operation.Update), Of(Operation.Delete), Of(Operation.Rekey));
                }
            );
        var shown = await services.GetRequiredService<IImports>().ShownAsync(store, run, cancellationToken);
        var report = RunReport.FromJson(run.Report) with { LeftOut = left, ChangeHash = shown };
        return run with { Report = report.ToJson() };
    }

    internal static int Status(RunRecord run) =>
        run.State switch
        {
            "published" or "unchanged" => ExitStatus.Done,
            "waiting" or "held" => ExitStatus.Waits,
            _ => ExitStatus.Failed,
        };
}
