using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Derive;

/// <summary>
/// What the roster has of a collection's records, half a hash each, for a run that derives every one of them: reading the hashes of a whole kind takes a fraction of looking
/// each of them up. Eight bytes a record; that a record which differs has the same ones happens once in 2⁶⁴.
/// </summary>
internal sealed class PublishedHashes
{
    /// <summary>From so many records of the roster for one of the app's on, looking them up takes less.</summary>
    private const int MostForEach = 4;

    private readonly UploadIndex index;
    private ulong[] halves;

    private PublishedHashes(UploadIndex index) => (this.index, halves) = (index, new ulong[index.Live]);

    /// <summary>Reads them; null where that does not pay, or where a record of the source is not by itself one of the roster.</summary>
    internal static async Task<PublishedHashes?> ReadAsync(
        Derivation derivation,
        Collection collection,
        UploadIndex index,
        CancellationToken cancellationToken
    )
    {
        if (!derivation.Rederives(collection) || index.Live == 0 || (collection == Collection.Users && derivation.Uniting is not null))
        {
            return null;
        }

        var kinds = Kinds.Of(Collections.FamilyOf(collection)).Select(definition => definition.Kind).ToList();
        if (
            await derivation.Store.Roster.LatestAsync(cancellationToken) is not { } latest
            || kinds.Sum(kind => latest.Totals.GetValueOrDefault(kind)) > (long)MostForEach * index.Live
        )
        {
            return null;
        }

        var published = new PublishedHashes(index);
        foreach (var kind in kinds)
        {
            await derivation.Store.Roster.HashesAsync(kind, (id, hash) => published.Take(kind, id, hash), cancellationToken);
        }

        return published;
    }

    /// <summary>Whether the roster has this record with these values. No is no answer: it may be there all the same.</summary>
    internal bool Have(RollbookId id, Row row) =>
        index.Find(id) is >= 0 and var slot && slot < halves.Length && halves[slot] != 0 && halves[slot] == Half(row.Kind, row.Hash);

    private void Take(Kind kind, RollbookId id, UInt128 hash)
    {
        var slot = index.Find(id);
        if (slot < 0)
        {
            return;
        }

        if (slot >= halves.Length)
        {
            // The slots of records that are gone lie between.
            Array.Resize(ref halves, slot + 1 + (slot / 2));
        }

        halves[slot] = Half(kind, hash);
    }

    // With the kind, since a student and a teacher without values have the same hash.
    private static ulong Half(Kind kind, UInt128 hash) => (ulong)hash ^ (ulong)kind;
}
