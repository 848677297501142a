using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>An app's <c>advanced</c>.</summary>
internal static class AdvancedSection
{
    internal static AdvancedSettings Read(YamlReader yaml, string path, YamlNode node)
    {
        var advanced = new AdvancedSettings();
        YamlNode windows = node;
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
                case "changeWindows":
                    windows = value;
                    advanced = advanced with { ChangeWindows = PeriodSection.ReadWindows(yaml, $"{path}.{key}", value) };
                    break;
                case "secondPerson":
                    advanced = advanced with { SecondPerson = yaml.Flag(value, $"{path}.{key}") ?? false };
                    break;
                case "holdMode":
                    var mode = yaml.Text(value, $"{path}.{key}");
                    if (mode is not ("everything" or "removals"))
                    {
                        yaml.Refuse(value, $"{path}.{key}", $"expected everything or removals, found {YamlReader.Shown(value)}.");
                        break;
                    }

                    advanced = advanced with { HoldMode = mode is "removals" ? HoldMode.Removals : HoldMode.Everything };
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
                            "holdMode",
                            "secondPerson",
                            "changeWindows",
                        ]
                    );
                    break;
            }
        }

        if (advanced.WindowWithoutEffect is { } window)
        {
            yaml.Refuse(
                windows,
                $"{path}.changeWindows",
                FormattableString.Invariant(
                    $"the syncHoldThreshold of the window from {window.From:yyyy-MM-dd} sets no figure, because the app has its own limits. Give the window limits of its own as well."
                )
            );
        }

        return advanced;
    }
}
