using Rollbook.Model;

namespace Rollbook.Storage;

/// <summary>
/// SIS Migration: which records of an app go on under the Rollbook ID that another SIS ID had given, since the SIS was replaced or has given new IDs (sync-safety.md
/// section 2, re-keys). What was proposed counts for whatever is derived, but no import that brings it is published without a person.
/// </summary>
public interface ISuccessorStore
{
    /// <summary>The pairs of an app that count, those proposed and those accepted, by key.</summary>
    IAsyncEnumerable<SuccessorPair> InForceAsync(string app, CancellationToken cancellationToken);

    /// <summary>Proposes pairs. A record about which there is a pair already keeps that one.</summary>
    Task ProposeAsync(string app, IReadOnlyCollection<SuccessorPair> pairs, CancellationToken cancellationToken);

    /// <summary>How many pairs an app has, by kind, domain and state.</summary>
    Task<IReadOnlyList<SuccessorCount>> CountAsync(string app, CancellationToken cancellationToken);

    /// <summary>A page of an app's pairs that wait for a person, those kept separate included, by key.</summary>
    /// <param name="app">The app.</param>
    /// <param name="kind">Their kind.</param>
    /// <param name="after">The last key of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<SuccessorPair>> PageAsync(string app, Kind kind, RollbookId? after, int limit, CancellationToken cancellationToken);

    /// <summary>The pairs of an app whose records a person keeps separate, by key.</summary>
    IAsyncEnumerable<SuccessorPair> SeparateAsync(string app, CancellationToken cancellationToken);

    /// <summary>Keeps the records of pairs separate, or takes the pairs in again; only those that wait for a person. Answers how many they are.</summary>
    Task<int> DecideAsync(string app, IReadOnlyCollection<RollbookId> keys, bool isSeparate, CancellationToken cancellationToken);

    /// <summary>A pair that waits for a person; null when there is none with the key.</summary>
    Task<SuccessorPair?> GetAsync(string app, RollbookId key, CancellationToken cancellationToken);

    /// <summary>Those of some records' pairs that wait for a person, those kept separate included, by the Rollbook ID that is kept.</summary>
    Task<IReadOnlyList<SuccessorPair>> OfAsync(string app, IReadOnlyCollection<RollbookId> ids, CancellationToken cancellationToken);

    /// <summary>Forgets the pairs that wait for a person. Those that a person accepted stay (<see cref="Publication.Successors"/>).</summary>
    Task ForgetAsync(string app, CancellationToken cancellationToken);

    /// <summary>Forgets all pairs of an app, whose data was removed.</summary>
    Task RemoveAsync(string app, CancellationToken cancellationToken);
}

/// <summary>What becomes of a pair.</summary>
/// <remarks>The numbers are stored: add at the end, never renumber.</remarks>
public enum SuccessorState
{
    /// <summary>Found; waits for a person.</summary>
    Proposed = 0,

    /// <summary>Published once: it stays.</summary>
    Accepted = 1,

    /// <summary><b>Keep separate</b>: a person said that they are two.</summary>
    Separate = 2,
}

/// <summary>A record of the source and the one under whose Rollbook ID it goes on.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="Key">The ID that the record's own SIS ID gives.</param>
/// <param name="Id">The Rollbook ID that it keeps.</param>
/// <param name="Domain">The attributes on which the two agree, as <c>school + courseCode</c>.</param>
/// <param name="State">What becomes of it.</param>
public sealed record SuccessorPair(Kind Kind, RollbookId Key, RollbookId Id, string Domain, SuccessorState State = SuccessorState.Proposed);

/// <summary>A person has accepted a run with the pairs that it brings: with the publication they stay for good. Pairs found for an earlier run, which this one does not bring, are forgotten.</summary>
/// <param name="Brought">Rollbook IDs of the records that the run changes.</param>
/// <param name="LeftOut">Those whose records are left out of what was accepted: their pairs go on waiting.</param>
public sealed record SuccessorAcceptance(IReadOnlyCollection<RollbookId> Brought, IReadOnlyCollection<RollbookId> LeftOut);

/// <summary>How many pairs there are of a kind, domain and state.</summary>
public sealed record SuccessorCount(Kind Kind, string Domain, SuccessorState State, long Count);
