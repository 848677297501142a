using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>An app's <c>advanced</c>.</summary>
internal static class AdvancedSection
{
    private static readonly Dictionary<string, string[]> Fixed = new(StringComparer.Ordinal) { ["holdMode"] = ["everything"] };

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
                case "multipleDataSources":
                    advanced = advanced with { MultipleDataSources = yaml.Flag(value, $"{path}.{key}") ?? false };
                    break;
                case "compareByDomainsOfUniqueness":
                    advanced = advanced with { CompareByDomainsOfUniqueness = yaml.Flag(value, $"{path}.{key}") ?? false };
                    break;
                case "previewOfDataUpload":
                    advanced = advanced with { PreviewOfDataUpload = yaml.Flag(value, $"{path}.{key}") ?? false };
                    break;
                case "syncHoldThreshold":
                    advanced = advanced with { SyncHoldThreshold = LimitsSection.Threshold(yaml, $"{path}.{key}", value) };
                    break;
                case "limits":
                    advanced = advanced with { Limits = LimitsSection.Read(yaml, $"{path}.{key}", value) };
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
                    yaml.UnknownKey(
                        keyNode,
                        path,
                        key,
                        [
                            "sisIdPrefix",
                            "bulkUploadMode",
                            "multipleDataSources",
                            "compareByDomainsOfUniqueness",
                            "previewOfDataUpload",
                            "syncHoldThreshold",
                            "limits",
                            .. Fixed.Keys,
                        ]
                    );
                    break;
            }
        }

        return advanced;
    }
}
