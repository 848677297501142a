using System.Text.RegularExpressions;
using Rollbook.Sources;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>
/// Reads the configuration file (command-line.md section 3). Strict: an unknown key, a wrong type, a missing secret or an impossible value is refused with file
/// and line, and nothing is applied. A key of the contract that this version does not carry out yet is refused rather than ignored.
/// </summary>
/// <param name="connectors">The connectors that there are.</param>
/// <param name="environment">Looks a secret up in the environment.</param>
/// <param name="schedules">Which schedules can be carried out.</param>
public sealed partial class ConfigurationFile(IEnumerable<IConnector> connectors, Func<string, string?> environment, ScheduleRules schedules)
{
    private readonly AppSection apps = new(connectors, environment, schedules);
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
            : new ConfigurationFileResult.Read(district! with { Apps = read }, secrets);
    }

    private DistrictConfiguration? ReadDistrict(YamlReader yaml, YamlNode node, Dictionary<(string App, string Setting), string> secrets)
    {
        WebhookSettings? webhook = null;
        string? id = null,
            name = null,
            zone = null;
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
                default:
                    yaml.UnknownKey(keyNode, "district", key, ["id", "name", "timeZone", "notifications"]);
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
        };
    }

    /// <summary>Whether it can be a district's or an app's ID.</summary>
    public static bool IsShortName(string id) => ShortName().IsMatch(id);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ShortName();
}
