using Rollbook.Storage;
using Rollbook.Sync.Rollbacks;

namespace Rollbook.Sync.Runs;

/// <summary>Takes a run from one state to the next, and refuses to go on when somebody else has moved it.</summary>
internal sealed class RunSteps(IDistrictStore store, long run)
{
    /// <summary>What a run tells that waits again because what was shown holds no longer.</summary>
    internal const string MovedOn =
        "Since the changes were shown, the roster or the configuration has moved on, and they are others now. Nothing was published: look at them once more.";

    /// <summary>Goes on.</summary>
    internal async Task MoveAsync(RunState from, RunState to, CancellationToken cancellationToken)
    {
        if (
            !RunStates.CanMove(from, to)
            || !await store.Runs.MoveAsync(run, RunStates.ToWord(from), RunStates.ToWord(to), report: null, endedAt: null, cancellationToken)
        )
        {
            throw new InvalidOperationException($"Run {run} could not go from {from} to {to}.");
        }
    }

    /// <summary>Has the changes wait for a person, as the report says.</summary>
    internal async Task WaitAsync(IChangeSet changes, RunReport report, CancellationToken cancellationToken)
    {
        var waitsAs = report.WaitsAs!.Value;
        if (
            !RunStates.CanMove(RunState.Deriving, waitsAs)
            || !await store.Staged.KeepAsync(
                run,
                RunStates.ToWord(RunState.Deriving),
                RunStates.ToWord(waitsAs),
                changes,
                report.ToJson(),
                cancellationToken
            )
        )
        {
            throw new InvalidOperationException($"Run {run} could not wait for a person.");
        }
    }

    /// <summary>Notices of what was read; what was told of attempts to publish it is over with the next one.</summary>
    internal static IReadOnlyList<string> Lasting(IReadOnlyList<string> notices) =>
        [
            .. notices.Where(notice =>
                notice is not MovedOn
                && !notice.StartsWith(RunEnd.NotPublished, StringComparison.Ordinal)
                && !notice.EndsWith(PendingRollback.End, StringComparison.Ordinal)
            ),
        ];
}
