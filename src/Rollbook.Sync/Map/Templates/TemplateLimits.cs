namespace Rollbook.Sync.Map.Templates;

/// <summary>
/// What a template may use. Counted rather than timed, so that a template gives the same on every machine; small enough that the most wasteful template
/// costs about a millisecond a record.
/// </summary>
internal static class TemplateLimits
{
    /// <summary>The longest template, in characters.</summary>
    internal const int Characters = 4_000;

    /// <summary>Tags within tags, and brackets within brackets.</summary>
    internal const int Nesting = 12;

    /// <summary>Statements and turns of loops for one record.</summary>
    internal const int Steps = 1_000;

    /// <summary>The longest text or list (its texts together, and one for each) that a template may hold or be given, in characters.</summary>
    internal const int Size = 16_384;

    /// <summary>What filters and comparisons of texts may work through for one record, in characters.</summary>
    internal const int Work = 500_000;

    /// <summary>What a call of a filter costs beside the characters.</summary>
    internal const int Call = 20;

    /// <summary>The most numbers of a range.</summary>
    internal const int Range = 100;
}

/// <summary>A template asked for more than <see cref="TemplateLimits"/> allow, or for something that can't be done.</summary>
/// <param name="message">What; never a value of the record.</param>
internal sealed class TemplateLimitException(string message) : Exception(message)
{
    internal static TemplateLimitException TooLong() =>
        new(FormattableString.Invariant($"it made a text or list of more than {TemplateLimits.Size:N0} characters"));

    internal static TemplateLimitException TooMuch() => new("it takes more work than a template may do for one record");
}
