using Rollbook.Model;

namespace Rollbook.Sync.Unite;

/// <summary>What one Domain of Uniqueness told of an app's records, compared with those of the apps before it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Attributes">The domain's attributes.</param>
/// <param name="Joined">How many records it joined to another app's.</param>
/// <param name="Shared">How many values told nothing, because several records of the app, or of those before it, have them.</param>
/// <param name="Most">How many of the app's records have the value that most of them have.</param>
public sealed record DomainTally(Kind Kind, IReadOnlyList<string> Attributes, long Joined, long Shared, long Most)
{
    /// <summary>So many records with one value are a mistake of the source, or a domain that tells nobody apart.</summary>
    public const int ImplausiblyMany = 10;

    /// <summary>What a person should know of it; null when there is nothing. Names no value.</summary>
    public string? Notice =>
        Most < ImplausiblyMany
            ? null
            : FormattableString.Invariant(
                $"{Most:N0} {Kinds.Of(Kind).Plural.ToLowerInvariant()} have the same {string.Join(" and ", Attributes)}. Nobody was made one by such a value; see whether the domain {string.Join(" + ", Attributes)} is a good one."
            );
}
