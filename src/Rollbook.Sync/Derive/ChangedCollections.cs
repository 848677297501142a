using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Derive;

/// <summary>
/// Which collections another configuration derives otherwise. The records of all others are what they were, but for those that refer to one that comes, goes or is left out
/// for another reason, and these are found as after a change in the source.
/// </summary>
internal static class ChangedCollections
{
    /// <summary>The collections; null for all of them.</summary>
    internal static HashSet<Collection>? Of(AppConfiguration then, AppConfiguration now)
    {
        var sameRules = then with { Attributes = now.Attributes, Requirements = now.Requirements, Filters = now.Filters };
        if (!sameRules.IsDerivedLike(now))
        {
            return null;
        }

        var changed = Kinds.All.Where(kind => !string.Equals(RulesOf(then, kind), RulesOf(now, kind), StringComparison.Ordinal)).ToHashSet();
        foreach (var kind in Kinds.All.Where(kind => MayBeFiltered(then, kind)))
        {
            // Whoever referred to a record that no rule let pass follows it now, or no longer.
            var linked = LinkedOf(then, kind);
            linked.SymmetricExceptWith(LinkedOf(now, kind));
            changed.UnionWith(linked.Select(name => Kinds.Find(name)!));
        }

        return Of(changed);
    }

    /// <summary>The collections that records of some kinds come from; demographics are part of the people who are derived, and looked up for them.</summary>
    internal static HashSet<Collection> Of(IReadOnlySet<KindDefinition> kinds) =>
        Collections
            .InOrder.Where(collection => collection != Collection.Demographics && kinds.Any(kind => kind.Family == Collections.FamilyOf(collection)))
            .ToHashSet();

    private static string RulesOf(AppConfiguration app, KindDefinition kind) =>
        JsonSerializer.Serialize(
            new
            {
                Attributes = app.Attributes.GetValueOrDefault(kind.Name),
                Requirements = app.Requirements.GetValueOrDefault(kind.Name),
                Filters = FiltersOf(app, kind).Select(rule => rule with { Name = null, IncludeLinked = [] }),
            }
        );

    private static bool MayBeFiltered(AppConfiguration app, KindDefinition kind) =>
        FiltersOf(app, kind).Any() || app.Filters.Any(rule => rule.IncludeLinked.Contains(kind.Name, StringComparer.Ordinal));

    private static HashSet<string> LinkedOf(AppConfiguration app, KindDefinition kind) =>
        FiltersOf(app, kind).SelectMany(rule => rule.IncludeLinked).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<FilterRule> FiltersOf(AppConfiguration app, KindDefinition kind) =>
        app.Filters.Where(rule => string.Equals(rule.Kind, kind.Name, StringComparison.Ordinal));
}
