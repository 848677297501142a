using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rollbook.Sync.Configuration;

/// <summary>Compares two configurations setting by setting, by their paths in the configuration file: for the diff, the audit log and the console.</summary>
public static class ConfigurationChanges
{
    /// <summary>Stands for a secret that is kept.</summary>
    public const string SecretSet = "set";

    /// <summary>Stands for a secret that has another value than before.</summary>
    public const string SecretChanged = "changed";

    // What names an item of a list, so that it is compared with its own former self and not with whatever stood at its place.
    private static readonly string[] ItemNames = ["target", "source"];

    /// <summary>What differs, in the order of the file; an app that came or went is one change.</summary>
    /// <param name="old">The configuration before; null for none.</param>
    /// <param name="now">The configuration now.</param>
    /// <param name="changedSecrets">Secrets with another value than the kept one, by app and setting; null for none.</param>
    public static IReadOnlyList<ConfigurationChange> Between(
        DistrictConfiguration? old,
        DistrictConfiguration now,
        IReadOnlyCollection<(string App, string Setting)>? changedSecrets = null
    )
    {
        ArgumentNullException.ThrowIfNull(now);
        var before = old is null ? null : Tree(old, (_, _) => SecretSet);
        var after = Tree(now, (app, setting) => IsChanged(app, setting) ? SecretChanged : SecretSet);
        return [.. Compare("", before, after)];

        bool IsChanged(string app, string setting) =>
            changedSecrets?.Contains((app, setting)) == true
            && (
                app.Length == 0
                    ? old?.Webhook is not null
                    : old?.AllApps.Any(each =>
                        string.Equals(each.Key, app, StringComparison.Ordinal) && each.Value.Secrets.Contains(setting, StringComparer.Ordinal)
                    ) == true
            );
    }

    /// <summary>What differs at and below a path.</summary>
    internal static IEnumerable<ConfigurationChange> Compare(string path, JsonNode? old, JsonNode? now)
    {
        if (JsonNode.DeepEquals(old, now))
        {
            return [];
        }

        var isList = old is JsonArray || now is JsonArray;
        if (Members(old, isList) is not { } before || Members(now, isList) is not { } after)
        {
            return [ConfigurationChange.Of(path, old, now)];
        }

        return after
            .Keys.Union(before.Keys, StringComparer.Ordinal)
            .SelectMany(name =>
            {
                var at = path.Length == 0 ? name : $"{path}.{name}";
                var (was, isNow) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
                var isWhole = isList || (AppOf(at) is not null && (was is null || isNow is null));
                if (!isWhole)
                {
                    return Compare(at, was, isNow);
                }

                return JsonNode.DeepEquals(was, isNow) ? [] : [ConfigurationChange.Of(at, was, isNow)];
            });
    }

    /// <summary>The app whose whole section a path names; null for any other path.</summary>
    internal static string? AppOf(string path) => path.Split('.') is ["apps", var app] ? app : null;

    private static JsonNode? Tree(DistrictConfiguration configuration, Func<string, string, string> secret) =>
        JsonSerializer.SerializeToNode(ConfigurationText.Tree(configuration, secret, SchoolsSection.WriteWhole));

    /// <summary>The members of a mapping, or the items of a list by their names; none for nothing, and null for what has no parts to compare.</summary>
    private static Dictionary<string, JsonNode?>? Members(JsonNode? node, bool isList) =>
        node switch
        {
            null => [],
            JsonObject mapping when !isList => mapping.ToDictionary(StringComparer.Ordinal),
            JsonArray list => Items(list),
            _ => null,
        };

    private static Dictionary<string, JsonNode?>? Items(JsonArray list)
    {
        var name = ItemNames.FirstOrDefault(name => list.All(item => item is JsonObject mapping && mapping.ContainsKey(name)));
        return name is null ? null : list.ToDictionary(item => item![name]!.ToString(), StringComparer.Ordinal);
    }
}
