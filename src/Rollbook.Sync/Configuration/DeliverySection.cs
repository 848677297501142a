using Rollbook.Sources;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>An app's <c>delivery</c>: the connector's settings, its secrets named by environment variables and never written.</summary>
internal sealed class DeliverySection(Func<string, string?> environment)
{
    internal AppConfiguration Read(
        YamlReader yaml,
        IGalleryApp connector,
        AppConfiguration app,
        string id,
        YamlNode node,
        Dictionary<(string, string), string> secrets
    )
    {
        var path = $"apps.{id}.delivery";
        var delivery = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var kept = new SortedSet<string>(StringComparer.Ordinal);
        var nodes = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        var accept = false;
        foreach (var (key, keyNode, value) in Flat(yaml, connector, node, path))
        {
            if (key is "acceptTerms")
            {
                accept = yaml.Flag(value, $"{path}.{key}") ?? false;
                continue;
            }

            if (connector.Settings.FirstOrDefault(setting => string.Equals(setting.Name, key, StringComparison.Ordinal)) is not { } setting)
            {
                yaml.UnknownKey(keyNode, path, key, [.. connector.Settings.Select(each => each.Name), "acceptTerms"]);
                continue;
            }

            nodes[key] = value;
            if (
                yaml.Text(value, $"{path}.{key}") is not { } text
                || environment.Resolve(yaml, value, $"{path}.{key}", text, setting.Secret) is not { } resolved
            )
            {
                continue;
            }

            if (setting.Secret)
            {
                secrets[(id, key)] = resolved;
                kept.Add(key);
            }
            else if (setting.Choices is { } choices && !choices.Contains(resolved, StringComparer.Ordinal))
            {
                yaml.Refuse(value, $"{path}.{key}", $"expected one of {string.Join(", ", choices)}, found {YamlReader.Shown(value)}.");
            }
            else
            {
                delivery[key] = resolved;
            }
        }

        var values = delivery.ToDictionary(StringComparer.Ordinal);
        foreach (var secret in kept)
        {
            values[secret] = secrets[(id, secret)];
        }

        foreach (
            var finding in connector
                .Inspect(new SourceSettings(values))
                .Where(finding => finding.Problem is not null && values.ContainsKey(finding.Name))
        )
        {
            yaml.Refuse(nodes[finding.Name], $"{path}.{finding.Name}", finding.Problem!);
        }

        if (!accept)
        {
            yaml.Refuse(node, path + ".acceptTerms", "the Terms of Use and the Privacy Policy must be accepted: write acceptTerms: true.");
        }

        return app with
        {
            Delivery = delivery,
            Secrets = [.. kept],
            AcceptTerms = accept,
        };
    }

    /// <summary>The members, and those of a mapping below one where the connector has settings of such names: <c>sftp: { host: … }</c> is <c>sftp.host</c>.</summary>
    private static IEnumerable<(string Key, YamlNode KeyNode, YamlNode Value)> Flat(
        YamlReader yaml,
        IGalleryApp connector,
        YamlNode node,
        string path
    ) =>
        yaml.Members(node, path)
            .SelectMany(member =>
                member.Value is YamlMappingNode
                && connector.Settings.Any(setting => setting.Name.StartsWith(member.Key + ".", StringComparison.Ordinal))
                    ? yaml.Members(member.Value, $"{path}.{member.Key}").Select(below => ($"{member.Key}.{below.Key}", below.KeyNode, below.Value))
                    : [member]
            );
}
