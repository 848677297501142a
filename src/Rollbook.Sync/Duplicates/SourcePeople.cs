using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Rollbacks;

namespace Rollbook.Sync.Duplicates;

/// <summary>One of a source's people.</summary>
/// <param name="Source">The source, and the ID that its own ID gives.</param>
/// <param name="Id">The record of the roster to which the person belongs.</param>
/// <param name="Row">What the source says, mapped.</param>
public sealed record SourcePerson(SourceRecord Source, RollbookId Id, Row Row);

/// <summary>The people of the roster as each of their sources has them.</summary>
public static class SourcePeople
{
    /// <summary>All of a kind: first those who belong to a record that is not theirs alone, then the others. A row is its reader's to keep.</summary>
    internal static async IAsyncEnumerable<SourcePerson> ReadAsync(
        IDistrictStore store,
        Kind kind,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var derived = await DerivedDistrict.OfAsync(store, cancellationToken);
        var united = new HashSet<RollbookId>();
        await foreach (var member in store.United.ReadAsync(cancellationToken))
        {
            united.Add(member.Id);
            if (member.Row.Kind == kind)
            {
                yield return new SourcePerson(new SourceRecord(member.App, member.Key), member.Id, member.Row);
            }
        }

        await foreach (var record in derived.Roster.ReadAsync(kind, asOf: null, cancellationToken))
        {
            if (!united.Contains(record.Id) && OnlySource(record.Row) is { } source)
            {
                yield return new SourcePerson(new SourceRecord(source, record.Id), record.Id, record.Row);
            }
        }
    }

    /// <summary>Some of them, in the order of the keys; whoever is no longer in the roster is missing.</summary>
    public static async Task<IReadOnlyList<SourcePerson>> GetAsync(
        IDistrictStore store,
        IReadOnlyList<RollbookId> keys,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(keys);

        var derived = await DerivedDistrict.OfAsync(store, cancellationToken);

        // A person is either a record of the roster under the own ID, or a member of one; which of the two, only the store knows.
        var members = (await store.United.WithKeysAsync(keys, cancellationToken)).ToDictionary(member => member.Key);
        var alone = await derived.Roster.GetManyAsync(Family.Person, keys, asOf: null, cancellationToken);
        var united = (await store.United.OfAsync(keys, cancellationToken)).Select(member => member.Id).ToHashSet();
        var people = new List<SourcePerson>();
        foreach (var key in keys.Distinct())
        {
            if (members.TryGetValue(key, out var member))
            {
                people.Add(new SourcePerson(new SourceRecord(member.App, key), member.Id, member.Row));
            }
            else if (!united.Contains(key) && alone.TryGetValue(key, out var own) && OnlySource(own.Row) is { } source)
            {
                people.Add(new SourcePerson(new SourceRecord(source, key), key, own.Row));
            }
        }

        return people;
    }

    /// <summary>The first source of a record, which is the only one of a record without members.</summary>
    internal static string? OnlySource(Row row) => row["sources"] is string[] { Length: > 0 } sources ? sources[0] : null;
}
