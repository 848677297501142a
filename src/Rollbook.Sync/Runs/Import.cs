using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Guard;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Rollbacks;

namespace Rollbook.Sync.Runs;

/// <summary>
/// One import, from the source to the published roster. Reads as the architecture draws it: read and derive collection by collection, compare,
/// publish. Throws for whatever stops it; whoever calls turns that into the run's end.
/// </summary>
internal sealed class Import(
    IDistrictStore store,
    RunRecord run,
    RunOrder order,
    IAsyncEnumerable<SourceMessage> source,
    string folder,
    ProgressBoard board,
    TimeProvider time
)
{
    private const int MostSchoolsTold = 1_000;

    private readonly RunPurpose purpose = order.Purpose;
    private readonly RunApproval? approval = order.Approval;
    private readonly RunSteps steps = new(store, run.Number);
    private readonly Dictionary<string, double> seconds = new(StringComparer.Ordinal);

    /// <summary>The version of a rollback that nobody has decided about since; null when the roster is what the accepted uploads give.</summary>
    private RosterVersion? rollback;

    /// <summary>What the run would change in the roster, where that is more than its source says otherwise: after a rollback. Else null.</summary>
    private WholeChanges? whole;

    /// <summary>For an approval: the number from which the segments of this reading lie.</summary>
    private int? ownFrom;

    /// <summary>Apps whose people belong to other records than their own last runs said, once this one is published.</summary>
    internal IReadOnlyCollection<string> Followers { get; private set; } = [];

    /// <summary>What is to be done at once about a run that waits.</summary>
    internal WaitingStep Next { get; private set; }

    /// <summary>Does it. The answer is what the store said about the publication; null when the changes wait for a person.</summary>
    internal async Task<PublishResult?> RunAsync(CancellationToken cancellationToken)
    {
        var latest = await store.Roster.LatestAsync(cancellationToken);
        rollback = await store.SetAside.PendingAsync(cancellationToken);
        var stagedFor =
            purpose == RunPurpose.Removal ? StagingPurpose.Removal
            : approval is { Shown.Purpose: RunPurpose.Import } || purpose == RunPurpose.Additions ? StagingPurpose.Approval
            : StagingPurpose.Import;
        using var staging = await Staging.PrepareAsync(
            store,
            order.Configuration,
            run.App,
            run.Number,
            stagedFor,
            folder,
            board,
            time,
            cancellationToken,
            left: order.Left
        );

        if (approval is null)
        {
            await steps.MoveAsync(RunState.Queued, RunState.Reading, cancellationToken);
        }
        else
        {
            ownFrom = await store.Uploads.NextSegmentsAsync(1, cancellationToken);
        }

        var reading = time.GetTimestamp();
        await staging.ReadAsync(source, cancellationToken);
        Note("reading", reading);
        if (approval is null)
        {
            await steps.MoveAsync(RunState.Reading, RunState.Deriving, cancellationToken);
        }

        using var all = rollback is null ? null : new WholeChanges(store, run.App, folder);
        if (all is not null)
        {
            await all.FillAsync(staging.Derivation.Changes, staging.Derivation.Uniting?.ChangedForOthers ?? [], cancellationToken);
            whole = all;
        }

        if (await WaitsAsync(staging, cancellationToken))
        {
            return null;
        }

        await steps.MoveAsync(RunState.Deriving, RunState.Publishing, cancellationToken);
        board.Step("Publishing");
        var result = await PublishAsync(staging, latest, cancellationToken);
        Followers = staging.Derivation.Uniting?.Followers ?? Followers;
        return result;
    }

    /// <summary>Holds the changes against Preview of data upload, the limits and the guards, and keeps them where they have to wait for a person.</summary>
    private async Task<bool> WaitsAsync(Staging staging, CancellationToken cancellationToken)
    {
        var changes = ChangesOf(staging);
        if (purpose == RunPurpose.Removal)
        {
            // Asked for by a person, by name: but only for what the app feeds.
            return whole is not { ConcernsOthers: true } ? false : throw new GuardException(PendingRollback.RefusesRemoval(rollback!));
        }

        if (!changes.Counts.Values.Any(counts => counts.Any))
        {
            return false;
        }

        if (order.Held is { } held)
        {
            return
                await ContainsAsync(staging, held, cancellationToken)
                && !Kinds.All.Any(kind => changes.Read(kind.Kind).Any(change => Removals.Is(change, run.App)))
                ? false
                : throw new GuardException(
                    $"What run {held} adds and updates can't be told apart from what it removes. Nothing was changed: decide about run {held} as a whole."
                );
        }

        if (
            purpose == RunPurpose.Uniting
            && approval is null
            && rollback is null
            && !staging.Derivation.Everything
            && await IsConfiguredAsBeforeAsync(cancellationToken)
        )
        {
            // It carries out what a person decided, or what another app's run has brought through its own gates.
            return false;
        }

        if (approval is { Decision: not null } && await ContainsAsync(staging, run.Number, cancellationToken))
        {
            return false;
        }

        board.Step("Comparing with the limits");
        var verdict = await GateVerdict.OfAsync(
            staging,
            order.Configuration,
            whole,
            rollback,
            leavesDeletionsOut: approval is not { Decision: not null } && purpose == RunPurpose.Import,
            time,
            cancellationToken
        );
        var (isPreview, holds, rollover) = verdict;
        if (verdict.WaitsAs is null && approval is null && rollover is null)
        {
            return false;
        }

        var saysChangesOnly = approval?.Shown.SaysChangesOnly ?? staging.SaysChangesOnly;
        var leavesOut = rollover is not null && !saysChangesOnly;
        Next =
            isPreview || approval is not null || (rollover is not null && !leavesOut) ? WaitingStep.None
            : holds.Count == 0 ? WaitingStep.AcceptForRollover
            : purpose == RunPurpose.Import && verdict.LetsAdditionsThrough(order.Configuration.Apps[run.App].Advanced, staging, changes)
                ? WaitingStep.PublishAdditions
            : WaitingStep.None;

        var report = Report(staging) with
        {
            Holds = holds,
            ChangeHash = ChangeHash.Of(changes),
            WaitsAs = verdict.WaitsAs ?? RunState.Held,
            RefreshTaken = approval?.Shown.RefreshTaken ?? staging.RefreshTaken,
            Decision = null,
            // Of other changes by now, but two are asked as before.
            Agreement = approval?.Shown.Agreement,
            LeftOut = LeftChanges.None.Counts,
            ReadTwice = ReadTwice(),
            SaysChangesOnly = saysChangesOnly,
            Notices =
            [
                .. rollover is { } until ? new[] { RunSteps.WithoutDeletions(until, saysChangesOnly) } : [],
                .. approval is null && verdict.KeepsAdditionsBack(order.Configuration.Apps[run.App].Advanced, staging, changes)
                    ? new[] { RunSteps.AdditionsWait }
                    : [],
                .. approval is null ? staging.Notices()
                : approval.Decision is null ? RunSteps.WithoutStays(approval.Shown.Notices)
                : [Again(staging, approval.Decision), .. RunSteps.LastingWhole(approval.Shown.Notices)],
                .. whole is not null && isPreview ? new[] { PendingRollback.Hold(rollback!, whole).Message } : [],
            ],
        };
        HashSet<RollbookId> leaving = !leavesOut ? [] : [.. Kinds.All.SelectMany(kind => Removals.Leaving(staging.Derivation, kind.Kind))];
        await steps.WaitAsync(
            changes,
            report,
            leaves: !leavesOut ? null : change => change.Operation == Operation.Delete || leaving.Contains(change.Id),
            keepsLeft: approval is { Decision: null },
            cancellationToken
        );

        // What was left out can be taken in again as long as what came is there.
        if (ownFrom is { } below && report.ReadTwice is null)
        {
            await store.Uploads.DiscardAsync(run.Number, below, CancellationToken.None);
        }

        return true;
    }

    /// <summary>Whether a person has accepted the changes, and was told that schools are gone.</summary>
    private bool IsToldOfSchools =>
        approval is { Decision: { } decision }
        && !string.Equals(decision.By, RunSteps.Rollover, StringComparison.Ordinal)
        && approval.Shown.Holds.Any(hold => hold.IsOfGoneSchools);

    /// <summary>Where what came lies beside what was read now, where something is left out of this; else null.</summary>
    private ReadTwice? ReadTwice() =>
        ownFrom is { } from && order.Left.Records.Count > 0 ? new ReadTwice(approval?.Shown.ReadTwice?.Below ?? from, from) : null;

    /// <summary>Whether everything that is to be published has been shown with a run that waits.</summary>
    private Task<bool> ContainsAsync(Staging staging, long shown, CancellationToken cancellationToken) =>
        ShownChanges.ContainAsync(
            store,
            shown,
            ChangesOf(staging),
            order.Left,
            staging.Derivation.Everything || whole is not null,
            cancellationToken
        );

    /// <summary>Why changes that were accepted wait again.</summary>
    private string Again(Staging staging, RunDecision decision)
    {
        var changes = ChangesOf(staging);
        var cause = whole is not null ? "the end of a rollback" : "the configuration";
        var everything = staging.Derivation.Everything || whole is not null;
        var left = Kinds
            .All.SelectMany(kind => changes.Read(kind.Kind).Where(change => order.Left.Records.Contains((kind.Family, change.Id))))
            .CountBy(change => change.Operation == Operation.Delete)
            .ToDictionary();
        return left.Count > 0 && everything ? RunSteps.CameAllTheSame(left.Values.Sum(), decision, cause)
            : left.GetValueOrDefault(true) is var gone and > 0 ? RunSteps.GoesAllTheSame(gone, decision)
            : approval!.Shown.ReadTwice is { IsWhole: true } ? RunSteps.TakenIn
            : order.Left.Records.Count > 0 ? RunSteps.ComesOtherwise
            : RunSteps.MovedOn;
    }

    /// <summary>
    /// Whether records are derived as when the app's upload was last accepted. An app that is there no longer does not matter: a person has taken it out.
    /// </summary>
    private async Task<bool> IsConfiguredAsBeforeAsync(CancellationToken cancellationToken) =>
        await store.Uploads.AcceptedAsync(run.App, cancellationToken) is { } accepted
        && await store.Runs.GetAsync(accepted.Run, cancellationToken) is { } before
        && await store.Configuration.GetAsync(before.ConfigurationVersion, cancellationToken) is { } version
        && DistrictConfiguration.FromDocument(version.Document) is var then
        && then.Apps.ContainsKey(run.App)
        && string.Equals(then.TimeZone, order.Configuration.TimeZone, StringComparison.Ordinal)
        && then.Apps.All(app => !order.Configuration.Apps.TryGetValue(app.Key, out var now) || app.Value.IsDerivedLike(now));

    private Task<PublishResult> PublishAsync(Staging staging, RosterVersion? latest, CancellationToken cancellationToken)
    {
        var derivation = staging.Derivation;
        var unresolved = new UnresolvedChanges(derivation.Everything, derivation.Cleared, derivation.Unresolved);
        var start = time.GetTimestamp();
        return store.Roster.PublishAsync(
            new Publication(
                run.Number,
                run.App,
                latest?.Number ?? 0,
                order.ConfigurationVersion,
                staging.AcceptsWith(approval?.Shown.RefreshTaken ?? staging.RefreshTaken, IsToldOfSchools),
                approval?.Decision?.By ?? run.StartedBy,
                time.GetUtcNow,
                purpose == RunPurpose.Removal ? $"The data of {order.Configuration.Apps[run.App].Name} was removed." : approval?.Decision?.Reason,
                ChangesOf(staging),
                unresolved,
                derivation.Rewritten,
                (_, targets) => Report(staging, start, targets).ToJson()
            )
            {
                OwnSegmentsFrom = ownFrom,
                Issues = derivation.Issues.Changes,
                ToldOf = purpose switch
                {
                    RunPurpose.Removal => Kinds.All.Select(kind => kind.Kind).ToHashSet(),
                    // What an approval reads again is what was kept of the reading, complete or not.
                    RunPurpose.Import => approval is null ? staging.ToldOf : new HashSet<Kind>(),
                    _ => null,
                },
                Members = derivation.Uniting?.Members ?? MemberChanges.None,
                Successors =
                    purpose == RunPurpose.Import && approval?.Decision is not null
                        ? new SuccessorAcceptance(
                            [.. Kinds.All.SelectMany(kind => derivation.Changes.Read(kind.Kind)).Select(change => change.Id)],
                            [.. order.Left.Records.Select(record => record.Id)]
                        )
                        : null,
            },
            cancellationToken
        );
    }

    // Asked for at the end of the publication and committed with it, so the commit alone is not in its seconds.
    private RunReport Report(Staging staging, long publishing, IssueTargets targets)
    {
        Note("publishing", publishing);
        return Report(staging) with { Quality = Quality(staging.Derivation, RootCauses.Chosen(targets)) };
    }

    private RunReport Report(Staging staging)
    {
        var derivation = staging.Derivation;
        return new RunReport
        {
            Purpose = purpose,
            Read = derivation.Tally.ReadByKind,
            Skipped = derivation.Tally.SkippedByKind,
            Filtered = derivation.Tally.FilteredByKind,
            Reported = derivation.Issues.Reported,
            NotMapped = derivation.Tally.NotMappedByKind,
            Changes = ChangesOf(staging).Counts,
            Notices = approval is null ? staging.Notices() : RunSteps.Lasting(approval.Shown.Notices),
            Findings = approval?.Shown.Findings ?? staging.Findings,
            Holds = approval?.Shown.Holds ?? [],
            ChangeHash = approval?.Shown.ChangeHash,
            WaitsAs = approval?.Shown.WaitsAs,
            Decision = approval?.Decision,
            Agreement = approval?.Shown.Agreement,
            LeftOut = order.Left.Counts,
            SaysChangesOnly = approval?.Shown.SaysChangesOnly ?? staging.SaysChangesOnly,
            DifferingSchools =
            [
                .. derivation.DifferingSchools.Take(MostSchoolsTold).Select(school => new DifferingSchool(school.SourcedId, school.Name)),
            ],
            NotMappedSchools = derivation.NotMappedSchools,
            Seconds = seconds,
        };
    }

    private static Dictionary<Kind, QualityCounts> Quality(Derivation derivation, Dictionary<Kind, long> chosen)
    {
        var tally = derivation.Tally;
        return Kinds
            .All.Select(definition => definition.Kind)
            .ToDictionary(
                kind => kind,
                kind =>
                {
                    var left = tally.NotMappedByKind.GetValueOrDefault(kind) + chosen.GetValueOrDefault(kind);
                    return new QualityCounts(
                        tally.ImportedByKind.GetValueOrDefault(kind),
                        derivation.Issues.Reported.GetValueOrDefault(kind),
                        tally.SkippedByKind.GetValueOrDefault(kind) - left,
                        left + tally.FilteredByKind.GetValueOrDefault(kind)
                    );
                }
            )
            .Where(counts => counts.Value is not { Imported: 0, Skipped: 0, LeftOut: 0 })
            .ToDictionary();
    }

    /// <summary>What leads from the roster as it is to the one that the run makes.</summary>
    private IChangeSet ChangesOf(Staging staging) => whole?.Changes ?? staging.Derivation.Changes;

    private void Note(string stage, long start) => seconds[stage] = Math.Round(time.GetElapsedTime(start).TotalSeconds, 3);
}

/// <summary>What is to be done at once about a run that came to wait.</summary>
internal enum WaitingStep
{
    /// <summary>Nothing: a person decides.</summary>
    None,

    /// <summary>To accept it without its deletions, which is all that stands against it.</summary>
    AcceptForRollover,

    /// <summary>To publish what it adds and updates, while what it removes waits.</summary>
    PublishAdditions,
}
