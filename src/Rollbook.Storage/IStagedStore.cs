using Rollbook.Model;

namespace Rollbook.Storage;

/// <summary>
/// What waits for a person: the change sets of runs that are held or waiting. Nothing of them is in the roster, which can be looked at as if it were (<see cref="AsOf.After"/>). A publication forgets that of its run
/// (see <see cref="IRosterStore.PublishAsync"/>), <see cref="IUploadStore.DiscardEndedAsync"/> those of runs that have ended otherwise. Whoever keeps one holds the app's lock.
/// </summary>
public interface IStagedStore
{
    /// <summary>
    /// Keeps a run's change set in place of the one it had and moves the run from one state to another with its report, all in one transaction;
    /// false, and nothing written, when the run is no longer in <paramref name="from"/>. The run has not ended by that.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="from">The state from which it is moved.</param>
    /// <param name="to">The state to which.</param>
    /// <param name="changes">The change set.</param>
    /// <param name="report">The run's report.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="leaves">Which of the changes are left out from the start; null for none.</param>
    /// <param name="keepsLeft">Whether what a person left out before stays left out where the change set has the same operation for it; else it is in it again.</param>
    Task<bool> KeepAsync(
        long run,
        string from,
        string to,
        IChangeSet changes,
        string report,
        CancellationToken cancellationToken,
        Func<StagedChange, bool>? leaves = null,
        bool keepsLeft = false
    );

    /// <summary>
    /// A page of the changes of a kind by ID, as <see cref="IRosterStore.ChangesAsync"/> gives those of a version: old values are those of the newest
    /// version of the roster now (null when it has none), new ones those that were staged.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="operation">Only changes that were staged as this operation; null for all.</param>
    /// <param name="school">Only changes of records that are at that school, before or after; null for all.</param>
    /// <param name="after">The ID after which the page begins; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    Task<IReadOnlyList<PublishedChange>> ChangesAsync(
        long run,
        Kind kind,
        Operation? operation,
        RollbookId? school,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Those of <paramref name="ids"/> that the run would create in any kind of the family, with their values; for showing references by name.</summary>
    Task<IReadOnlyDictionary<RollbookId, Row>> CreatedAsync(
        long run,
        Family family,
        IReadOnlyCollection<RollbookId> ids,
        CancellationToken cancellationToken
    );

    /// <summary>How many changes of each kind and operation concern each school, by these; a record at two schools counts at both.</summary>
    Task<IReadOnlyList<StagedCount>> CountsAsync(long run, CancellationToken cancellationToken);

    /// <summary>A run's whole change set of a kind, by ID; a row is valid until the next is read.</summary>
    IAsyncEnumerable<StagedChange> ReadAsync(long run, Kind kind, CancellationToken cancellationToken);

    /// <summary>
    /// Leaves changes of a run out of what is accepted, or takes them in again. What is left out is remembered until the run ends, also when another change set takes the
    /// place of this one; what that one has all the same is in it again. Harmless when repeated.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="which">Which changes.</param>
    /// <param name="isLeft">Whether they are left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task LeaveAsync(long run, StagedSelection which, bool isLeft, CancellationToken cancellationToken);

    /// <summary>The changes that are left out, by kind and ID.</summary>
    IAsyncEnumerable<LeftChange> LeftAsync(long run, CancellationToken cancellationToken);

    /// <summary>Which of some changes of a kind are left out.</summary>
    Task<IReadOnlySet<RollbookId>> LeftAmongAsync(long run, Kind kind, IReadOnlyCollection<RollbookId> ids, CancellationToken cancellationToken);

    /// <summary>What the run would do with each of some records of a kind: those that it changes, and whose change is not left out.</summary>
    Task<IReadOnlyDictionary<RollbookId, Operation>> OperationsAsync(
        long run,
        Kind kind,
        IReadOnlyCollection<RollbookId> ids,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Whether the roster can be looked at as it would be after the run (<see cref="AsOf.After"/>). It can't when its change set was kept by a program that kept no more than the changes
    /// themselves: before schema 13.
    /// </summary>
    Task<bool> HasRosterAsync(long run, CancellationToken cancellationToken);

    /// <summary>How many changes of each kind and operation are left out; <see cref="StagedCount.School"/> is null.</summary>
    Task<IReadOnlyList<StagedCount>> LeftCountsAsync(long run, CancellationToken cancellationToken);

    /// <summary>The same of those alone that the run's change set has now, and not of what was left out of one that it had before.</summary>
    Task<IReadOnlyList<StagedCount>> LeftOfChangesAsync(long run, CancellationToken cancellationToken);

    /// <summary>
    /// What a person left out of the app's runs and nobody has decided about since, by kind and ID: remembered with the publication of the run
    /// (<see cref="Publication.ToldOf"/>) until that of the next.
    /// </summary>
    IAsyncEnumerable<LeftChange> LeftBeforeAsync(string app, CancellationToken cancellationToken);

    /// <summary>Forgets a run's change set, and what was left out of it. Harmless when repeated.</summary>
    Task RemoveAsync(long run, CancellationToken cancellationToken);
}

/// <summary>How many changes of a kind and operation concern a school.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Operation">The operation, as it was staged.</param>
/// <param name="School">The school at which the records are, before or after; null for records without one.</param>
/// <param name="Count">How many changes.</param>
public sealed record StagedCount(Kind Kind, Operation Operation, RollbookId? School, long Count);

/// <summary>Some changes of a change set that waits: those to which everything applies that is given.</summary>
/// <param name="Kind">Of this kind.</param>
/// <param name="Operation">Staged as this operation.</param>
/// <param name="School">Of records at this school, before or after.</param>
/// <param name="Id">Of this record.</param>
/// <param name="IsWithoutSchool">Of records at no school.</param>
/// <param name="IsLeftBefore">Of records that a person left out of the app's runs before (<see cref="IStagedStore.LeftBeforeAsync"/>).</param>
public sealed record StagedSelection(
    Kind? Kind = null,
    Operation? Operation = null,
    RollbookId? School = null,
    RollbookId? Id = null,
    bool IsWithoutSchool = false,
    bool IsLeftBefore = false
)
{
    /// <summary>All.</summary>
    public static StagedSelection All { get; } = new();
}

/// <summary>A change that a person leaves out.</summary>
/// <param name="Kind">The record's kind.</param>
/// <param name="Id">The record.</param>
/// <param name="Operation">The operation, as it was staged.</param>
public sealed record LeftChange(Kind Kind, RollbookId Id, Operation Operation);
