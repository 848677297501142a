using System.Globalization;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Rollbacks;

/// <summary>
/// What runs are told after a rollback: whatever they publish is what the uploads give, so it undoes the rollback, and a person decides whether it may (sync-safety.md section 7).
/// </summary>
internal static class PendingRollback
{
    /// <summary>The guard's word.</summary>
    internal const string Limit = "rollback";

    /// <summary>How the sentence ends, by which it is known among notices.</summary>
    internal const string End = "Declining leaves the rollback in force, and the next import asks again.";

    /// <summary>Why a run waits whose app is told of a rollback for the first time since.</summary>
    internal static RunHold Hold(RosterVersion rollback, WholeChanges changes)
    {
        var kind = changes.BroughtBack.Count == 0 ? Kind.School : changes.BroughtBack.MaxBy(count => count.Value).Key;
        var (count, all) = (changes.BroughtBack.GetValueOrDefault(kind), rollback.Totals.GetValueOrDefault(kind));
        var total = changes.BroughtBack.Values.Sum();
        var what =
            total == 0
                ? "It brings back nothing that the rollback had undone."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{total:N0} of its changes {(total == 1 ? "is" : "are")} in records that the rollback had changed back."
                );
        return new RunHold(
            Limit,
            kind,
            RunHold.SourceScope,
            count,
            all,
            all == 0 ? 0 : Math.Round(count * 100d / all, 2),
            FormattableString.Invariant(
                $"Version {rollback.Number} rolled the roster back to version {rollback.Restored}. Accepting this run makes the roster what the sources say again, whichever app said it. {what} {End}"
            )
        );
    }

    /// <summary>Why an app's data can't be removed while the rollback concerns other apps' records.</summary>
    internal static string RefusesRemoval(RosterVersion rollback) =>
        FormattableString.Invariant(
            $"Version {rollback.Number} rolled the roster back to version {rollback.Restored}, and that concerns records of other apps too. Nothing was removed. Accept an import of one of them, or roll back to version {rollback.Number - 1}, then remove the data again."
        );
}
