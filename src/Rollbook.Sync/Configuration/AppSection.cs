using System.Globalization;
using Rollbook.Sources;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>One app of the configuration file.</summary>
internal sealed class AppSection(IReadOnlyList<IGalleryApp> gallery, Func<string, string?> environment, ScheduleRules schedules)
{
    private static readonly string[] ExportKeys = ["type", "name", "delivery"];

    private readonly DeliverySection delivery = new(environment);

    private static readonly string[] LaterSections = ["limits"];

    /// <summary>Reads it; null when it can't be one. <paramref name="place"/> is where it stands in the file.</summary>
    internal AppConfiguration? Read(
        YamlReader yaml,
        string id,
        YamlNode idNode,
        YamlNode node,
        int place,
        Dictionary<(string, string), string> secrets
    )
    {
        var path = $"apps.{id}";
        if (!ConfigurationFile.IsShortName(id))
        {
            yaml.Refuse(idNode, path, "expected an app ID of lower-case letters, digits and hyphens that begins with a letter (at most 40).");
            return null;
        }

        var members = yaml.Members(node, path).ToList();
        var typeNode = members.FirstOrDefault(member => member.Key is "type").Value;
        var type = typeNode is null ? null : yaml.Text(typeNode, path + ".type");
        var connector = gallery.FirstOrDefault(entry => string.Equals(entry.Type, type, StringComparison.Ordinal));
        if (connector is null)
        {
            var known = string.Join(", ", gallery.Select(each => each.Type));
            yaml.Refuse(
                typeNode ?? node,
                path + ".type",
                typeNode is null ? $"is missing; known types are {known}." : $"expected one of {known}, found {YamlReader.Shown(typeNode)}."
            );
            return null;
        }

        var app = new AppConfiguration
        {
            Type = connector.Type,
            Name = char.ToUpperInvariant(id[0]) + id[1..],
            Order = place,
        };
        foreach (var (key, keyNode, value) in members)
        {
            switch (key)
            {
                case var _ when connector is not IConnector && !ExportKeys.Contains(key, StringComparer.Ordinal):
                    yaml.UnknownKey(keyNode, path, key, ExportKeys);
                    break;
                case "type":
                    break;
                case "name":
                    app = app with { Name = yaml.Text(value, path + ".name") ?? app.Name };
                    break;
                case "delivery":
                    app = delivery.Read(yaml, connector, app, id, value, secrets);
                    break;
                case "advanced":
                    app = app with { Advanced = AdvancedSection.Read(yaml, path + ".advanced", value) };
                    break;
                case "schools":
                    app = app with { Schools = SchoolsSection.Read(yaml, path + ".schools", value) };
                    break;
                case "attributes":
                    app = app with { Attributes = AttributesSection.Read(yaml, path + ".attributes", value) };
                    break;
                case "requirements":
                    app = app with { Requirements = RequirementsSection.Read(yaml, path + ".requirements", value) };
                    break;
                case "order":
                    app = app with { Order = ReadOrder(yaml, path, value) };
                    break;
                case "domainsOfUniqueness":
                    app = app with { DomainsOfUniqueness = DomainsSection.Read(yaml, $"{path}.{key}", value) };
                    break;
                case "masterFields":
                    app = app with { MasterFields = MasterFieldsSection.Read(yaml, $"{path}.{key}", value) };
                    break;
                case "filters":
                    app = app with { Filters = FiltersSection.Read(yaml, path + ".filters", value) };
                    break;
                case "schedule":
                    app = app with { Schedule = ScheduleSection.Read(yaml, path + ".schedule", value, schedules) };
                    break;
                case var _ when LaterSections.Contains(key, StringComparer.Ordinal):
                    yaml.Refuse(keyNode, $"{path}.{key}", "this version of Rollbook does not carry this out yet; leave it out.");
                    break;
                default:
                    yaml.UnknownKey(
                        keyNode,
                        path,
                        key,
                        [
                            "type",
                            "name",
                            "order",
                            "delivery",
                            "advanced",
                            "schools",
                            "attributes",
                            "requirements",
                            "filters",
                            "domainsOfUniqueness",
                            "masterFields",
                            "schedule",
                        ]
                    );
                    break;
            }
        }

        foreach (var setting in connector.Settings.Where(setting => setting.Required))
        {
            if (!app.Delivery.ContainsKey(setting.Name) && !secrets.ContainsKey((id, setting.Name)) && yaml.Errors.Count == 0)
            {
                yaml.Refuse(node, $"{path}.delivery.{setting.Name}", "is missing.");
            }
        }

        return app;
    }

    private static int ReadOrder(YamlReader yaml, string path, YamlNode node)
    {
        if (
            int.TryParse(yaml.Text(node, path + ".order"), NumberStyles.None, CultureInfo.InvariantCulture, out var order) && order is > 0 and <= 1000
        )
        {
            return order;
        }

        yaml.Refuse(node, path + ".order", $"expected a number from 1 to 1000, found {YamlReader.Shown(node)}.");
        return 1;
    }
}
