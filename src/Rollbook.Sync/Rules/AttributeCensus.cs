using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Rules;

/// <summary>Counts the records that lack a value or have one that is not valid, attribute by attribute, whatever is chosen for it.</summary>
internal sealed class AttributeCensus
{
    private readonly Dictionary<(Kind Kind, string Attribute), (long Missing, long Invalid)> counts = [];

    /// <summary>Whether an attribute is counted.</summary>
    internal static bool Counts(Model.Attribute attribute) => attribute is { Index: > 1, Required: false, Type: not AttributeType.Metadata };

    internal void Add(Kind kind, string attribute, IssueProblem problem)
    {
        var (missing, invalid) = counts.GetValueOrDefault((kind, attribute));
        counts[(kind, attribute)] = problem == IssueProblem.Missing ? (missing + 1, invalid) : (missing, invalid + 1);
    }

    /// <summary>All that are not zero, by kind and attribute.</summary>
    internal IEnumerable<(Kind Kind, string Attribute, long Missing, long Invalid)> All() =>
        counts
            .OrderBy(count => count.Key.Kind)
            .ThenBy(count => count.Key.Attribute, StringComparer.Ordinal)
            .Select(count => (count.Key.Kind, count.Key.Attribute, count.Value.Missing, count.Value.Invalid));
}
