using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Lineage;

/// <summary>A raw record for a person to read: indented, and without secrets.</summary>
internal static class RawText
{
    private const string Hidden = "(never shown)";

    private static readonly string[] Secrets = ["password", "secret"];

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it.</summary>
    internal static string Of(ReadOnlySpan<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length * 2);
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            // Token by token, since a source may write a member twice.
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                Copy(ref reader, writer);
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName when Value.TextOf(ref reader) is var name && IsSecret(name):
                writer.WriteString(name, Hidden);
                reader.Read();
                reader.Skip();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(Value.TextOf(ref reader));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(Value.TextOf(ref reader));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan);
                break;
        }
    }

    private static bool IsSecret(string name) => Array.Exists(Secrets, secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));
}
