using Rollbook.Model;
using Rollbook.Sync.Map;
using Rollbook.Sync.Map.Templates;

namespace Rollbook.Sync.Configuration;

/// <summary>Which attribute pairs can be carried out: one rule for the file and for the console.</summary>
public static class AttributeRules
{
    /// <summary>The prefix of attributes that a source has beyond OneRoster's own.</summary>
    public const string MetadataPrefix = "metadata.";

    private const int LongestName = 200;
    private const int MostMapped = 2_000;

    /// <summary>Whether a Rollbook attribute may be mapped: not an ID, the sources or a reference, which Rollbook itself needs to be what they are.</summary>
    public static bool CanBeMapped(KindDefinition kind, string target)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(target);
        if (target.StartsWith(MetadataPrefix, StringComparison.Ordinal))
        {
            var name = target[MetadataPrefix.Length..];
            return name.Length is > 0 and <= LongestName && string.Equals(name, name.Trim(), StringComparison.Ordinal) && !name.Any(char.IsControl);
        }

        return kind.Attributes.FirstOrDefault(attribute => string.Equals(attribute.Name, target, StringComparison.Ordinal))
            is { Index: > 1, Target: null, Type: not AttributeType.Metadata };
    }

    /// <summary>Why a pair can't be carried out; null when it can.</summary>
    public static AttributeRefusal? Refuse(KindDefinition kind, AttributePair pair)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(pair);
        if (!CanBeMapped(kind, pair.Target))
        {
            return new AttributeRefusal(AttributePart.Target, $"a {kind.Name} has no attribute {Short(pair.Target)} that can be mapped.");
        }

        if (pair.Template is not null && string.IsNullOrWhiteSpace(pair.Template))
        {
            return new AttributeRefusal(AttributePart.Template, $"{pair.Target}: the template is empty. Write one, or leave it out.");
        }

        if (string.IsNullOrWhiteSpace(pair.Source) == pair.Template is null)
        {
            return new AttributeRefusal(AttributePart.Source, $"{pair.Target}: expected either source or template.");
        }

        if (pair is { Template: not null, Map: not null })
        {
            return new AttributeRefusal(AttributePart.Map, $"{pair.Target}: a value map goes with a source, not with a template.");
        }

        return (pair.Template is { } template ? RefuseTemplate(pair.Target, template) : RefuseSource(kind, pair.Source!)) ?? RefuseMap(pair);
    }

    private static AttributeRefusal? RefuseSource(KindDefinition kind, string source)
    {
        if (source.Length > LongestName || source.Any(char.IsControl) || !string.Equals(source, source.Trim(), StringComparison.Ordinal))
        {
            return new AttributeRefusal(AttributePart.Source, $"\"{Short(source)}\" is no name of an attribute.");
        }

        var path = source.Split('.', 2);
        if (path[0] is not SourcePath.Demographics)
        {
            return null;
        }

        return kind.Family != Family.Person ? new AttributeRefusal(AttributePart.Source, $"a {kind.Name} has no demographics.")
            : path.Length == 2 && SourceFields.DemographicFields.Contains(path[1], StringComparer.Ordinal) ? null
            : new AttributeRefusal(
                AttributePart.Source,
                $"demographics have no {Short(path.ElementAtOrDefault(1) ?? "attribute of no name")}; known are {string.Join(", ", SourceFields.DemographicFields)}."
            );
    }

    private static AttributeRefusal? RefuseTemplate(string target, string template) =>
        Template.Parse(template, TimeZoneInfo.Utc, out var error) is null
            ? new AttributeRefusal(AttributePart.Template, $"{target}: the template can't be used: {error}", error!.Line, error.Column, error.Reason)
            : null;

    private static AttributeRefusal? RefuseMap(AttributePair pair) =>
        pair.Map?.Count > MostMapped
            ? new AttributeRefusal(AttributePart.Map, FormattableString.Invariant($"{pair.Target}: a value map may have {MostMapped:N0} values."))
            : null;

    internal static string Short(string name) => name.Length <= 60 ? name : name[..60] + "…";
}
