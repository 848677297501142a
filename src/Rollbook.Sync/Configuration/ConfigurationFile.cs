using System.Text.RegularExpressions;
using Rollbook.Sources;
using YamlDotNet.RepresentationModel;

namespace Rollbook.Sync.Configuration;

/// <summary>
/// Reads the configuration file (command-line.md section 3). Strict: an unknown key, a wrong type, a missing secret or an impossible value is refused with file
/// and line, and nothing is applied. A key of the contract that this version does not carry out yet is refused rather than ignored.
/// </summary>
public sealed partial class ConfigurationFile(IEnumerable<IConnector> connectors, Func<string, string?> environment)
{
    private static readonly string[] LaterSections =
    [
        "attributes",
        "requirements",
        "filters",
        "domainsOfUniqueness",
        "masterFields",
        "schedule",
        "limits",
    ];

    private static readonly Dictionary<string, string[]> FixedAdvanced = new(StringComparer.Ordinal)
    {
        ["multipleDataSources"] = ["false"],
        ["compareByDomainsOfUniqueness"] = ["false"],
        ["previewOfDataUpload"] = ["false"],
        ["syncHoldThreshold"] = ["off", "false"],
        ["holdMode"] = ["everything"],
    };

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
        var apps = new SortedDictionary<string, AppConfiguration>(StringComparer.Ordinal);
        foreach (var (key, keyNode, value) in yaml.Members(root, ""))
        {
            switch (key)
            {
                case "district":
                    district = ReadDistrict(yaml, value);
                    break;
                case "apps":
                    foreach (var (id, idNode, node) in yaml.Members(value, "apps"))
                    {
                        if (ReadApp(yaml, id, idNode, node, secrets) is { } app)
                        {
                            apps[id] = app;
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
            : new ConfigurationFileResult.Read(district! with { Apps = apps }, secrets);
    }

    private static DistrictConfiguration? ReadDistrict(YamlReader yaml, YamlNode node)
    {
        string? id = null,
            name = null,
            zone = null;
        foreach (var (key, keyNode, value) in yaml.Members(node, "district"))
        {
            switch (key)
            {
                case "id":
                    id = yaml.Text(value, "district.id");
                    if (id is not null && !DistrictId().IsMatch(id))
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
                default:
                    yaml.UnknownKey(keyNode, "district", key, ["id", "name", "timeZone"]);
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
        };
    }

    private AppConfiguration? ReadApp(YamlReader yaml, string id, YamlNode idNode, YamlNode node, Dictionary<(string, string), string> secrets)
    {
        var path = $"apps.{id}";
        if (!DistrictId().IsMatch(id))
        {
            yaml.Refuse(idNode, path, "expected an app ID of lower-case letters, digits and hyphens that begins with a letter (at most 40).");
            return null;
        }

        var members = yaml.Members(node, path).ToList();
        var typeNode = members.FirstOrDefault(member => member.Key is "type").Value;
        var type = typeNode is null ? null : yaml.Text(typeNode, path + ".type");
        var connector = connectors.FirstOrDefault(connector => string.Equals(connector.Type, type, StringComparison.Ordinal));
        if (connector is null)
        {
            var known = string.Join(", ", connectors.Select(each => each.Type));
            yaml.Refuse(
                typeNode ?? node,
                path + ".type",
                typeNode is null ? $"is missing; known types are {known}." : $"expected one of {known}, found {YamlReader.Shown(typeNode)}."
            );
            return null;
        }

        var app = new AppConfiguration { Type = connector.Type, Name = char.ToUpperInvariant(id[0]) + id[1..] };
        foreach (var (key, keyNode, value) in members)
        {
            switch (key)
            {
                case "type":
                    break;
                case "name":
                    app = app with { Name = yaml.Text(value, path + ".name") ?? app.Name };
                    break;
                case "delivery":
                    app = ReadDelivery(yaml, connector, app, id, value, secrets);
                    break;
                case "advanced":
                    app = app with { Advanced = ReadAdvanced(yaml, path + ".advanced", value) };
                    break;
                case "schools":
                    if (value is not YamlScalarNode { Value: "auto" })
                    {
                        yaml.Refuse(value, path + ".schools", "this version imports every school; expected auto.");
                    }

                    break;
                case var _ when LaterSections.Contains(key, StringComparer.Ordinal):
                    yaml.Refuse(keyNode, $"{path}.{key}", "this version of Rollbook does not carry this out yet; leave it out.");
                    break;
                default:
                    yaml.UnknownKey(keyNode, path, key, ["type", "name", "delivery", "advanced", "schools"]);
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

    private AppConfiguration ReadDelivery(
        YamlReader yaml,
        IConnector connector,
        AppConfiguration app,
        string id,
        YamlNode node,
        Dictionary<(string, string), string> secrets
    )
    {
        var path = $"apps.{id}.delivery";
        var delivery = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var kept = new SortedSet<string>(StringComparer.Ordinal);
        var accept = false;
        foreach (var (key, keyNode, value) in yaml.Members(node, path))
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

            if (yaml.Text(value, $"{path}.{key}") is not { } text || Resolve(yaml, value, $"{path}.{key}", text, setting.Secret) is not { } resolved)
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

    private string? Resolve(YamlReader yaml, YamlNode node, string path, string text, bool secret)
    {
        var match = Variable().Match(text);
        if (!match.Success)
        {
            if (secret)
            {
                yaml.Refuse(node, path, "a secret is named, never written: put it into an environment variable and write ${env:NAME_OF_IT} here.");
                return null;
            }

            return text;
        }

        var value = environment(match.Groups["name"].Value);
        if (string.IsNullOrEmpty(value))
        {
            yaml.Refuse(node, path, $"the environment variable {match.Groups["name"].Value} is not set.");
            return null;
        }

        return value;
    }

    private static AdvancedSettings ReadAdvanced(YamlReader yaml, string path, YamlNode node)
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
                case var _ when FixedAdvanced.TryGetValue(key, out var values):
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
                    yaml.UnknownKey(keyNode, path, key, ["sisIdPrefix", "bulkUploadMode", .. FixedAdvanced.Keys]);
                    break;
            }
        }

        return advanced;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DistrictId();

    [GeneratedRegex(@"^\$\{env:(?<name>[A-Za-z_][A-Za-z0-9_]*)\}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
