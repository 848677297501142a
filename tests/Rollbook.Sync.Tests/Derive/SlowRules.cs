using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>Data Requirements as words (<c>report</c>, <c>skip</c>, <c>=default</c>), and what was found by them in words too.</summary>
internal sealed class SlowRules
{
    private readonly Dictionary<(Kind Kind, string Attribute), string> requirements = [];

    private readonly List<SlowFilter> filters = [];

    internal SortedSet<string> Issues { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, string> Of(Kind kind) =>
        requirements.Where(rule => rule.Key.Kind == kind).ToDictionary(rule => rule.Key.Attribute, rule => rule.Value, StringComparer.Ordinal);

    internal string? Of(Kind kind, string attribute) => requirements.GetValueOrDefault((kind, attribute));

    internal void Require(Kind kind, string attribute, string rule) => requirements[(kind, attribute)] = rule;

    internal void Filter(IEnumerable<SlowFilter> chosen) => filters.AddRange(chosen);

    internal bool Passes(Kind kind, IReadOnlyDictionary<string, string> values) =>
        filters.Where(filter => filter.Kind == kind).Select(filter => filter.Passes(values)).DefaultIfEmpty(true).Any(passes => passes);

    internal bool Follows(Kind kind, Kind follower) =>
        filters.Exists(filter => filter.Kind == kind && filter.Linked.Contains(Kinds.Of(follower).Name, StringComparer.Ordinal));

    internal IReadOnlyList<FilterRule> Filters() => [.. filters.Select(filter => filter.Rule())];

    internal void Found(Kind kind, RollbookId id, string attribute, string rule, string problem) =>
        Issues.Add($"{kind} {id} {attribute} {rule} {problem}");

    internal IReadOnlyDictionary<string, IReadOnlyDictionary<string, Requirement>> Configuration() =>
        requirements
            .GroupBy(rule => Kinds.Of(rule.Key.Kind).Name, StringComparer.Ordinal)
            .ToDictionary(
                kind => kind.Key,
                kind =>
                    (IReadOnlyDictionary<string, Requirement>)
                        kind.ToDictionary(
                            rule => rule.Key.Attribute,
                            rule =>
                                rule.Value switch
                                {
                                    "report" => new Requirement(RequirementRule.Report),
                                    "skip" => new Requirement(RequirementRule.Skip),
                                    var value => new Requirement(
                                        RequirementRule.Default,
                                        value[1..].ToLowerInvariant() is "true" ? "true" : value[1..]
                                    ),
                                },
                            StringComparer.Ordinal
                        ),
                StringComparer.Ordinal
            );

    /// <summary>What was found by rules and is kept, in the same words.</summary>
    internal static async Task<SortedSet<string>> KeptAsync(IDistrictStore store) =>
        new(
            (await store.Issues.PageAsync(new IssueQuery(Rules: [IssueRule.Report, IssueRule.Skip], Limit: 100_000), default)).Issues.Select(kept =>
                $"{kept.Issue.Kind} {kept.Issue.Record} {kept.Issue.Attribute} {kept.Issue.Rule.ToString().ToLowerInvariant()} {kept.Issue.Problem.ToString().ToLowerInvariant()}"
            ),
            StringComparer.Ordinal
        );
}

/// <summary>A Filter Rule with what it means in so many words.</summary>
internal sealed record SlowFilter(
    Kind Kind,
    string Attribute,
    FilterOperator Operator,
    string[] Values,
    Func<string?, bool> Holds,
    IReadOnlyList<string> Linked
)
{
    internal bool Passes(IReadOnlyDictionary<string, string> values) =>
        Holds(values.GetValueOrDefault(Attribute is "metadata.bus" ? "metadata" : Attribute));

    internal FilterRule Rule() =>
        new()
        {
            Kind = Kinds.Of(Kind).Name,
            Where = [new RuleCondition(Attribute, Operator, Values)],
            IncludeLinked = FilterRules.Linked(Kind, Linked),
        };
}
