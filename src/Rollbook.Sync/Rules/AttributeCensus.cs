using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Rules;

/// <summary>
/// Counts the records that lack a value or have one that is not valid, attribute by attribute, whatever is chosen for it, and those that Filter Rules let pass or do not.
/// </summary>
/// <param name="kinds">The kinds of which it is counted what lacks a value.</param>
internal sealed class AttributeCensus(IReadOnlySet<Kind> kinds)
{
    private readonly Dictionary<(Kind Kind, string Attribute), (long Missing, long Invalid)> counts = [];

    private const int SamplesOfEach = 5;

    private readonly Dictionary<Kind, (long Passed, long Left)> filtered = [];
    private readonly List<(Row Row, bool Passes)> samples = [];

    /// <summary>How many records of each kind that has Filter Rules pass them, and how many none of them lets pass.</summary>
    internal IReadOnlyDictionary<Kind, (long Passed, long Left)> Filtered => filtered;

    /// <summary>Some records of each kind that pass, and some that do not.</summary>
    internal IReadOnlyList<(Row Row, bool Passes)> Samples => samples;

    /// <summary>Counts a record that Filter Rules were asked about.</summary>
    internal void Filter(Row row, bool passes)
    {
        var (passed, left) = filtered.GetValueOrDefault(row.Kind);
        if ((passes ? passed : left) < SamplesOfEach)
        {
            samples.Add((row.Copy(), passes));
        }

        filtered[row.Kind] = passes ? (passed + 1, left) : (passed, left + 1);
    }

    /// <summary>The kinds of which every record has to be looked at for it: those that are counted, and those that rules filter.</summary>
    internal IReadOnlySet<KindDefinition> Whole(IReadOnlyList<FilterRule> filters) =>
        Kinds
            .All.Where(kind => kinds.Contains(kind.Kind) || filters.Any(rule => string.Equals(rule.Kind, kind.Name, StringComparison.Ordinal)))
            .ToHashSet();

    /// <summary>Whether an attribute is counted.</summary>
    internal bool Counts(Kind kind, Model.Attribute attribute) =>
        kinds.Contains(kind) && attribute is { Index: > 1, Required: false, Type: not AttributeType.Metadata };

    /// <summary>Counts a value that is missing or not valid.</summary>
    internal void Add(Kind kind, string attribute, IssueProblem problem)
    {
        if (!kinds.Contains(kind))
        {
            return;
        }

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
