using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Rules;

/// <summary>Filter Rules and Data Requirements as one run carries them out, by kind; without any, nothing is looked at.</summary>
internal sealed class RecordRules
{
    private static readonly Model.Attribute Students = Kinds.Of(Kind.Contact)["students"];

    private readonly Dictionary<Kind, KindRules> kinds = [];
    private readonly Dictionary<Kind, HashSet<string>> linked = [];

    /// <summary>Makes them ready.</summary>
    /// <param name="app">The app's configuration.</param>
    /// <param name="today">The day in the district's time zone.</param>
    /// <param name="census">Counts what lacks a value, whatever is chosen; null for nobody.</param>
    internal RecordRules(AppConfiguration app, DateOnly today, AttributeCensus? census = null)
    {
        Census = census;
        foreach (var definition in Kinds.All)
        {
            var requirements =
                app.Requirements.GetValueOrDefault(definition.Name)?.Where(each => each.Value.Rule != RequirementRule.Include).ToList() ?? [];
            var filters = app.Filters.Where(rule => string.Equals(rule.Kind, definition.Name, StringComparison.Ordinal)).ToList();
            if (requirements.Count > 0 || filters.Count > 0 || census is not null)
            {
                var filter = filters.Count == 0 ? null : new KindFilter(definition, filters, today);
                kinds[definition.Kind] = new KindRules(definition, requirements, filter, census);
            }

            linked[definition.Kind] = filters.SelectMany(rule => rule.IncludeLinked).ToHashSet(StringComparer.Ordinal);

            HasRequirements |= requirements.Count > 0;
        }
    }

    /// <summary>Whether anything is required, so that there may be issues.</summary>
    internal bool HasRequirements { get; }

    /// <summary>What is counted for a person who looks at the effect; null for nobody.</summary>
    internal AttributeCensus? Census { get; }

    /// <summary>Whether contacts are taken out when they are nobody's contact.</summary>
    internal bool JudgesContacts => SkipsContacts || Follows(Kind.Student, Kind.Contact);

    private bool SkipsContacts => Of(Kind.Contact)?.OwnFamilyRule(Students) == RequirementRule.Skip;

    /// <summary>Whether records of a kind follow those that they refer to and that no rule lets pass, though they could stand without them.</summary>
    internal bool Follows(Kind kind, Kind follower) => linked[kind].Contains(Kinds.Of(follower).Name);

    /// <summary>Judges a contact once all students are known; null when it stays.</summary>
    internal ContactVerdict? JudgeContact(Row row, IReferenceTargets targets)
    {
        var students = RowReader.Ids(row.Get(Students, out _));
        if (Array.Exists(students, student => targets.Follow(Family.Person, student) is { Fate: ReferenceFate.Leads, Kind: Kind.Student }))
        {
            return null;
        }

        if (
            Follows(Kind.Student, Kind.Contact)
            && Array.Exists(students, student => targets.Follow(Family.Person, student) is { Fate: ReferenceFate.Filtered, Kind: Kind.Student })
        )
        {
            return new ContactVerdict(OutcomeState.Filtered, students, []);
        }

        if (!SkipsContacts)
        {
            return null;
        }

        var problem = students.Length == 0 ? IssueProblem.Missing : IssueProblem.Invalid;
        Census?.Add(Kind.Contact, Students.Name, problem);
        return new ContactVerdict(OutcomeState.Skipped, students, [new Finding(Students.Name, RequirementRule.Skip, problem)]);
    }

    /// <summary>What is to be reported of a row's references into its own family, now that they are resolved.</summary>
    /// <param name="row">The row with the references that lead somewhere.</param>
    /// <param name="dangling">Whether others were named.</param>
    internal IReadOnlyList<Finding> JudgeOwnFamily(Row row, bool dangling)
    {
        var definition = Kinds.Of(row.Kind);
        if (
            Of(row.Kind) is not { } rules
            || definition.Attributes.FirstOrDefault(attribute => attribute.Target == definition.Family) is not { } attribute
            || rules.OwnFamilyRule(attribute) is not { } rule
        )
        {
            return [];
        }

        row.Get(attribute, out var missing);
        if (!missing)
        {
            return [];
        }

        var problem = dangling ? IssueProblem.Invalid : IssueProblem.Missing;
        Census?.Add(row.Kind, attribute.Name, problem);
        return rule == RequirementRule.Report ? [new Finding(attribute.Name, rule, problem)] : [];
    }

    /// <summary>Those of a kind; null when nothing is asked of it.</summary>
    internal KindRules? Of(Kind kind) => kinds.GetValueOrDefault(kind);
}

/// <summary>Why a contact is taken out.</summary>
/// <param name="State">What becomes of it.</param>
/// <param name="Students">The students that it names, none of whom is there.</param>
/// <param name="Findings">What was found.</param>
internal sealed record ContactVerdict(OutcomeState State, IReadOnlyList<RollbookId> Students, IReadOnlyList<Finding> Findings);
