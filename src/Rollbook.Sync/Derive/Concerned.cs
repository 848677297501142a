using Rollbook.Model;

namespace Rollbook.Sync.Derive;

/// <summary>
/// Who has to be derived again because records that they refer to came or went: found in the published roster and among the unresolved
/// references, so the search costs what changed.
/// </summary>
internal static class Concerned
{
    /// <summary>By records of families that were read before.</summary>
    internal static Task<HashSet<RollbookId>> ByEarlierAsync(Derivation derivation, Collection collection, CancellationToken cancellationToken)
    {
        var own = Collections.FamilyOf(collection);
        return FindAsync(derivation, collection, [.. Enum.GetValues<Family>().Where(family => family < own)], cancellationToken);
    }

    /// <summary>By records of the same family.</summary>
    internal static Task<HashSet<RollbookId>> ByOwnFamilyAsync(Derivation derivation, Collection collection, CancellationToken cancellationToken) =>
        FindAsync(derivation, collection, [Collections.FamilyOf(collection)], cancellationToken);

    private static async Task<HashSet<RollbookId>> FindAsync(
        Derivation derivation,
        Collection collection,
        Family[] families,
        CancellationToken cancellationToken
    )
    {
        var found = new HashSet<RollbookId>();
        foreach (var family in families)
        {
            var gone = derivation.Disappeared(family);
            if (gone.Count > 0)
            {
                foreach (var definition in Kinds.Of(Collections.FamilyOf(collection)))
                {
                    foreach (var attribute in definition.Attributes.Where(attribute => attribute.Target == family))
                    {
                        found.UnionWith(await derivation.Store.Roster.ReferrersAsync(definition.Kind, attribute, gone, cancellationToken));
                    }
                }
            }

            // What is left out is not in the roster: what it refers to is remembered with the references that wait for something to come.
            HashSet<RollbookId> moved = [.. derivation.Appeared(family), .. gone];
            if (moved.Count > 0)
            {
                var waiting = await derivation.Store.Uploads.UnresolvedAsync(derivation.App, moved, cancellationToken);
                found.UnionWith(waiting.Where(reference => reference.Collection == collection).Select(reference => reference.From));
            }
        }

        // What refers to somebody is found in the roster; there a record may be what several of them are together.
        return collection == Collection.Users && derivation.Uniting is { } uniting ? [.. found.SelectMany(uniting.KeysOf)] : found;
    }
}
