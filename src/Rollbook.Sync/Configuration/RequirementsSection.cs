using Rollbook.Model;
using Rollbook.Sync.Map;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>An app's <c>requirements</c>: by kind and attribute <c>include</c>, <c>report</c>, <c>skip</c> or <c>{ default: VALUE }</c>.</summary>
internal static class RequirementsSection
{
    private static readonly Dictionary<string, RequirementRule> Words = new(StringComparer.Ordinal)
    {
        ["include"] = RequirementRule.Include,
        ["report"] = RequirementRule.Report,
        ["skip"] = RequirementRule.Skip,
    };

    internal static IReadOnlyDictionary<string, IReadOnlyDictionary<string, Requirement>> Read(YamlReader yaml, string path, YamlNode node)
    {
        var kinds = new SortedDictionary<string, IReadOnlyDictionary<string, Requirement>>(StringComparer.Ordinal);
        foreach (var (key, keyNode, value) in yaml.Members(node, path))
        {
            if (Kinds.Find(key) is not { } kind)
            {
                yaml.UnknownKey(keyNode, path, key, [.. Kinds.All.Select(each => each.Name)]);
                continue;
            }

            kinds[key] = ReadKind(yaml, $"{path}.{key}", value, kind);
        }

        return kinds;
    }

    internal static object Write(IReadOnlyDictionary<string, IReadOnlyDictionary<string, Requirement>> requirements) =>
        requirements.ToDictionary(
            kind => kind.Key,
            kind =>
                (object)kind.Value.ToDictionary(choice => choice.Key, choice => Write(kind.Key, choice.Key, choice.Value), StringComparer.Ordinal),
            StringComparer.Ordinal
        );

    private static object Write(string kind, string attribute, Requirement requirement)
    {
        if (requirement.Rule != RequirementRule.Default)
        {
            return Words.First(word => word.Value == requirement.Rule).Key;
        }

        var text = requirement.Default ?? "";
        object value = RequirementRules.TypeOf(Kinds.Find(kind)!, attribute) switch
        {
            AttributeType.Boolean => text is "true",
            AttributeType.TextList => Value.Split(text),
            _ => text,
        };
        return new Dictionary<string, object>(StringComparer.Ordinal) { ["default"] = value };
    }

    private static SortedDictionary<string, Requirement> ReadKind(YamlReader yaml, string path, YamlNode node, KindDefinition kind)
    {
        var choices = new SortedDictionary<string, Requirement>(StringComparer.Ordinal);
        foreach (var (attribute, attributeNode, value) in yaml.Members(node, path))
        {
            var at = $"{path}.{attribute}";
            if (ReadChoice(yaml, at, value, RequirementRules.TypeOf(kind, attribute)) is not { } requirement)
            {
                continue;
            }

            if (RequirementRules.Refuse(kind, attribute, requirement) is { } refusal)
            {
                yaml.Refuse(attributeNode, at, refusal);
            }
            else
            {
                choices[attribute] = requirement;
            }
        }

        return choices;
    }

    private static Requirement? ReadChoice(YamlReader yaml, string path, YamlNode node, AttributeType type)
    {
        if (node is YamlScalarNode { Value: { } word } && Words.TryGetValue(word, out var rule))
        {
            return new Requirement(rule);
        }

        if (node is not YamlMappingNode { Children.Count: 1 } mapping || mapping.Children.First().Key is not YamlScalarNode { Value: "default" })
        {
            yaml.Refuse(node, path, $"expected include, report, skip or {{ default: VALUE }}, found {YamlReader.Shown(node)}.");
            return null;
        }

        var value = mapping.Children.First().Value;
        var text = type switch
        {
            AttributeType.TextList when value is YamlSequenceNode => string.Join(",", yaml.Texts(value, path + ".default")),
            AttributeType.Boolean => yaml.Flag(value, path + ".default") switch
            {
                true => "true",
                false => "false",
                null => null,
            },
            _ => yaml.Text(value, path + ".default"),
        };
        return text is null ? null : new Requirement(RequirementRule.Default, text);
    }
}
