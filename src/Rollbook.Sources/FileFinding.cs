namespace Rollbook.Sources;

/// <summary>Where a file of the source deviates from one rule: how often, and the first few places.</summary>
/// <param name="Rule">The rule's name, as the guide lists it: <c>date-format</c>.</param>
/// <param name="File">The file: <c>users.csv</c>.</param>
/// <param name="Count">How often it deviates.</param>
/// <param name="Examples">The first places, at most <see cref="MostExamples"/>.</param>
public sealed record FileFinding(string Rule, string File, long Count, IReadOnlyList<FileFindingPlace> Examples)
{
    /// <summary>How many places are told of one rule in one file.</summary>
    public const int MostExamples = 10;
}

/// <summary>One place where a file deviates from a rule.</summary>
/// <param name="Line">The line, counted from 1; null for the file as a whole.</param>
/// <param name="Column">The column's name; null when it is not about one.</param>
/// <param name="Value">
/// What stands there, cut short. Of a person's own values only the shape: each letter an <c>a</c>, each digit a <c>9</c>. Null when there is nothing to show.
/// </param>
public sealed record FileFindingPlace(long? Line, string? Column, string? Value);
