using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Map;

/// <summary>
/// Attributes Mapping as one run carries it out (product.md 3.3): the district's pairs, their templates parsed once, and the zone in which a moment becomes a
/// date. What is not in it goes by <see cref="DefaultMapping"/>.
/// </summary>
internal sealed class AttributesMapping
{
    private readonly Dictionary<Kind, MappedAttribute[]> pairs = [];
    private readonly IReadOnlyDictionary<string, IReadOnlyList<AttributePair>> attributes;

    /// <summary>Makes it ready.</summary>
    /// <exception cref="Sources.SourceException">A pair can't be carried out.</exception>
    internal AttributesMapping(IReadOnlyDictionary<string, IReadOnlyList<AttributePair>> attributes, TimeZoneInfo zone)
    {
        (this.attributes, Zone) = (attributes, zone);
        foreach (var (word, list) in attributes)
        {
            var kind = Kinds.Find(word)?.Kind ?? throw MappedAttribute.Refusal($"There is no kind {word}.");
            pairs[kind] = [.. list.Select(pair => new MappedAttribute(pair, zone))];
        }
    }

    /// <summary>The zone in which a timestamp with an offset becomes a date.</summary>
    internal TimeZoneInfo Zone { get; }

    /// <summary>The same mapping for what is only looked at: what fails there is not in <see cref="Notices"/> here.</summary>
    internal AttributesMapping Apart() => new(attributes, Zone);

    /// <summary>The pairs of a kind.</summary>
    internal IReadOnlyList<MappedAttribute> Of(Kind kind) => pairs.GetValueOrDefault(kind) ?? [];

    /// <summary>A sentence for every template that failed for some records.</summary>
    internal IEnumerable<string> Notices() =>
        from kind in pairs
        orderby kind.Key
        from pair in kind.Value
        where pair.Failures > 0
        select FormattableString.Invariant(
            $"The template of {Kinds.Of(kind.Key).Name} {pair.Target} failed for {pair.Failures:N0} {(pair.Failures == 1 ? "record" : "records")}, whose value was left empty: {pair.Failure}."
        );
}
