using System.Text;
using System.Text.Json;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Read;

/// <summary>The sourcedId of a kept raw record, to the letter.</summary>
internal static class SourcedId
{
    /// <summary>Finds it; the last one where a record has several, as the connector takes it.</summary>
    /// <exception cref="InvalidDataException">It has none, which no connector lets pass.</exception>
    internal static string Of(ReadOnlySpan<byte> json)
    {
        string? found = null;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSourcedId = reader.ValueTextEquals("sourcedId"u8);
            reader.Read();
            if (isSourcedId)
            {
                found = reader.TokenType == JsonTokenType.String ? Value.TextOf(ref reader) : Encoding.UTF8.GetString(reader.ValueSpan);
            }

            reader.Skip();
        }

        return found ?? throw new InvalidDataException("A kept record has no sourcedId.");
    }
}
