using System.Globalization;
using Rollbook.Storage;

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

    internal static Model.KindDefinition Kind(string text) =>
        Model.Kinds.Find(text)
        ?? throw CommandFailure.Usage($"There is no kind {text}. Kinds are: {string.Join(", ", Model.Kinds.All.Select(kind => kind.Name))}.");

    internal static int Status(RunRecord run) =>
        run.State switch
        {
            "published" or "unchanged" => ExitStatus.Done,
            "waiting" or "held" => ExitStatus.Waits,
            _ => ExitStatus.Failed,
        };
}
