using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary><c>district: retention: { versions: 30, days: 365 }</c>.</summary>
internal static class RetentionSection
{
    private const string Path = "district.retention";

    internal static Retention? Read(YamlReader yaml, YamlNode node)
    {
        var retention = new Retention();
        foreach (var (key, keyNode, value) in yaml.Members(node, Path))
        {
            switch (key)
            {
                case "versions":
                    retention = retention with { Versions = Number(yaml, value, $"{Path}.versions") };
                    break;
                case "days":
                    retention = retention with { Days = Number(yaml, value, $"{Path}.days") };
                    break;
                default:
                    yaml.UnknownKey(keyNode, Path, key, ["versions", "days"]);
                    break;
            }
        }

        return retention == new Retention() ? null : retention;
    }

    internal static Dictionary<string, object> Write(Retention retention)
    {
        var written = new Dictionary<string, object>(StringComparer.Ordinal);
        if (retention.Versions is { } versions)
        {
            written["versions"] = versions;
        }

        if (retention.Days is { } days)
        {
            written["days"] = days;
        }

        return written;
    }

    private static int? Number(YamlReader yaml, YamlNode node, string path)
    {
        if (
            node is YamlScalarNode { Value: { } text }
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && Retention.IsPossible(number)
        )
        {
            return number;
        }

        yaml.Refuse(
            node,
            path,
            string.Create(CultureInfo.InvariantCulture, $"expected a whole number from 1 to {Retention.Most:N0}, found {YamlReader.Shown(node)}.")
        );
        return null;
    }
}
