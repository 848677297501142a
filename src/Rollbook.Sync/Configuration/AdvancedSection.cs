using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>An app's <c>advanced</c>.</summary>
internal static class AdvancedSection
{
    private static readonly Dictionary<string, string[]> Fixed = new(StringComparer.Ordinal)
    {
        ["multipleDataSources"] = ["false"],
        ["compareByDomainsOfUniqueness"] = ["false"],
        ["previewOfDataUpload"] = ["false"],
        ["syncHoldThreshold"] = ["off", "false"],
        ["holdMode"] = ["everything"],
    };

    internal static AdvancedSettings Read(YamlReader yaml, string path, YamlNode node)
    {
        var advanced = new AdvancedSettings();
        foreach (var (key, keyNode, value) in yaml.Members(node, path))
        {
            switch (key)
            {
                case "sisIdPrefix":
                    advanced = advanced with { SisIdPrefix = yaml.Text(value, $"{path}.{key}") ?? "" };
                    break;
                case "bulkUploadMode":
                    advanced = advanced with { BulkUploadMode = yaml.Flag(value, $"{path}.{key}") ?? true };
                    break;
                case var _ when Fixed.TryGetValue(key, out var values):
                    if (value is not YamlScalarNode { Value: { } text } || !values.Contains(text, StringComparer.OrdinalIgnoreCase))
                    {
                        yaml.Refuse(
                            value,
                            $"{path}.{key}",
                            $"this version of Rollbook only carries out {values[0]}; found {YamlReader.Shown(value)}."
                        );
                    }

                    break;
                default:
                    yaml.UnknownKey(keyNode, path, key, ["sisIdPrefix", "bulkUploadMode", .. Fixed.Keys]);
                    break;
            }
        }

        return advanced;
    }
}
