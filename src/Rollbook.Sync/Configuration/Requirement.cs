namespace Rollbook.Sync.Configuration;

/// <summary>What becomes of a record of which one attribute's value is missing or not valid (product.md 3.4).</summary>
/// <param name="Rule">The choice.</param>
/// <param name="Default">The value that <see cref="RequirementRule.Default"/> puts there, as text: a date as <c>YYYY-MM-DD</c>, a list with commas. Null for the others.</param>
public sealed record Requirement(RequirementRule Rule, string? Default = null);

/// <summary>A choice of Data Requirements.</summary>
public enum RequirementRule
{
    /// <summary><b>Include</b>: it is imported, and nothing is said. What holds unless something else is chosen.</summary>
    Include,

    /// <summary><b>Report if Missing</b>: it is imported, and Data Quality has an Error.</summary>
    Report,

    /// <summary><b>Skip if Missing</b>: it is not imported, and Data Quality has it as Skipped.</summary>
    Skip,

    /// <summary><b>Use Default</b>: it is imported with a value of the district's.</summary>
    Default,
}
