using Rollbook.Model;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>An app's <c>masterFields</c>: by kind and attribute, <c>master</c> or <c>do-not-override</c>.</summary>
internal static class MasterFieldsSection
{
    private static readonly Dictionary<string, MasterMode> Words = new(StringComparer.Ordinal)
    {
        ["master"] = MasterMode.Master,
        ["do-not-override"] = MasterMode.DoNotOverride,
    };

    internal static IReadOnlyDictionary<string, IReadOnlyDictionary<string, MasterMode>> Read(YamlReader yaml, string path, YamlNode node)
    {
        var kinds = new SortedDictionary<string, IReadOnlyDictionary<string, MasterMode>>(StringComparer.Ordinal);
        foreach (var (key, keyNode, value) in yaml.Members(node, path))
        {
            if (DomainsOfUniqueness.ComparedKinds.FirstOrDefault(each => string.Equals(each.Name, key, StringComparison.Ordinal)) is { } kind)
            {
                kinds[key] = ReadKind(yaml, $"{path}.{key}", value, kind);
            }
            else
            {
                yaml.UnknownKey(keyNode, path, key, [.. DomainsOfUniqueness.ComparedKinds.Select(each => each.Name)]);
            }
        }

        return kinds;
    }

    internal static object Write(IReadOnlyDictionary<string, IReadOnlyDictionary<string, MasterMode>> fields) =>
        fields.ToDictionary(
            kind => kind.Key,
            kind =>
                (object)
                    kind.Value.ToDictionary(field => field.Key, field => Words.First(word => word.Value == field.Value).Key, StringComparer.Ordinal),
            StringComparer.Ordinal
        );

    private static SortedDictionary<string, MasterMode> ReadKind(YamlReader yaml, string path, YamlNode node, KindDefinition kind)
    {
        var fields = new SortedDictionary<string, MasterMode>(StringComparer.Ordinal);
        var known = MasterFields.AttributesOf(kind.Kind).Select(attribute => attribute.Name).ToList();
        foreach (var (name, nameNode, value) in yaml.Members(node, path))
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                yaml.UnknownKey(nameNode, path, name, known);
            }
            else if (yaml.Text(value, $"{path}.{name}") is { } text && Words.TryGetValue(text, out var mode))
            {
                fields[name] = mode;
            }
            else
            {
                yaml.Refuse(value, $"{path}.{name}", $"expected {string.Join(" or ", Words.Keys)}, found {YamlReader.Shown(value)}.");
            }
        }

        return fields;
    }
}
