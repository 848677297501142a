using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Migrate;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Guard;

/// <summary>What the two gates say of the changes of an import (sync-safety.md section 1): to the import itself, and to a what-if before it.</summary>
/// <param name="IsPreview">Whether every run of the app waits for a person; then no limit is evaluated.</param>
/// <param name="Holds">The limits and guards that are broken.</param>
/// <param name="Rollover">Until when Data Rollover disables data deletion, where there are any; else null.</param>
internal sealed record GateVerdict(bool IsPreview, IReadOnlyList<RunHold> Holds, DateOnly? Rollover)
{
    /// <summary>Nothing changes, so nothing has to wait.</summary>
    internal static readonly GateVerdict Nothing = new(IsPreview: false, [], Rollover: null);

    /// <summary>As what the changes wait for a person; null when they are published.</summary>
    internal RunState? WaitsAs =>
        IsPreview ? RunState.Waiting
        : Holds.Count > 0 ? RunState.Held
        : null;

    /// <summary>Whether what is added and updated is published at once where only removals are over a limit.</summary>
    internal bool LetsAdditionsThrough(AdvancedSettings settings, Staging staging, IChangeSet changes) =>
        !staging.Derivation.Everything && HoldsRemovalsAlone(settings, staging, changes);

    /// <summary>
    /// Whether these are to be published, and can't be told apart from what is removed: everything was derived anew, because the configuration is another, or the day that
    /// Filter Rules ask for.
    /// </summary>
    internal bool KeepsAdditionsBack(AdvancedSettings settings, Staging staging, IChangeSet changes) =>
        staging.Derivation.Everything && HoldsRemovalsAlone(settings, staging, changes);

    private bool HoldsRemovalsAlone(AdvancedSettings settings, Staging staging, IChangeSet changes) =>
        settings.HoldMode == HoldMode.Removals
        && Holds.Count > 0
        && Rollover is null
        && Holds.All(hold => hold.IsOfRemovals)
        && Kinds.All.Any(kind => changes.Read(kind.Kind).Any(change => !Removals.Is(change, staging.Derivation.App)));

    /// <summary>Evaluates them.</summary>
    /// <param name="staging">What was derived.</param>
    /// <param name="configuration">The configuration whose limits count.</param>
    /// <param name="whole">What would change in the roster after a rollback that nobody has decided about since; null without one.</param>
    /// <param name="rollback">That rollback.</param>
    /// <param name="leavesDeletionsOut">Whether Data Rollover is heeded, as it is by what the schedule or a person imports anew.</param>
    /// <param name="time">Says which day's limits are in force.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static async Task<GateVerdict> OfAsync(
        Staging staging,
        DistrictConfiguration configuration,
        WholeChanges? whole,
        RosterVersion? rollback,
        bool leavesDeletionsOut,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var derivation = staging.Derivation;
        var today = DeliveryTimeZone.Today(configuration, time);
        var changes = whole?.Changes ?? derivation.Changes;
        var period = leavesDeletionsOut ? RolloverOn(configuration, today) : null;
        var rollover = period is not null && Any(changes, derivation) ? period : null;
        var settings = configuration.Apps[derivation.App];
        if (settings.Advanced.PreviewOfDataUpload)
        {
            return new GateVerdict(IsPreview: true, [], rollover);
        }

        var holds = await new Gate(derivation.Store, derivation.App, settings, derivation, today).EvaluateAsync(cancellationToken);
        if (rollover is not null)
        {
            holds = [.. holds.Where(hold => !hold.IsOfRemovals)];
        }

        if (await SisMigration.HoldAsync(derivation.Store, derivation.App, derivation.Changes, cancellationToken) is { } migration)
        {
            holds = [migration, .. holds];
        }

        return new GateVerdict(IsPreview: false, whole is null ? holds : [PendingRollback.Hold(rollback!, whole), .. holds], rollover);
    }

    /// <summary>Whether anything is taken away.</summary>
    private static bool Any(IChangeSet changes, Derivation derivation) =>
        changes.Counts.Values.Any(counts => counts.Delete > 0) || Kinds.All.Any(kind => Removals.Leaving(derivation, kind.Kind).Count > 0);

    private static DateOnly? RolloverOn(DistrictConfiguration configuration, DateOnly today) =>
        configuration.RolloverOn(today) is { Mode: RolloverMode.NoDeletions } period ? period.Until : null;
}
