using System.Globalization;
using System.Text.RegularExpressions;
using Rollbook.Model;

namespace Rollbook.Sync.Configuration;

/// <summary>Which Filter Rules can be carried out: one rule for the file and for the console.</summary>
public static class FilterRules
{
    /// <summary>How many rules an app may have.</summary>
    public const int MostRules = 100;

    /// <summary>How many conditions a rule may have.</summary>
    public const int MostConditions = 50;

    private const int MostValues = 2_000;
    private const int LongestValue = 500;
    private const int LongestPattern = 200;

    private static readonly (FilterOperator Operator, string Words)[] Names =
    [
        (FilterOperator.Contains, "contains text"),
        (FilterOperator.DoesNotContain, "does not contain text"),
        (FilterOperator.Equal, "equals"),
        (FilterOperator.NotEqual, "does not equal"),
        (FilterOperator.OneOf, "is one of"),
        (FilterOperator.StartsWith, "starts with"),
        (FilterOperator.Matches, "matches pattern"),
        (FilterOperator.Empty, "is empty"),
        (FilterOperator.NotEmpty, "is not empty"),
        (FilterOperator.Greater, "greater"),
        (FilterOperator.Less, "less"),
        (FilterOperator.Between, "between"),
        (FilterOperator.Before, "before"),
        (FilterOperator.After, "after"),
        (FilterOperator.On, "on"),
        (FilterOperator.Past, "is past"),
        (FilterOperator.Future, "is future"),
    ];

    private static readonly FilterOperator[] OfText = [.. Enum.GetValues<FilterOperator>().Where(each => each <= FilterOperator.Between)];
    private static readonly FilterOperator[] OfBooleans =
    [
        FilterOperator.Equal,
        FilterOperator.NotEqual,
        FilterOperator.Empty,
        FilterOperator.NotEmpty,
    ];
    private static readonly FilterOperator[] OfReferences = [FilterOperator.Empty, FilterOperator.NotEmpty];

    private static readonly FilterOperator[] OfDates =
    [
        FilterOperator.Before,
        FilterOperator.After,
        FilterOperator.On,
        FilterOperator.Between,
        FilterOperator.Past,
        FilterOperator.Future,
        FilterOperator.Empty,
        FilterOperator.NotEmpty,
    ];

    /// <summary>The kinds that can be filtered: which schools enter is chosen in Schools Mapping, and an enrollment goes with its person or class.</summary>
    public static IReadOnlyList<KindDefinition> Filterable { get; } = [.. Kinds.All.Where(kind => kind.Kind is not (Kind.School or Kind.Enrollment))];

    /// <summary>The operator's words: <c>is one of</c>.</summary>
    public static string Words(this FilterOperator value) => Names[(int)value].Words;

    /// <summary>The operator of these words; null when there is none.</summary>
    public static FilterOperator? Find(string? words)
    {
        var found = Array.FindIndex(Names, name => string.Equals(name.Words, words, StringComparison.Ordinal));
        return found < 0 ? null : Names[found].Operator;
    }

    /// <summary>How many values an operator takes: the least and the most.</summary>
    public static (int Least, int Most) ValuesOf(FilterOperator value) =>
        value switch
        {
            FilterOperator.Empty or FilterOperator.NotEmpty or FilterOperator.Past or FilterOperator.Future => (0, 0),
            FilterOperator.Between => (2, 2),
            FilterOperator.OneOf => (1, MostValues),
            _ => (1, 1),
        };

    /// <summary>The kinds whose records may follow one that is filtered out; those that can't stand without it always do.</summary>
    public static IReadOnlyList<(Kind Kind, bool Always)> Linked(Kind kind) =>
        kind switch
        {
            Kind.Student => [(Kind.Contact, false), (Kind.Enrollment, true)],
            Kind.Teacher or Kind.Admin or Kind.Class => [(Kind.Enrollment, true)],
            Kind.Course => [(Kind.Class, true), (Kind.Enrollment, true)],
            Kind.Calendar => [(Kind.Course, false), (Kind.Class, false)],
            _ => [],
        };

    /// <summary>The attributes of a kind on which a condition may be; entries of the metadata are not among them and may be named.</summary>
    public static IEnumerable<Model.Attribute> Attributes(KindDefinition kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind.Attributes.Where(attribute => attribute is { Index: not 1, Type: not AttributeType.Metadata } && attribute.Target != kind.Family);
    }

    /// <summary>The operators for an attribute; none when there can be no condition on it.</summary>
    public static IReadOnlyList<FilterOperator> Operators(KindDefinition kind, string attribute)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(attribute);
        if (attribute.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal))
        {
            return AttributeRules.CanBeMapped(kind, attribute) ? OfText : [];
        }

        return Attributes(kind).FirstOrDefault(known => string.Equals(known.Name, attribute, StringComparison.Ordinal)) switch
        {
            null => [],
            { Type: AttributeType.Boolean } => OfBooleans,
            { Type: AttributeType.Date } => OfDates,
            { IsReference: true } => OfReferences,
            _ => OfText,
        };
    }

    /// <summary>Why a condition can't be carried out, as a sentence that says what to do; null when it can.</summary>
    public static FilterRefusal? Refuse(KindDefinition kind, RuleCondition condition)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(condition);
        var operators = Operators(kind, condition.Attribute);
        if (operators.Count == 0)
        {
            return new FilterRefusal(
                FilterPart.Attribute,
                $"a {kind.Name} has no attribute {AttributeRules.Short(condition.Attribute)} that can be filtered by; known are {string.Join(", ", Attributes(kind).Select(known => known.Name))} and metadata.NAME."
            );
        }

        if (!operators.Contains(condition.Operator))
        {
            return new FilterRefusal(
                FilterPart.Operator,
                $"\"{condition.Operator.Words()}\" does not go with {condition.Attribute}; what does is {string.Join(", ", operators.Select(Words))}."
            );
        }

        var (least, most) = ValuesOf(condition.Operator);
        if (condition.Values.Count < least || condition.Values.Count > most)
        {
            return new FilterRefusal(FilterPart.Value, $"\"{condition.Operator.Words()}\" takes {Counted(least, most)}.");
        }

        return condition.Values.Select(value => RefuseValue(kind, condition, value)).FirstOrDefault(refusal => refusal is not null) is { } reason
            ? new FilterRefusal(FilterPart.Value, reason)
            : null;
    }

    /// <summary>The linked kinds as they are kept: those that are wanted, and those that always follow, in the kinds' order.</summary>
    public static IReadOnlyList<string> Linked(Kind kind, IEnumerable<string> wanted) =>
        [
            .. Linked(kind)
                .Where(linked => linked.Always || wanted.Contains(Kinds.Of(linked.Kind).Name, StringComparer.Ordinal))
                .Select(linked => Kinds.Of(linked.Kind).Name),
        ];

    /// <summary>Whether what a rule lets pass depends on the day.</summary>
    internal static bool NeedDay(IEnumerable<FilterRule> rules) =>
        rules.SelectMany(rule => rule.Where).Any(condition => condition.Operator is FilterOperator.Past or FilterOperator.Future);

    /// <summary>The pattern of a condition, which can't take longer than a record is long.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It has parts for which that does not hold.</exception>
    internal static Regex Pattern(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static string? RefuseValue(KindDefinition kind, RuleCondition condition, string value)
    {
        if (value.Length is 0 or > LongestValue || value.Any(char.IsControl))
        {
            return FormattableString.Invariant(
                $"a value has 1 to {LongestValue} characters and no line breaks; what has none is found by \"is empty\"."
            );
        }

        return RequirementRules.TypeOf(kind, condition.Attribute) switch
        {
            AttributeType.Date when !IsDate(value) => "expected a date as YYYY-MM-DD.",
            AttributeType.Boolean when value is not ("true" or "false") => "expected true or false.",
            _ when condition.Operator == FilterOperator.Matches => RefusePattern(value),
            _ => null,
        };
    }

    private static bool IsDate(string value) => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static string? RefusePattern(string pattern)
    {
        if (pattern.Length > LongestPattern)
        {
            return FormattableString.Invariant($"a pattern has at most {LongestPattern} characters.");
        }

        try
        {
            Pattern(pattern);
            return null;
        }
        catch (NotSupportedException)
        {
            return "a pattern can't look around, refer back or repeat what itself repeats often; leave out (?=…), (?<=…), (?>…), \\1 and large numbers in {…}.";
        }
        catch (ArgumentException exception)
        {
            return $"this is no regular expression: {exception.Message}";
        }
    }

    private static string Counted(int least, int most) =>
        (least, most) switch
        {
            (0, _) => "no value",
            (1, 1) => "one value",
            (2, 2) => "two values, [from, to]",
            _ => FormattableString.Invariant($"a list of {least} to {most:N0} values"),
        };
}

/// <summary>Why a condition can't be carried out.</summary>
/// <param name="Part">Which part of it.</param>
/// <param name="Message">What was expected, in a sentence for the file.</param>
public sealed record FilterRefusal(FilterPart Part, string Message);

/// <summary>A part of a condition.</summary>
public enum FilterPart
{
    /// <summary>The attribute.</summary>
    Attribute,

    /// <summary>How it is compared.</summary>
    Operator,

    /// <summary>What with.</summary>
    Value,
}
