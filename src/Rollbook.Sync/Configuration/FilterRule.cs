using System.Text.Json.Serialization;

namespace Rollbook.Sync.Configuration;

/// <summary>
/// Lets records of one kind pass (product.md 3.5): one of which all conditions hold. Where a kind has several rules, a record passes that meets any of
/// them; where it has none, all pass.
/// </summary>
public sealed record FilterRule
{
    /// <summary>The kind's word: <c>student</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What the rule is called, for people; null for nothing.</summary>
    public string? Name { get; init; }

    /// <summary>The conditions, all of which must hold.</summary>
    public IReadOnlyList<RuleCondition> Where { get; init; } = [];

    /// <summary><b>Include Linked</b>: the words of the kinds whose records follow one that no rule lets pass, in the kinds' order.</summary>
    public IReadOnlyList<string> IncludeLinked { get; init; } = [];
}

/// <summary>A condition on one attribute.</summary>
/// <param name="Attribute">The attribute's name, <c>metadata.NAME</c> included.</param>
/// <param name="Operator">How its value is compared.</param>
/// <param name="Values">What with: none, one, two for between, any number for is one of.</param>
public sealed record RuleCondition(string Attribute, FilterOperator Operator, IReadOnlyList<string> Values);

/// <summary>How a value is compared with those of a condition. Text is compared without regard to case; of a list it is enough that one of its texts matches.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FilterOperator>))]
public enum FilterOperator
{
    /// <summary>Contains the text.</summary>
    Contains,

    /// <summary>Does not contain the text; holds without a value.</summary>
    DoesNotContain,

    /// <summary>Is the text, or yes, or no.</summary>
    Equal,

    /// <summary>Is anything else; holds without a value.</summary>
    NotEqual,

    /// <summary>Is one of several texts.</summary>
    OneOf,

    /// <summary>Starts with the text.</summary>
    StartsWith,

    /// <summary>A regular expression matches some part of it.</summary>
    Matches,

    /// <summary>Has no value.</summary>
    Empty,

    /// <summary>Has a value.</summary>
    NotEmpty,

    /// <summary>Is a larger number than a number, or comes after a text.</summary>
    Greater,

    /// <summary>Is a smaller number than a number, or comes before a text.</summary>
    Less,

    /// <summary>Lies between two, or is one of them.</summary>
    Between,

    /// <summary>Is an earlier day.</summary>
    Before,

    /// <summary>Is a later day.</summary>
    After,

    /// <summary>Is that day.</summary>
    On,

    /// <summary>Is a day before today, in the district's time zone.</summary>
    Past,

    /// <summary>Is today or a later day, in the district's time zone.</summary>
    Future,
}
