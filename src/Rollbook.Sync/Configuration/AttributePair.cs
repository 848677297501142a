namespace Rollbook.Sync.Configuration;

/// <summary>
/// What feeds one Rollbook attribute, in place of its default (product.md 3.3): a source attribute, through a value map where one is given, or a Liquid
/// template over the record's attributes.
/// </summary>
public sealed record AttributePair
{
    /// <summary>The Rollbook attribute, <c>metadata.NAME</c> included. Fed once.</summary>
    public required string Target { get; init; }

    /// <summary>The source attribute, nested ones dotted: <c>metadata.counselor</c>. Null when a template is given.</summary>
    public string? Source { get; init; }

    /// <summary>Values of the source and what they become; a value that is not in it stays. Null for none.</summary>
    public IReadOnlyDictionary<string, string>? Map { get; init; }

    /// <summary>A Liquid template. Null when a source is given.</summary>
    public string? Template { get; init; }

    /// <inheritdoc/>
    public bool Equals(AttributePair? other) =>
        other is not null
        && string.Equals(Target, other.Target, StringComparison.Ordinal)
        && string.Equals(Source, other.Source, StringComparison.Ordinal)
        && string.Equals(Template, other.Template, StringComparison.Ordinal)
        && (Map is null ? other.Map is null : other.Map is not null && Pairs(Map).SequenceEqual(Pairs(other.Map)));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Target, Source, Template, Map?.Count);

    private static IEnumerable<KeyValuePair<string, string>> Pairs(IReadOnlyDictionary<string, string> map) =>
        map.OrderBy(pair => pair.Key, StringComparer.Ordinal);
}
