using Rollbook.Model;

namespace Rollbook.Storage;

/// <summary>
/// Records of the roster that are made of what several sources say, or that stand under another Rollbook ID than their source's ID gives. Changed only by a
/// publication (<see cref="Publication.Members"/>), apart from the IDs that are kept.
/// </summary>
public interface IUnitedStore
{
    /// <summary>All members, by app and key. A record of the roster without a member is what its one source says, under the ID that this source's ID gives.</summary>
    IAsyncEnumerable<Member> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The members of some records of the roster.</summary>
    Task<IReadOnlyList<Member>> OfAsync(IReadOnlyCollection<RollbookId> ids, CancellationToken cancellationToken);

    /// <summary>The members with some keys.</summary>
    Task<IReadOnlyList<Member>> WithKeysAsync(IReadOnlyCollection<RollbookId> keys, CancellationToken cancellationToken);

    /// <summary>How often members have changed: another number is another content, also where the roster stayed as it was.</summary>
    Task<long> RevisionAsync(CancellationToken cancellationToken);

    /// <summary>How many records an app has together with others.</summary>
    Task<long> CountSharedAsync(string app, CancellationToken cancellationToken);

    /// <summary>The Rollbook IDs that are kept: by the key that a source's ID gives, the ID under which the record goes on.</summary>
    Task<IReadOnlyDictionary<RollbookId, RollbookId>> KeptIdsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Has the other members of every record of which an app is a member keep its Rollbook ID, whatever becomes of the app. Answers how many records that
    /// are. Harmless when repeated.
    /// </summary>
    Task<int> KeepIdsAsync(string app, CancellationToken cancellationToken);
}

/// <summary>What one source says of a record of the roster that is not its alone.</summary>
/// <param name="App">The source.</param>
/// <param name="Key">The ID that the source's own ID gives.</param>
/// <param name="Id">The record of the roster.</param>
/// <param name="Row">What the source says, mapped, with references to records of the roster.</param>
public sealed record Member(string App, RollbookId Key, RollbookId Id, Row Row);

/// <summary>What a publication changes about members.</summary>
/// <param name="Gone">Members that are no longer.</param>
/// <param name="Set">Members that are new or changed.</param>
public sealed record MemberChanges(IReadOnlyCollection<(string App, RollbookId Key)> Gone, IReadOnlyCollection<Member> Set)
{
    /// <summary>No change.</summary>
    public static MemberChanges None { get; } = new([], []);
}
