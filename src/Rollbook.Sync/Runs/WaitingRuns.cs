using Microsoft.Extensions.Logging;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Guard;
using Rollbook.Sync.Migrate;

namespace Rollbook.Sync.Runs;

/// <summary>What becomes of runs that wait for a person. Whoever calls has the app's lock.</summary>
internal sealed partial class WaitingRuns(TimeProvider time, ILogger logger)
{
    private const int RecentRuns = 50;

    /// <summary>What is to be done to publish a run; null where this was the first of two who have to agree.</summary>
    /// <exception cref="SourceException">It does not wait, or its changes are others than those that were shown.</exception>
    internal async Task<RunOrder?> ApproveAsync(
        IDistrictStore store,
        long run,
        string? hash,
        string acceptedBy,
        string reason,
        bool asksSecond,
        CancellationToken cancellationToken
    )
    {
        var (record, report) = await UndecidedAsync(store, run, cancellationToken);
        var shown = await ShownAsync(store, run, report, hash, cancellationToken);
        var decision = new RunDecision(IsAccepted: true, acceptedBy, time.GetUtcNow(), reason.Trim());
        var left = await ShownChanges.LeftAsync(store.Staged, run, cancellationToken);
        var order = await RunOrders.OfApprovalAsync(store, record, new RunApproval(decision, report, left), cancellationToken);
        if (
            !asksSecond
            || !SecondPerson.IsAsked(order.Configuration, record.App, report)
            || (
                report.Agreement is { } first
                && string.Equals(first.Hash, shown, StringComparison.Ordinal)
                && !string.Equals(first.By, acceptedBy, StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            return order;
        }

        if (report.Agreement is { } own && string.Equals(own.Hash, shown, StringComparison.Ordinal))
        {
            throw Undecidable("You have accepted these changes already. A second person has to accept them, too.");
        }

        var agreed = report with { Agreement = new RunAgreement(acceptedBy, decision.At, decision.Reason, shown) };
        return await store.Runs.MoveAsync(run, record.State, record.State, agreed.ToJson(), endedAt: null, cancellationToken)
            ? null
            : throw Undecidable(NotWaiting(run));
    }

    /// <summary>What is to be done to look anew at what a run would change, since what it adds and updates is published.</summary>
    /// <exception cref="SourceException">It does not wait.</exception>
    internal static async Task<RunOrder> ShowAnewAsync(IDistrictStore store, long run, string notice, CancellationToken cancellationToken)
    {
        var (record, report) = await UndecidedAsync(store, run, cancellationToken);
        var approval = new RunApproval(Decision: null, report with { Notices = [notice, .. report.Notices] }, LeftChanges.None);
        return await RunOrders.OfApprovalAsync(store, record, approval, cancellationToken);
    }

    /// <summary>
    /// Answers how a run that waits pairs what it would create with what it would delete (SIS Migration) and looks anew at what it would change then. Pairs that were found
    /// before stay, and so does what a person kept separate. Where nothing is known again the run waits as before, and says so.
    /// </summary>
    /// <exception cref="SourceException">It does not wait, or is no import.</exception>
    internal static async Task<RunOrder> MigrateAsync(IDistrictStore store, long run, CancellationToken cancellationToken)
    {
        var (record, report) = await UndecidedAsync(store, run, cancellationToken);
        if (report.Purpose != RunPurpose.Import)
        {
            throw Undecidable("Only the changes of an import can be paired.");
        }

        var approval = new RunApproval(Decision: null, report with { Notices = RunSteps.Lasting(report.Notices) }, LeftChanges.None);
        var order = await RunOrders.OfApprovalAsync(store, record, approval, cancellationToken);
        var settings = order.Configuration.Apps[record.App];
        return order with { Start = new RunStart("Looking for pairs", token => ProposeAsync(store, record, settings, token)) };
    }

    private static async Task ProposeAsync(IDistrictStore store, RunRecord run, AppConfiguration settings, CancellationToken cancellationToken)
    {
        var found = await new SisMigration(store, run.Number, run.App, settings).FindAsync(cancellationToken);
        var known = await store.Successors.CountAsync(run.App, cancellationToken);
        if (found.Count == 0 && !known.Any(count => count.State != SuccessorState.Accepted))
        {
            throw Undecidable(
                RunEnd.NotPaired
                    + "nothing that would be created is known again among what would be deleted. If schools have new IDs, choose in Schools Mapping which existing school each one is, run the import again and then look for pairs once more."
            );
        }

        await store.Successors.ProposeAsync(run.App, found, cancellationToken);
    }

    /// <summary>Keeps the records of a pair separate, or takes the pair in again, with the pairs that hang on it; the run's changes are to be looked at anew then.</summary>
    /// <exception cref="SourceException">It does not wait, or there is no such pair.</exception>
    internal static async Task SeparateAsync(IDistrictStore store, long run, RollbookId key, bool isSeparate, CancellationToken cancellationToken)
    {
        var (record, _) = await UndecidedAsync(store, run, cancellationToken);
        var pair =
            await store.Successors.GetAsync(record.App, key, cancellationToken)
            ?? throw Undecidable("There is no such pair that waits for a decision.");
        var pairs = await SisMigration.WithDependentsAsync(store, record.App, pair, cancellationToken);
        await store.Successors.DecideAsync(record.App, [.. pairs.Select(each => each.Key)], isSeparate, cancellationToken);
    }

    /// <summary>Leaves changes out of what is accepted, or takes them in again, one choice after the other.</summary>
    /// <exception cref="SourceException">It does not wait, or its changes are others than those that were shown.</exception>
    internal static async Task ChooseAsync(
        IDistrictStore store,
        long run,
        string? hash,
        IReadOnlyList<PartChoice> choices,
        CancellationToken cancellationToken
    )
    {
        var (record, report) = await UndecidedAsync(store, run, cancellationToken);
        if (!MayChoose(report))
        {
            throw Undecidable("These changes are accepted or declined as a whole.");
        }

        await ShownAsync(store, run, report, hash, cancellationToken);

        // What was left out when it came to wait again is not among its changes: they are computed anew from what came.
        if (report.ReadTwice is { IsWhole: false } read && choices.Any(choice => !choice.IsLeft && choice.Which == StagedSelection.All))
        {
            var whole = report with { ReadTwice = read with { IsWhole = true } };
            if (!await store.Runs.MoveAsync(run, record.State, record.State, whole.ToJson(), endedAt: null, cancellationToken))
            {
                throw Undecidable(NotWaiting(run));
            }
        }

        foreach (var (which, isLeft) in choices)
        {
            await store.Staged.LeaveAsync(run, which, isLeft, cancellationToken);
        }
    }

    /// <summary>Whether a part can be left out: only of what a source has said.</summary>
    internal static bool MayChoose(RunReport report) => report.Purpose == RunPurpose.Import;

    /// <summary>Takes a run that was approved up again.</summary>
    /// <exception cref="SourceException">It does not wait any more.</exception>
    internal static async Task<RunRecord> TakeAsync(IDistrictStore store, long run, RunApproval approval, CancellationToken cancellationToken) =>
        await store.Runs.MoveAsync(
            run,
            RunStates.ToWord(approval.WaitsAs),
            RunStates.ToWord(RunState.Deriving),
            report: null,
            endedAt: null,
            cancellationToken
        )
            ? (await store.Runs.GetAsync(run, cancellationToken))!
            : throw Undecidable(NotWaiting(run));

    /// <summary>Leaves the roster as it is.</summary>
    /// <returns>Null when done; else why not, for a person.</returns>
    /// <exception cref="SourceException">It does not wait, or its changes are others than those that were shown.</exception>
    internal async Task<string?> DeclineAsync(
        IDistrictStore store,
        long run,
        string? hash,
        string declinedBy,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var (record, report) = await UndecidedAsync(store, run, cancellationToken);
        await ShownAsync(store, run, report, hash, cancellationToken);
        var now = time.GetUtcNow();
        var decision = new RunDecision(IsAccepted: false, declinedBy, now, reason.Trim());
        if (!await RunEnd.CloseAsync(store, record, RunState.Declined, waited => waited with { Decision = decision }, now, cancellationToken))
        {
            return NotWaiting(run);
        }

        if (report.Purpose == RunPurpose.Import)
        {
            await store.Successors.ForgetAsync(record.App, CancellationToken.None);
        }

        return null;
    }

    /// <summary>
    /// Closes runs of the app that wait for a person though their source has said something newer since. A run from the kept upload does not know what they read. What the
    /// newer run did stands, whatever becomes of this; the next one does it again.
    /// </summary>
    internal async Task SupersedeAsync(IDistrictStore store, string app)
    {
        try
        {
            var undecided = await store.Runs.UndecidedAsync(app, CancellationToken.None);
            if (undecided.Count == 0)
            {
                return;
            }

            foreach (var run in await store.Runs.ListAsync(app, null, RecentRuns, CancellationToken.None))
            {
                if (RunStates.FromWord(run.State) is RunState.Published or RunState.Unchanged or RunState.Waiting or RunState.Held)
                {
                    var purpose = RunReport.FromJson(run.Report).Purpose;
                    var older = undecided.Where(each =>
                        each.Number < run.Number
                        && (purpose is RunPurpose.Import or RunPurpose.Removal || RunReport.FromJson(each.Report).Purpose == purpose)
                    );
                    await CloseAsync(store, older, FormattableString.Invariant($"Run {run.Number} took its place."));
                }
            }
        }
        catch (Exception exception)
        {
            LogNotSuperseded(store.District.Id, app, exception.GetType().FullName, exception.StackTrace);
        }
    }

    /// <summary>Closes runs that nobody is to decide any more, and says why.</summary>
    internal async Task CloseAsync(IDistrictStore store, IEnumerable<RunRecord> runs, string notice)
    {
        foreach (var run in runs)
        {
            await RunEnd.CloseAsync(
                store,
                run,
                RunState.Superseded,
                report => report with { Notices = [notice, .. report.Notices] },
                time.GetUtcNow(),
                CancellationToken.None
            );
        }
    }

    private static async Task<(RunRecord Run, RunReport Report)> UndecidedAsync(
        IDistrictStore store,
        long run,
        CancellationToken cancellationToken
    ) =>
        await store.Runs.GetAsync(run, cancellationToken) is { } record && RunStates.IsUndecided(record)
            ? (record, RunReport.FromJson(record.Report))
            : throw Undecidable(NotWaiting(run));

    /// <summary>To what a decision is bound.</summary>
    /// <exception cref="SourceException">The person was shown something else.</exception>
    private static async Task<string> ShownAsync(IDistrictStore store, long run, RunReport report, string? hash, CancellationToken cancellationToken)
    {
        var shown = await ShownChanges.HashAsync(store.Staged, run, report, cancellationToken);
        return hash is null || string.Equals(hash, shown, StringComparison.Ordinal)
            ? shown
            : throw Undecidable("The changes are others now than those that were shown. Look at them once more.");
    }

    private static string NotWaiting(long run) => $"Run {run} does not wait for a person, or no longer.";

    private static SourceException Undecidable(string message) => new(SourceFailure.Configuration, CheckPart.Settings, message);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "District {District}: runs of {App} that a newer one has taken the place of could not be closed: {Exception}. The next run does it.\n{StackTrace}"
    )]
    private partial void LogNotSuperseded(string district, string app, string? exception, string? stackTrace);
}
