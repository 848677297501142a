using System.Text.Json;

namespace Rollbook.Sources;

/// <summary>What is known of an organisation before it is imported, read from its raw record.</summary>
/// <param name="SourcedId">Its ID in the source, without a prefix.</param>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="Type">OneRoster's type in lower case: <c>school</c>, <c>district</c>, …; empty when it has none.</param>
/// <param name="Identifier">Its code; null when it has none.</param>
/// <param name="Parent">The sourcedId of the organisation above it; null when it has none.</param>
public sealed record RawOrg(string SourcedId, string Name, string Type, string? Identifier, string? Parent)
{
    /// <summary>Whether it is a school and not an organisation above the schools. One without a type that OneRoster knows is a school.</summary>
    public bool IsSchool => Type is not ("department" or "district" or "local" or "state" or "national");

    /// <summary>Reads one; null for what is no JSON object.</summary>
    public static RawOrg? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var org = document.RootElement;
            return org.ValueKind != JsonValueKind.Object
                ? null
                : new RawOrg(
                    Text(org, "sourcedId") ?? "",
                    Text(org, "name") ?? "",
                    Text(org, "type")?.ToLowerInvariant() ?? "",
                    Text(org, "identifier"),
                    org.TryGetProperty("parent", out var parent) ? SourcedIdOf(parent) : null
                );
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? SourcedIdOf(JsonElement reference) =>
        reference.ValueKind == JsonValueKind.Object ? Text(reference, "sourcedId") : Scalar(reference);

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? Scalar(value) : null;

    private static string? Scalar(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Trim() is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
}
