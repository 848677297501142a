using Rollbook.Model;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>An app's <c>filters</c>: a list of <c>{ kind, name, where: [{ attribute, condition, value }], includeLinked }</c>.</summary>
internal static class FiltersSection
{
    internal static IReadOnlyList<FilterRule> Read(YamlReader yaml, string path, YamlNode node)
    {
        var rules = new List<FilterRule>();
        foreach (var item in yaml.Items(node, path))
        {
            if (ReadRule(yaml, path, item) is { } rule)
            {
                rules.Add(rule);
            }
        }

        if (rules.Count > FilterRules.MostRules)
        {
            yaml.Refuse(node, path, FormattableString.Invariant($"an app may have {FilterRules.MostRules} filter rules."));
        }

        return rules;
    }

    internal static object Write(IReadOnlyList<FilterRule> rules) => rules.Select(Write).ToList();

    private static Dictionary<string, object> Write(FilterRule rule)
    {
        var written = new Dictionary<string, object>(StringComparer.Ordinal) { ["kind"] = rule.Kind };
        if (rule.Name is { } name)
        {
            written["name"] = name;
        }

        written["where"] = rule.Where.Select(condition => Write(rule.Kind, condition)).ToList();
        if (rule.IncludeLinked.Count > 0)
        {
            written["includeLinked"] = rule.IncludeLinked;
        }

        return written;
    }

    private static Dictionary<string, object> Write(string kind, RuleCondition condition)
    {
        var written = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["attribute"] = condition.Attribute,
            ["condition"] = condition.Operator.Words(),
        };
        var isFlag = Kinds.Find(kind) is { } definition && RequirementRules.TypeOf(definition, condition.Attribute) == AttributeType.Boolean;
        var (least, most) = FilterRules.ValuesOf(condition.Operator);
        if (most > 0)
        {
            written["value"] =
                (least, most) is not (1, 1) ? condition.Values
                : isFlag ? condition.Values[0] is "true"
                : condition.Values[0];
        }

        return written;
    }

    private static FilterRule? ReadRule(YamlReader yaml, string path, YamlNode item)
    {
        KindDefinition? kind = null;
        YamlNode? where = null;
        YamlNode? linked = null;
        string? name = null;
        foreach (var (key, keyNode, value) in yaml.Members(item, path))
        {
            switch (key)
            {
                case "kind":
                    var word = yaml.Text(value, path + ".kind");
                    kind = FilterRules.Filterable.FirstOrDefault(each => string.Equals(each.Name, word, StringComparison.Ordinal));
                    if (kind is null)
                    {
                        yaml.Refuse(
                            value,
                            path + ".kind",
                            $"expected one of {string.Join(", ", FilterRules.Filterable.Select(each => each.Name))}, found {YamlReader.Shown(value)}. Which schools enter is chosen in schools; an enrollment goes with its person and its class."
                        );
                        return null;
                    }

                    break;
                case "name":
                    name = yaml.Text(value, path + ".name")?.Trim();
                    break;
                case "where":
                    where = value;
                    break;
                case "includeLinked":
                    linked = value;
                    break;
                default:
                    yaml.UnknownKey(keyNode, path, key, ["kind", "name", "where", "includeLinked"]);
                    break;
            }
        }

        if (kind is null || where is null)
        {
            yaml.Refuse(item, path, "expected a kind and, under where, a list of conditions.");
            return null;
        }

        var conditions = ReadConditions(yaml, path + ".where", where, kind);
        return new FilterRule
        {
            Kind = kind.Name,
            Name = string.IsNullOrEmpty(name) ? null : name,
            Where = conditions,
            IncludeLinked = FilterRules.Linked(kind.Kind, linked is null ? [] : ReadLinked(yaml, path + ".includeLinked", linked, kind)),
        };
    }

    private static List<string> ReadLinked(YamlReader yaml, string path, YamlNode node, KindDefinition kind)
    {
        var known = FilterRules.Linked(kind.Kind).Select(linked => Kinds.Of(linked.Kind).Name).ToList();
        var wanted = new List<string>();
        foreach (var item in yaml.Items(node, path))
        {
            var word = yaml.Text(item, path);
            if (word is not null && !known.Contains(word, StringComparer.Ordinal))
            {
                yaml.Refuse(
                    item,
                    path,
                    known.Count == 0
                        ? $"nothing is linked to a {kind.Name}; leave it out."
                        : $"what is linked to a {kind.Name} is {string.Join(", ", known)}; found {YamlReader.Shown(item)}."
                );
            }

            wanted.Add(word ?? "");
        }

        return wanted;
    }

    private static List<RuleCondition> ReadConditions(YamlReader yaml, string path, YamlNode node, KindDefinition kind)
    {
        var conditions = new List<RuleCondition>();
        foreach (var item in yaml.Items(node, path))
        {
            if (ReadCondition(yaml, path, item) is not { } condition)
            {
                continue;
            }

            if (FilterRules.Refuse(kind, condition) is { } refusal)
            {
                yaml.Refuse(item, path, refusal.Message);
            }

            conditions.Add(condition);
        }

        if (conditions.Count is 0 or > FilterRules.MostConditions && yaml.Errors.Count == 0)
        {
            yaml.Refuse(
                node,
                path,
                FormattableString.Invariant($"expected 1 to {FilterRules.MostConditions} conditions; a rule without any would let everything pass.")
            );
        }

        return conditions;
    }

    private static RuleCondition? ReadCondition(YamlReader yaml, string path, YamlNode item)
    {
        string? attribute = null;
        FilterOperator? comparison = null;
        List<string> values = [];
        foreach (var (key, keyNode, value) in yaml.Members(item, path))
        {
            switch (key)
            {
                case "attribute":
                    attribute = yaml.Text(value, path + ".attribute");
                    break;
                case "condition":
                    comparison = FilterRules.Find(yaml.Text(value, path + ".condition"));
                    if (comparison is null)
                    {
                        yaml.Refuse(
                            value,
                            path + ".condition",
                            $"expected one of {string.Join(", ", Enum.GetValues<FilterOperator>().Select(FilterRules.Words))}, found {YamlReader.Shown(value)}."
                        );
                        return null;
                    }

                    break;
                case "value":
                    values =
                        value is YamlSequenceNode
                            ? [.. yaml.Texts(value, path + ".value")]
                            : [.. new[] { yaml.Text(value, path + ".value") }.OfType<string>()];
                    break;
                default:
                    yaml.UnknownKey(keyNode, path, key, ["attribute", "condition", "value"]);
                    break;
            }
        }

        if (attribute is null || comparison is not { } known)
        {
            yaml.Refuse(item, path, "expected an attribute and a condition.");
            return null;
        }

        return new RuleCondition(attribute, known, values);
    }
}
