using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive.Schools;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Lineage;

/// <summary>Says by which pair each attribute of a source's record is fed.</summary>
internal static class Feeds
{
    /// <summary>In words, by attribute.</summary>
    internal static IReadOnlyDictionary<string, string> Of(SourceDerivation derivation, RollbookId key, DerivedRecord derived)
    {
        var definition = Kinds.Of(derived.Kind);
        var pairs = derivation.Settings.Attributes.GetValueOrDefault(definition.Name) ?? [];
        var requirements = derivation.Settings.Requirements.GetValueOrDefault(definition.Name);
        var feeds = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in definition.Attributes)
        {
            feeds[attribute.Name] =
                attribute.Name is "sources" ? "Rollbook's own"
                : attribute.Index == 0 ? SisId(derivation.Settings.Advanced.SisIdPrefix)
                : attribute.Name is "name" && derivation.Schools.Of(key) is SchoolDestination.Create { Name: not null } && derived.Kind == Kind.School
                    ? "the name given in Schools Mapping"
                : requirements?.GetValueOrDefault(attribute.Name) is { Rule: RequirementRule.Default } && IsOther(derived, attribute)
                    ? "Use Default of Data Requirements, since the source's value is missing or not valid"
                : attribute.Type == AttributeType.Metadata ? Metadata(pairs, requirements)
                : pairs.FirstOrDefault(pair => string.Equals(pair.Target, attribute.Name, StringComparison.Ordinal)) is { } pair ? Pair(pair)
                : DefaultMapping.SourceOf(derived.Kind, attribute.Name) + ", by default";
        }

        return feeds;
    }

    private static string SisId(string prefix) => prefix.Length == 0 ? "sourcedId" : $"sourcedId with the prefix {prefix}";

    private static string Pair(AttributePair pair) =>
        pair.Template is not null ? "a template of Attributes Mapping"
        : pair.Map is { Count: > 0 } ? $"{pair.Source} through a value map of Attributes Mapping"
        : $"{pair.Source}, by Attributes Mapping";

    private static string Metadata(IEnumerable<AttributePair> pairs, IReadOnlyDictionary<string, Requirement>? requirements)
    {
        var own = pairs.Where(pair => pair.Target.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal));
        var defaults = (requirements ?? new Dictionary<string, Requirement>(StringComparer.Ordinal)).Where(each =>
            each.Value.Rule == RequirementRule.Default && each.Key.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal)
        );
        return string.Join(
            "; ",
            [
                "metadata, by default",
                .. own.Select(pair => $"{pair.Target} from {Pair(pair)}"),
                .. defaults.Select(each => $"{each.Key} by Use Default where the source has none"),
            ]
        );
    }

    private static bool IsOther(DerivedRecord derived, Model.Attribute attribute) =>
        derived is { Shown: { } shown, Plain: { } plain } && !shown.Get(attribute, out _).SequenceEqual(plain.Get(attribute, out _));
}
