using Rollbook.Model;

namespace Rollbook.Sync.Configuration;

/// <summary>Which attribute pairs can be carried out: one rule for the file and for the console.</summary>
public static class AttributeRules
{
    /// <summary>The prefix of attributes that a source has beyond OneRoster's own.</summary>
    public const string MetadataPrefix = "metadata.";

    /// <summary>Whether a Rollbook attribute may be mapped: not an ID, the sources or a reference, which Rollbook itself needs to be what they are.</summary>
    public static bool CanBeMapped(KindDefinition kind, string target)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(target);
        if (target.StartsWith(MetadataPrefix, StringComparison.Ordinal))
        {
            return target.Length > MetadataPrefix.Length;
        }

        return kind.Attributes.FirstOrDefault(attribute => string.Equals(attribute.Name, target, StringComparison.Ordinal))
            is { Index: > 1, Target: null, Type: not AttributeType.Metadata };
    }

    /// <summary>Why a pair can't be carried out; null when it can.</summary>
    public static string? Refuse(KindDefinition kind, AttributePair pair)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(pair);
        if (!CanBeMapped(kind, pair.Target))
        {
            return $"a {kind.Name} has no attribute {pair.Target} that can be mapped.";
        }

        if (string.IsNullOrWhiteSpace(pair.Source) == string.IsNullOrWhiteSpace(pair.Template))
        {
            return $"{pair.Target}: expected either source or template.";
        }

        return pair is { Template: not null, Map: not null } ? $"{pair.Target}: a value map goes with a source, not with a template." : null;
    }
}
