using Rollbook.Model;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>An app's <c>domainsOfUniqueness</c>: by kind, lists of attributes in order.</summary>
internal static class DomainsSection
{
    internal static IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<string>>> Read(YamlReader yaml, string path, YamlNode node)
    {
        var kinds = new SortedDictionary<string, IReadOnlyList<IReadOnlyList<string>>>(StringComparer.Ordinal);
        foreach (var (key, keyNode, value) in yaml.Members(node, path))
        {
            if (DomainsOfUniqueness.ComparedKinds.FirstOrDefault(each => string.Equals(each.Name, key, StringComparison.Ordinal)) is not { } kind)
            {
                yaml.UnknownKey(keyNode, path, key, [.. DomainsOfUniqueness.ComparedKinds.Select(each => each.Name)]);
                continue;
            }

            var domains = yaml.Items(value, $"{path}.{key}").Select(item => (IReadOnlyList<string>)[.. yaml.Texts(item, $"{path}.{key}")]).ToList();
            if (DomainsOfUniqueness.Refuse(kind.Kind, domains) is { } refusal)
            {
                yaml.Refuse(value, $"{path}.{key}", refusal);
            }

            kinds[key] = domains;
        }

        return kinds;
    }

    internal static object Write(IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<string>>> domains) =>
        domains.ToDictionary(kind => kind.Key, kind => (object)kind.Value, StringComparer.Ordinal);
}
