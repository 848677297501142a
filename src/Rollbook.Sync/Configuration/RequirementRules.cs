using System.Globalization;
using Rollbook.Model;
using Rollbook.Sync.Map;
using Rollbook.Sync.Rules;

namespace Rollbook.Sync.Configuration;

/// <summary>Which Data Requirements can be carried out: one rule for the file and for the console.</summary>
public static class RequirementRules
{
    private const int LongestDefault = 500;

    /// <summary>The attributes of a kind for which something may be chosen, in order; entries of the metadata are not among them and may be added by name.</summary>
    public static IEnumerable<Model.Attribute> Attributes(KindDefinition kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind.Attributes.Where(attribute => attribute is { Index: > 1, Required: false, Type: not AttributeType.Metadata });
    }

    /// <summary>The choices that there are for an attribute of a kind; none when it is always required or is no attribute.</summary>
    public static IReadOnlyList<RequirementRule> Choices(KindDefinition kind, string attribute)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(attribute);
        return Enum.GetValues<RequirementRule>().Where(rule => RefuseRule(kind, attribute, rule) is null).ToArray();
    }

    /// <summary>Why a requirement can't be carried out, as a sentence that says what to do; null when it can.</summary>
    public static string? Refuse(KindDefinition kind, string attribute, Requirement requirement)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(attribute);
        ArgumentNullException.ThrowIfNull(requirement);
        return RefuseRule(kind, attribute, requirement.Rule)
            ?? (requirement.Rule == RequirementRule.Default ? RefuseDefault(kind, attribute, requirement.Default) : null);
    }

    /// <summary>Whether an attribute can't be done without, so that there is nothing to choose.</summary>
    public static bool IsAlwaysRequired(KindDefinition kind, string attribute)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind.Find(attribute) is { } found && (found.Index == 0 || found.Required);
    }

    /// <summary>The type of an attribute's value: an entry of the metadata is text.</summary>
    internal static AttributeType TypeOf(KindDefinition kind, string attribute) => kind.Find(attribute)?.Type ?? AttributeType.Text;

    private static string? RefuseRule(KindDefinition kind, string attribute, RequirementRule rule)
    {
        if (IsAlwaysRequired(kind, attribute))
        {
            return $"{attribute} is always required of a {kind.Name}, which is skipped without it; leave it out.";
        }

        var isEntry = attribute.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal);
        if (isEntry ? !AttributeRules.CanBeMapped(kind, attribute) : kind.Find(attribute) is not { Index: > 1, Type: not AttributeType.Metadata })
        {
            return $"a {kind.Name} has no attribute {AttributeRules.Short(attribute)} that can be required; known are {string.Join(", ", Attributes(kind).Select(known => known.Name))} and metadata.NAME.";
        }

        return (rule, kind.Find(attribute)) switch
        {
            (RequirementRule.Skip, _) when kind.Kind == Kind.School =>
                "a school can't be skipped by what it lacks; choose report, or leave it out in Schools Mapping.",
            (RequirementRule.Skip, { } own) when own.Target == kind.Family && !(kind.Kind == Kind.Contact && own.Name is "students") =>
                $"{attribute} refers to records that are judged together with this one, so it can't decide whether this one is skipped; choose report.",
            (RequirementRule.Default, { IsReference: true }) =>
                $"{attribute} refers to a record of the source and can't have a default; choose include, report or skip.",
            _ => null,
        };
    }

    private static string? RefuseDefault(KindDefinition kind, string attribute, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return $"{attribute}: the default's value is missing.";
        }

        if (value.Length > LongestDefault || value.Any(char.IsControl) || !string.Equals(value, value.Trim(), StringComparison.Ordinal))
        {
            return FormattableString.Invariant(
                $"{attribute}: a default has at most {LongestDefault} characters, no line breaks, and no blanks around it."
            );
        }

        var format = ValueFormat.Of(kind.Kind, attribute);
        return TypeOf(kind, attribute) switch
        {
            AttributeType.Date when !DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) =>
                $"{attribute}: expected a date as YYYY-MM-DD.",
            AttributeType.Boolean when value is not ("true" or "false") => $"{attribute}: expected true or false.",
            AttributeType.TextList when Value.Split(value).Count == 0 => $"{attribute}: expected values with commas between them.",
            AttributeType.TextList when format is not null && !Value.Split(value).TrueForAll(text => format.IsValid(text)) =>
                $"{attribute}: expected {format.Expected}.",
            AttributeType.Text when format is not null && !format.IsValid(value) => $"{attribute}: expected {format.Expected}.",
            _ => null,
        };
    }
}
