using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Rollbacks;

namespace Rollbook.Sync.Runs;

/// <summary>Takes a run from one state to the next, and refuses to go on when somebody else has moved it.</summary>
internal sealed class RunSteps(IDistrictStore store, long run)
{
    /// <summary>Who has decided where Data Rollover leaves deletions out by itself.</summary>
    internal const string Rollover = "Data Rollover";

    /// <summary>How every sentence ends that a run tells which waits again.</summary>
    private const string LookAgain = "Nothing was published: look at them once more.";

    /// <summary>How the sentence begins that tells of deletions in a period in which there are to be none.</summary>
    private const string NoDeletions = "Data Rollover disables data deletion until";

    /// <summary>How it ends where the source does not say them again.</summary>
    private const string NotSaidAgain =
        "the source sent changes only and does not say again what it deletes, so a person decides about it now. What is left out of it counts as declined.";

    /// <summary>How it ends where they are left out.</summary>
    private const string Stays = "what would be deleted stays, and the next import looks at it again.";

    /// <summary>What a run tells that waits again because what was shown holds no longer.</summary>
    internal const string MovedOn =
        $"Since the changes were shown, the roster or the configuration has moved on, and they are others now. {LookAgain}";

    /// <summary>What a run tells that waits again because the rest is not what was shown without the records that were left out.</summary>
    internal const string ComesOtherwise =
        $"Without what was left out some of the changes come otherwise than they were shown, such as of records that belong to one that was left out; or the roster has moved on since. {LookAgain}";

    /// <summary>What a run tells that waits again because what had been left out of it was taken in again.</summary>
    internal const string TakenIn = $"What was left out before is taken in again, and is among the changes now. {LookAgain}";

    /// <summary>What a run tells of which additions and updates wait though removals alone were to be held.</summary>
    internal const string AdditionsWait =
        "What is added and updated waits, too: everything was derived anew, because the configuration is another, or the day that a Filter Rule asks for.";

    /// <summary>What a person is told of deletions in such a period.</summary>
    /// <param name="until">Its last day.</param>
    /// <param name="saysChangesOnly">Whether the source sends changes only: left out, they would be lost.</param>
    internal static string WithoutDeletions(DateOnly until, bool saysChangesOnly) =>
        $"{NoDeletions} {until:yyyy-MM-dd}: {(saysChangesOnly ? NotSaidAgain : Stays)}";

    /// <summary>What a run tells that waits again because records which were left out change all the same.</summary>
    /// <param name="count">How many.</param>
    /// <param name="decision">Who left them out, and why.</param>
    /// <param name="cause">What changes them, since it is not what the source sent: "the configuration".</param>
    internal static string CameAllTheSame(long count, RunDecision decision, string cause) =>
        string.Equals(decision.By, Rollover, StringComparison.Ordinal)
            ? FormattableString.Invariant(
                $"Data Rollover disables data deletion, but {count:N0} of the deletions come of {cause} and not of what the source sent, so no import can leave them out. {LookAgain}"
            )
            : FormattableString.Invariant(
                $"{count:N0} of the changes that were left out come of {cause} and not of what the source sent, so no import can leave them out: they are among the changes again. {LookAgain}"
            );

    /// <summary>What a run tells that waits again because records which were left out would go all the same.</summary>
    /// <param name="count">How many.</param>
    /// <param name="decision">Who left them out, and why.</param>
    internal static string GoesAllTheSame(long count, RunDecision decision) =>
        string.Equals(decision.By, Rollover, StringComparison.Ordinal)
            ? FormattableString.Invariant(
                $"Data Rollover disables data deletion, but {count:N0} {(count == 1 ? "record" : "records")} would go all the same, because what they belong to is no longer what it was. {LookAgain}"
            )
            : FormattableString.Invariant(
                $"{count:N0} of the records whose changes were left out would go all the same, because what they belong to is no longer what it was: they are among the changes again. {LookAgain}"
            );

    /// <summary>Whether a notice says why a run waits again that was accepted.</summary>
    internal static bool IsWaitingAgain(string notice) => notice.EndsWith(LookAgain, StringComparison.Ordinal);

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
    /// <param name="changes">The changes.</param>
    /// <param name="report">The report.</param>
    /// <param name="leaves">Which of them Data Rollover leaves out; null for none.</param>
    /// <param name="keepsLeft">Whether what a person left out before is left out of these as well.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task WaitAsync(
        IChangeSet changes,
        RunReport report,
        Func<StagedChange, bool>? leaves,
        bool keepsLeft,
        CancellationToken cancellationToken
    )
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
                cancellationToken,
                leaves,
                keepsLeft
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
                !IsWaitingAgain(notice)
                && !string.Equals(notice, AdditionsWait, StringComparison.Ordinal)
                && !notice.StartsWith(RunEnd.NotPublished, StringComparison.Ordinal)
                && !notice.StartsWith(RunEnd.NotPaired, StringComparison.Ordinal)
                && !notice.EndsWith(PendingRollback.End, StringComparison.Ordinal)
            ),
        ];

    /// <summary>Those of them that hold as well where a run waits again, with nothing left out.</summary>
    internal static IEnumerable<string> LastingWhole(IReadOnlyList<string> notices) => WithoutStays(Lasting(notices));

    /// <summary>Notices without that of Data Rollover, which is told anew as long as it holds.</summary>
    internal static IEnumerable<string> WithoutStays(IReadOnlyList<string> notices) =>
        notices.Where(notice => !notice.StartsWith(NoDeletions, StringComparison.Ordinal));
}
