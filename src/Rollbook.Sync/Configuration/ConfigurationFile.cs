using System.Text.RegularExpressions;
using Rollbook.Sources;
using Rollbook.Sync.Deliver;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>
/// Reads the configuration file (command-line.md section 3). Strict: an unknown key, a wrong type, a missing secret or an impossible value is refused with file
/// and line, and nothing is applied. A key of the contract that this version does not carry out yet is refused rather than ignored.
/// </summary>
/// <param name="connectors">The connectors that there are.</param>
/// <param name="environment">Looks a secret up in the environment.</param>
/// <param name="schedules">Which schedules can be carried out.</param>
/// <param name="exporters">The export apps that there are.</param>
public sealed partial class ConfigurationFile(
    IEnumerable<IConnector> connectors,
    Func<string, string?> environment,
    ScheduleRules schedules,
    IEnumerable<IExporter>? exporters = null
)
{
    private readonly AppSection apps = new([.. connectors, .. exporters ?? []], environment, schedules);
    private readonly IReadOnlyList<string> exportTypes = [.. (exporters ?? []).Select(exporter => exporter.Type)];
    private readonly NotificationsSection notifications = new(environment);

    /// <summary>Reads a file's text.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="text">Its text.</param>
    public ConfigurationFileResult Read(string file, string text)
    {
        var yaml = new YamlReader(file);
        var secrets = new Dictionary<(string App, string Setting), string>();
        if (yaml.ReadDocument(text) is not { } root)
        {
            return new ConfigurationFileResult.Refused(yaml.Errors);
        }

        DistrictConfiguration? district = null;
        var read = new SortedDictionary<string, AppConfiguration>(StringComparer.Ordinal);
        foreach (var (key, keyNode, value) in yaml.Members(root, ""))
        {
            switch (key)
            {
                case "district":
                    district = ReadDistrict(yaml, value, secrets);
                    break;
                case "apps":
                    foreach (var (id, idNode, node) in yaml.Members(value, "apps"))
                    {
                        // Where the file does not say otherwise, the apps count in the order in which they stand in it.
                        if (apps.Read(yaml, id, idNode, node, read.Count + 1, secrets) is { } app)
                        {
                            read[id] = app;
                        }
                    }

                    CheckWaits(yaml, value, read);
                    break;
                default:
                    yaml.UnknownKey(keyNode, "", key, ["district", "apps"]);
                    break;
            }
        }

        if (district is null && yaml.Errors.Count == 0)
        {
            yaml.Refuse(root, "district", "is missing.");
        }

        return yaml.Errors.Count > 0
            ? new ConfigurationFileResult.Refused(yaml.Errors)
            : new ConfigurationFileResult.Read(district! with { Apps = Of(isExport: false), Exports = Of(isExport: true) }, secrets);

        SortedDictionary<string, AppConfiguration> Of(bool isExport) =>
            new(
                read.Where(app => exportTypes.Contains(app.Value.Type, StringComparer.Ordinal) == isExport).ToDictionary(StringComparer.Ordinal),
                StringComparer.Ordinal
            );
    }

    /// <summary>An export app waits for import apps of the file, and for no other.</summary>
    private void CheckWaits(YamlReader yaml, YamlNode node, IReadOnlyDictionary<string, AppConfiguration> read)
    {
        foreach (var (id, app) in read.Where(app => exportTypes.Contains(app.Value.Type, StringComparer.Ordinal)))
        {
            var unknown = WaitFor
                .Apps(app.Delivery.GetValueOrDefault(WaitFor.Name))
                .FirstOrDefault(other => !read.TryGetValue(other, out var waited) || exportTypes.Contains(waited.Type, StringComparer.Ordinal));
            if (unknown is not null)
            {
                var path = $"apps.{id}.delivery.{WaitFor.Name}";
                var at = YamlReader.Find(node, id, "delivery", WaitFor.Name) ?? node;
                yaml.Refuse(at, path, $"expected all, or import apps of this file with blanks between; {unknown} is none of them.");
            }
        }
    }

    private DistrictConfiguration? ReadDistrict(YamlReader yaml, YamlNode node, Dictionary<(string App, string Setting), string> secrets)
    {
        WebhookSettings? webhook = null;
        string? id = null,
            name = null,
            zone = null;
        Retention? retention = null;
        IReadOnlyList<RolloverPeriod>? rollover = null;
        foreach (var (key, keyNode, value) in yaml.Members(node, "district"))
        {
            switch (key)
            {
                case "id":
                    id = yaml.Text(value, "district.id");
                    if (id is not null && !IsShortName(id))
                    {
                        yaml.Refuse(
                            value,
                            "district.id",
                            $"expected a short name of lower-case letters, digits and hyphens that begins with a letter (at most 40), found {YamlReader.Shown(value)}."
                        );
                    }

                    break;
                case "name":
                    name = yaml.Text(value, "district.name");
                    break;
                case "timeZone":
                    zone = yaml.Text(value, "district.timeZone");
                    if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
                    {
                        yaml.Refuse(
                            value,
                            "district.timeZone",
                            $"expected an IANA time zone such as America/Los_Angeles, found {YamlReader.Shown(value)}."
                        );
                    }

                    break;
                case "notifications":
                    webhook = notifications.Read(yaml, value, secrets);
                    break;
                case "retention":
                    retention = RetentionSection.Read(yaml, value);
                    break;
                case "rollover":
                    rollover = PeriodSection.ReadRollover(yaml, "district.rollover", value);
                    break;
                default:
                    yaml.UnknownKey(keyNode, "district", key, ["id", "name", "timeZone", "retention", "rollover", "notifications"]);
                    break;
            }
        }

        if (string.IsNullOrWhiteSpace(id))
        {
            yaml.Refuse(node, "district.id", "is missing.");
            return null;
        }

        return new DistrictConfiguration
        {
            Id = id,
            Name = string.IsNullOrWhiteSpace(name) ? id : name,
            TimeZone = zone ?? "UTC",
            Webhook = webhook,
            Retention = retention,
            Rollover = rollover,
        };
    }

    /// <summary>Whether it can be a district's or an app's ID.</summary>
    public static bool IsShortName(string id) => ShortName().IsMatch(id);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ShortName();
}
