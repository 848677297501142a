using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive.Schools;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Read;
using Rollbook.Sync.Rules;

namespace Rollbook.Sync.Lineage;

/// <summary>Tells in sentences what became of a source's record, and by which rule.</summary>
internal static class Stories
{
    /// <summary>The story.</summary>
    /// <param name="derivation">How the source's records are derived.</param>
    /// <param name="key">The record's key.</param>
    /// <param name="state">What became of it in the last import.</param>
    /// <param name="derived">What deriving it once more gives.</param>
    /// <param name="belongsTo">The record of the roster to which it belongs.</param>
    internal static IReadOnlyList<string> Of(
        SourceDerivation derivation,
        RollbookId key,
        OutcomeState state,
        DerivedRecord derived,
        RollbookId belongsTo
    )
    {
        List<string> story = [.. State(derivation, key, state, derived, belongsTo)];
        if (derived.State != state)
        {
            story.Add(
                $"Derived once more it would become something else ({Words(derived.State)}), because something that it depends on has changed since its last import. The next import brings it."
            );
        }

        return story;
    }

    /// <summary>What each Filter Rule asks of a record that none lets pass; see <see cref="SourceAccount.FilterStory"/>.</summary>
    internal static IReadOnlyList<string> OfFilters(SourceDerivation derivation, OutcomeState state, DerivedRecord derived)
    {
        var definition = Kinds.Of(derived.Kind);
        return state == OutcomeState.Filtered
            ?
            [
                .. FailingRules(derivation, derived)
                    .Select(rule => $"The rule {Name(rule)} asks for more than it has: {string.Join("; ", Failing(rule))}."),
            ]
            : [];

        string Name(FilterRule rule) => rule.Name is { } name ? $"\"{name}\"" : $"for {definition.Plural.ToLowerInvariant()}";

        IEnumerable<string> Failing(FilterRule rule) =>
            rule
                .Where.Where(condition =>
                    !new KindFilter(definition, [rule with { Where = [condition] }], derivation.Today).Passes(derived.Shown!.Value)
                )
                .Select(condition => $"{condition.Attribute} {condition.Operator.Words()} {string.Join(", ", condition.Values)}".TrimEnd());
    }

    /// <summary>What became of a record, in a few words.</summary>
    internal static string Words(OutcomeState? state) =>
        state switch
        {
            null => "not in the upload",
            OutcomeState.Published => "in the roster",
            OutcomeState.Withheld => "withheld, since it lacks something that it can't stand without",
            OutcomeState.Rejected => "refused, since it is not valid",
            OutcomeState.Part => "part of another record",
            OutcomeState.Unmapped => "left out by Schools Mapping",
            OutcomeState.UnmappedOrganisation => "an organisation that Schools Mapping leaves out",
            OutcomeState.Retained => "in the roster, though the source has it no longer",
            OutcomeState.Lent => "in the roster for another app's sake",
            OutcomeState.Skipped => "skipped by Data Requirements",
            _ => "left out by Filter Rules",
        };

    private static IEnumerable<string> State(
        SourceDerivation derivation,
        RollbookId key,
        OutcomeState state,
        DerivedRecord derived,
        RollbookId belongsTo
    )
    {
        switch (state)
        {
            case OutcomeState.Published:
                yield return belongsTo == key ? "It is in the roster." : $"It is in the roster as part of the record {belongsTo}.";
                foreach (var finding in derived.Findings.Where(finding => finding.Rule == RequirementRule.Report))
                {
                    yield return $"Data Requirements report it: {finding.Attribute} is {Words(finding.Problem)}.";
                }

                if (derived.Kind == Kind.School)
                {
                    yield return "A school's own attributes are taken once, at its first import; Refresh from source in Schools Mapping takes them again.";
                }

                break;
            case OutcomeState.Withheld:
                yield return "It is not in the roster, because it lacks a record that it can't stand without.";
                break;
            case OutcomeState.Rejected:
                yield return "It is not in the roster, because it is not valid: "
                    + (derived.Shown is null ? "its role is none that OneRoster knows, or it is no JSON object." : "the last import refused it.");
                break;
            case OutcomeState.Part:
                yield return derivation.Schools.Of(key) is SchoolDestination.Join join
                    ? $"Schools Mapping makes it part of the school {join.Id}. It gives that school no value; whoever is at it is at that school."
                    : "It is part of another record.";
                break;
            case OutcomeState.Unmapped:
                yield return derived.Kind == Kind.School
                    ? "It is not in the roster, because the school is not mapped. Map it in Schools Mapping to bring it in."
                    : "It is not in the roster, because none of its schools is mapped. Map one in Schools Mapping to bring it in.";
                break;
            case OutcomeState.UnmappedOrganisation:
                yield return "It is not in the roster, because it is an organisation above the schools that is not mapped.";
                break;
            case OutcomeState.Retained:
                yield return "The source has it no longer. It stays while its mapping, or records of other apps, hold it.";
                break;
            case OutcomeState.Lent:
                yield return "It is in the roster only because another app's mapping leads to it, or records of another app are at it; this app's own mapping leaves it out.";
                break;
            case OutcomeState.Skipped:
                yield return "It is not in the roster, because Data Requirements skip it.";
                foreach (var finding in derived.Findings.Where(finding => finding.Rule == RequirementRule.Skip))
                {
                    yield return $"Skip if Missing: {finding.Attribute} is {Words(finding.Problem)}.";
                }

                break;
            default:
                yield return "It is not in the roster, because no Filter Rule lets it pass.";
                if (FailingRules(derivation, derived).Count == 0)
                {
                    yield return "It follows a record that no Filter Rule lets pass (Include Linked).";
                }

                break;
        }

        foreach (var named in derived.Named)
        {
            yield return named.State is null
                ? $"It names the {FamilyWords.Of(named.Family)} {named.SourcedId}, which the upload does not have."
                : $"It names the {FamilyWords.Of(named.Family)} {named.SourcedId}, which is {Words(named.State)}.";
        }
    }

    /// <summary>The rules of its kind when none lets it pass.</summary>
    private static List<FilterRule> FailingRules(SourceDerivation derivation, DerivedRecord derived)
    {
        var definition = Kinds.Of(derived.Kind);
        var rules = derivation.Settings.Filters.Where(rule => string.Equals(rule.Kind, definition.Name, StringComparison.Ordinal)).ToList();
        return derived.Shown is not { } row || rules.Count == 0 || new KindFilter(definition, rules, derivation.Today).Passes(row) ? [] : rules;
    }

    private static string Words(IssueProblem problem) => problem == IssueProblem.Missing ? "missing" : "not valid";
}
