using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Compare;
using Rollbook.Sync.Guard;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Rollbacks;

/// <summary>
/// The run of a rollback: what leads from the newest version back to an older one is staged and waits for a person, like any change in a preview. What is accepted is computed
/// again, and published when it is what was shown.
/// </summary>
internal sealed class Rollback(IDistrictStore store, RunRecord run, RunOrder order, string folder, ProgressBoard board, TimeProvider time)
{
    private readonly RollbackWish wish = order.Rollback!;
    private readonly RunApproval? approval = order.Approval;
    private readonly RunSteps steps = new(store, run.Number);

    /// <summary>Does it. The answer is what the store said about the publication; null when the changes wait for a person.</summary>
    internal async Task<PublishResult?> RunAsync(CancellationToken cancellationToken)
    {
        if (approval is null)
        {
            await steps.MoveAsync(RunState.Queued, RunState.Reading, cancellationToken);
            await steps.MoveAsync(RunState.Reading, RunState.Deriving, cancellationToken);
        }

        var start = time.GetTimestamp();
        board.Step("Comparing the versions");
        var latest = (await store.Roster.LatestAsync(cancellationToken))!;
        var target = await RunOrders.RestorableAsync(store, wish.Version, cancellationToken);
        using var changes = new ChangeSet(folder);
        foreach (var kind in wish.Version == latest.Number ? [] : Kinds.All)
        {
            var (replaced, created) = (0L, 0L);
            await foreach (var change in store.Roster.BackAsync(latest.Number, wish.Version, kind.Kind, cancellationToken))
            {
                changes.Add(change);
                (replaced, created) = change.Operation == Operation.Create ? (replaced, created + 1) : (replaced + 1, created);
            }

            changes.SetUnchanged(kind.Kind, latest.Totals.GetValueOrDefault(kind.Kind) - replaced);
        }

        var hasAny = changes.Counts.Values.Any(counts => counts.Any);
        var hash = hasAny ? ChangeHash.Of(changes) : null;
        var report = new RunReport
        {
            Purpose = RunPurpose.Rollback,
            Rollback = wish,
            Changes = changes.Counts,
            ChangeHash = hash,
            WaitsAs = hasAny ? RunState.Waiting : null,
            Notices = approval is null ? Notices(latest, target) : RunSteps.Lasting(approval.Shown.Notices),
            Seconds = new Dictionary<string, double>(StringComparer.Ordinal) { ["deriving"] = Seconds(start) },
        };
        if (hasAny && !string.Equals(hash, approval?.Shown.ChangeHash, StringComparison.Ordinal))
        {
            await steps.WaitAsync(
                changes,
                approval is null ? report : report with { Notices = [RunSteps.MovedOn, .. report.Notices] },
                leaves: null,
                keepsLeft: false,
                cancellationToken
            );
            return null;
        }

        await steps.MoveAsync(RunState.Deriving, RunState.Publishing, cancellationToken);
        board.Step("Publishing");
        return await PublishAsync(changes, latest, target, report with { Decision = approval?.Decision }, cancellationToken);
    }

    private Task<PublishResult> PublishAsync(
        ChangeSet changes,
        RosterVersion latest,
        RosterVersion target,
        RunReport report,
        CancellationToken cancellationToken
    )
    {
        var start = time.GetTimestamp();
        return store.Roster.PublishAsync(
            new Publication(
                run.Number,
                run.App,
                latest.Number,
                target.ConfigurationVersion,
                Derivation: "",
                approval?.Decision?.By ?? run.StartedBy,
                time.GetUtcNow,
                wish.Reason,
                changes,
                new UnresolvedChanges(ClearAll: false, [], []),
                [],
                (_, _) =>
                    (
                        report with
                        {
                            Seconds = new Dictionary<string, double>(report.Seconds, StringComparer.Ordinal) { ["publishing"] = Seconds(start) },
                        }
                    ).ToJson()
            )
            {
                Restores = wish.Version,
            },
            cancellationToken
        );
    }

    private static IReadOnlyList<string> Notices(RosterVersion latest, RosterVersion target) =>
        target.ConfigurationVersion == latest.ConfigurationVersion
            ? []
            :
            [
                FormattableString.Invariant(
                    $"Version {target.Number} was made with configuration {target.ConfigurationVersion}. The configuration in force stays as it is: a rollback brings back records, not settings."
                ),
            ];

    private double Seconds(long start) => Math.Round(time.GetElapsedTime(start).TotalSeconds, 3);
}
