using System.Text.Json;

namespace Rollbook.Sources.OneRoster;

/// <summary>Collects the attributes that records have, as the attribute mapping names them.</summary>
internal sealed class AttributeNames
{
    private const int DeepestMetadata = 4;
    private readonly SortedSet<string> names = new(StringComparer.Ordinal);

    /// <summary>In ordinal order.</summary>
    public IReadOnlyList<string> InOrder => [.. names];

    /// <summary>Takes the attributes of a record, a JSON object.</summary>
    public void Take(ReadOnlyMemory<byte> record)
    {
        using var document = JsonDocument.Parse(record);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            Take(property.Name, property.Value, 1);
        }
    }

    private void Take(string name, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            // A reference to another record is one attribute, whatever it is made of.
            case JsonValueKind.Object when !value.TryGetProperty("sourcedId", out _) && depth < DeepestMetadata:
                foreach (var property in value.EnumerateObject())
                {
                    Take($"{name}.{property.Name}", property.Value, depth + 1);
                }

                break;
            case JsonValueKind.Array:
                names.Add(name);
                foreach (var typed in value.EnumerateArray())
                {
                    TakeType(name, typed);
                }

                break;
            default:
                names.Add(name);
                break;
        }
    }

    // userIds: [{ "type": "stateID", "identifier": "…" }] offers userIds.stateID.
    private void TakeType(string name, JsonElement element)
    {
        if (
            element.ValueKind is JsonValueKind.Object
            && element.TryGetProperty("identifier", out _)
            && element.TryGetProperty("type", out var type)
            && type.ValueKind is JsonValueKind.String
            && type.GetString() is { Length: > 0 } text
        )
        {
            names.Add($"{name}.{text}");
        }
    }
}
