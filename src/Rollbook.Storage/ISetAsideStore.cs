using Rollbook.Model;

namespace Rollbook.Storage;

/// <summary>
/// What a rollback has set aside: where the newest version has other values than the accepted uploads give, these values. A rollback adds to it
/// (<see cref="Publication.Restores"/>); every other publication makes the roster be what the uploads give, and forgets it.
/// </summary>
public interface ISetAsideStore
{
    /// <summary>The version of the newest rollback; null when nothing is set aside, and the roster is what the accepted uploads give.</summary>
    Task<RosterVersion?> PendingAsync(CancellationToken cancellationToken);

    /// <summary>What is set aside of a kind, by ID. A row is its reader's to keep.</summary>
    IAsyncEnumerable<SetAside> ReadAsync(Kind kind, CancellationToken cancellationToken);

    /// <summary>What is set aside of some records of a kind.</summary>
    Task<IReadOnlyDictionary<RollbookId, SetAside>> GetAsync(Kind kind, IReadOnlyCollection<RollbookId> ids, CancellationToken cancellationToken);
}

/// <summary>A record that a rollback has made another than the accepted uploads give.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">The record.</param>
/// <param name="Row">Its values as the uploads give them; null when they do not give the record.</param>
public sealed record SetAside(Kind Kind, RollbookId Id, Row? Row);
