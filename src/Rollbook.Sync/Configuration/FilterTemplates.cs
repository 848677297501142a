using Rollbook.Model;

namespace Rollbook.Sync.Configuration;

/// <summary>Filter Rules that are often wanted, to begin with.</summary>
public static class FilterTemplates
{
    private static readonly string[] Elementary = ["PR", "PK", "TK", "KG", "01", "02", "03", "04", "05"];
    private static readonly string[] Middle = ["06", "07", "08"];
    private static readonly string[] High = ["09", "10", "11", "12"];

    /// <summary>The templates of a kind, each with its name; <see cref="FilterRule.IncludeLinked"/> has all that may follow.</summary>
    public static IReadOnlyList<FilterRule> Of(Kind kind) =>
        kind switch
        {
            Kind.Student =>
            [
                Rule(kind, "Elementary school", "grades", FilterOperator.OneOf, Elementary),
                Rule(kind, "Middle school", "grades", FilterOperator.OneOf, Middle),
                Rule(kind, "High school", "grades", FilterOperator.OneOf, High),
                Active(kind),
            ],
            Kind.Course or Kind.Class =>
            [
                Rule(kind, "Elementary school", "grades", FilterOperator.OneOf, Elementary),
                Rule(kind, "Middle school", "grades", FilterOperator.OneOf, Middle),
                Rule(kind, "High school", "grades", FilterOperator.OneOf, High),
                .. kind == Kind.Class ? [Rule(kind, "Scheduled classes", "classType", FilterOperator.Equal, "scheduled")] : Array.Empty<FilterRule>(),
            ],
            Kind.Teacher =>
            [
                Rule(kind, "Role teacher", "role", FilterOperator.Equal, "teacher"),
                Rule(kind, "Roles teacher and aide", "role", FilterOperator.OneOf, "teacher", "aide"),
                Active(kind),
            ],
            Kind.Admin => [Active(kind)],
            Kind.Contact => [Rule(kind, "Parents and guardians", "role", FilterOperator.OneOf, "parent", "guardian"), Active(kind)],
            Kind.Calendar =>
            [
                Rule(kind, "Current and future terms", "endDate", FilterOperator.Future),
                Rule(kind, "School years", "type", FilterOperator.Equal, "schoolYear"),
            ],
            _ => [],
        };

    private static FilterRule Active(Kind kind) => Rule(kind, "Active people", "enabled", FilterOperator.Equal, "true");

    private static FilterRule Rule(Kind kind, string name, string attribute, FilterOperator comparison, params string[] values) =>
        new()
        {
            Kind = Kinds.Of(kind).Name,
            Name = name,
            Where = [new RuleCondition(attribute, comparison, values)],
            IncludeLinked = FilterRules.Linked(kind, Kinds.All.Select(linked => linked.Name)),
        };
}
