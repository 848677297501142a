using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Derive;

/// <summary>
/// Which collections another configuration of an app that has its people alone derives otherwise. The records of all others are what they were, but for those that refer to one that comes, goes or is left out
/// for another reason, and these are found as after a change in the source.
/// </summary>
internal static class ChangedCollections
{
    /// <summary>The collections; null for all of them.</summary>
    /// <param name="then">The app as its upload was accepted.</param>
    /// <param name="now">The app as it would be.</param>
    /// <param name="areOtherSchools">Whether something else becomes of its schools, for its own mapping's sake or another app's.</param>
    internal static HashSet<Collection>? Of(AppConfiguration then, AppConfiguration now, bool areOtherSchools)
    {
        var sameRules = then with
        {
            Attributes = now.Attributes,
            Requirements = now.Requirements,
            Filters = now.Filters,
            Schools = IsWithoutParts(then, now) ? now.Schools : then.Schools,
            // Of an app that has its people alone, no record depends on these.
            DomainsOfUniqueness = now.DomainsOfUniqueness,
            MasterFields = now.MasterFields,
        };
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

        var collections = Of(changed);
        if (areOtherSchools)
        {
            // What can't be without its one school is found as when the source has that no longer, or among what could not stand. Others may be in the roster without a word of a school
            // that is not mapped, and nothing tells who they are.
            collections.UnionWith(Of(Kinds.All.Where(kind => kind.Find("school") is not { Required: true }).ToHashSet()));
        }

        return collections;
    }

    /// <summary>Whether no school of the source is part of another one, then or now: such schools have no record by which those could be found who are at them.</summary>
    internal static bool IsWithoutParts(AppConfiguration then, AppConfiguration now) =>
        !then.Schools.Mapped.Concat(now.Schools.Mapped).Any(school => school.School is not null);

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
