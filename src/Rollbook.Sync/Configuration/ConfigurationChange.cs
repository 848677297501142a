using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rollbook.Sync.Configuration;

/// <summary>One setting that differs between two configurations.</summary>
/// <param name="Path">Where it stands in the configuration file, dotted: <c>apps.synergy.advanced.sisIdPrefix</c>; <c>apps.synergy</c> for a whole app.</param>
/// <param name="Old">What was before, as JSON; null when nothing was.</param>
/// <param name="New">What is now, as JSON; null when nothing is.</param>
/// <remarks>A secret is never in it: its place says <see cref="ConfigurationChanges.SecretSet"/> or <see cref="ConfigurationChanges.SecretChanged"/>.</remarks>
public sealed record ConfigurationChange(string Path, string? Old, string? New)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What was before, for people: text without quotes.</summary>
    public string? OldText => Text(Old);

    /// <summary>What is now, for people: text without quotes.</summary>
    public string? NewText => Text(New);

    /// <summary>The app that came or went; null for any other setting.</summary>
    public string? App => (Old is null || New is null) && ConfigurationChanges.AppOf(Path) is { } app ? app : null;

    /// <summary>For an app that came or went its single settings, otherwise the change itself.</summary>
    public IEnumerable<ConfigurationChange> Parts => App is null ? [this] : ConfigurationChanges.Compare(Path, Parse(Old), Parse(New));

    internal static ConfigurationChange Of(string path, JsonNode? old, JsonNode? now) =>
        new(path, old?.ToJsonString(Plain), now?.ToJsonString(Plain));

    private static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);

    private static string? Text(string? json) => Parse(json) is JsonValue value && value.TryGetValue(out string? text) ? text : json;
}
