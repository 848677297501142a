using Rollbook.Model;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>An app's <c>attributes</c>: by kind, a list of <c>{ source, target, map }</c> and <c>{ target, template }</c>.</summary>
internal static class AttributesSection
{
    internal static IReadOnlyDictionary<string, IReadOnlyList<AttributePair>> Read(YamlReader yaml, string path, YamlNode node)
    {
        var kinds = new SortedDictionary<string, IReadOnlyList<AttributePair>>(StringComparer.Ordinal);
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

    internal static object Write(IReadOnlyDictionary<string, IReadOnlyList<AttributePair>> attributes) =>
        attributes.ToDictionary(kind => kind.Key, kind => (object)kind.Value.Select(Write).ToList(), StringComparer.Ordinal);

    private static Dictionary<string, object> Write(AttributePair pair)
    {
        var written = new Dictionary<string, object>(StringComparer.Ordinal);
        if (pair.Source is { } source)
        {
            written["source"] = source;
        }

        written["target"] = pair.Target;
        if (pair.Map is { } map)
        {
            written["map"] = map;
        }

        if (pair.Template is { } template)
        {
            written["template"] = template;
        }

        return written;
    }

    private static List<AttributePair> ReadKind(YamlReader yaml, string path, YamlNode node, KindDefinition kind)
    {
        var pairs = new List<AttributePair>();
        foreach (var item in yaml.Items(node, path))
        {
            if (ReadPair(yaml, path, item) is not { } pair)
            {
                continue;
            }

            if (AttributeRules.Refuse(kind, pair) is { } refusal)
            {
                yaml.Refuse(item, path, refusal.Message, LinesBelow(item, refusal));
            }
            else if (pairs.Exists(other => string.Equals(other.Target, pair.Target, StringComparison.Ordinal)))
            {
                yaml.Refuse(item, path + ".target", $"{pair.Target} is fed twice; a Rollbook attribute is fed once.");
            }
            else
            {
                pairs.Add(pair);
            }
        }

        return pairs;
    }

    /// <summary>How far below its pair a refused template stands, and its refused line where that can be told: in one written as a block, below its key.</summary>
    private static int LinesBelow(YamlNode item, AttributeRefusal refusal)
    {
        if (
            refusal.Part != AttributePart.Template
            || item is not YamlMappingNode mapping
            || mapping.Children.FirstOrDefault(IsTemplate).Value is not YamlScalarNode template
        )
        {
            return 0;
        }

        var inside = template.Style is ScalarStyle.Literal ? refusal.Line : 0;
        return (int)(template.Start.Line - item.Start.Line) + inside;
    }

    private static bool IsTemplate(KeyValuePair<YamlNode, YamlNode> member) => member.Key is YamlScalarNode { Value: "template" };

    private static AttributePair? ReadPair(YamlReader yaml, string path, YamlNode item)
    {
        string? source = null,
            target = null,
            template = null;
        Dictionary<string, string>? map = null;
        foreach (var (key, keyNode, value) in yaml.Members(item, path))
        {
            switch (key)
            {
                case "source":
                    source = yaml.Text(value, path + ".source");
                    break;
                case "target":
                    target = yaml.Text(value, path + ".target");
                    break;
                case "template":
                    template = yaml.Text(value, path + ".template");
                    break;
                case "map":
                    map = new Dictionary<string, string>(StringComparer.Ordinal);
                    foreach (var (from, _, to) in yaml.Members(value, path + ".map"))
                    {
                        map[from] = yaml.Text(to, path + ".map") ?? "";
                    }

                    break;
                default:
                    yaml.UnknownKey(keyNode, path, key, ["source", "target", "map", "template"]);
                    break;
            }
        }

        if (string.IsNullOrWhiteSpace(target))
        {
            yaml.Refuse(item, path + ".target", "is missing: the Rollbook attribute.");
            return null;
        }

        return new AttributePair
        {
            Target = target,
            Source = source,
            Map = map,
            Template = template,
        };
    }
}
