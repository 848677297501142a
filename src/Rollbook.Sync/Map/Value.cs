using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Rollbook.Model;

namespace Rollbook.Sync.Map;

/// <summary>
/// A value as the source wrote it, and how it is read with the tolerance that the wild needs (synergy-oneroster.md section 6): booleans as text, lists as
/// text, dates with a time, single objects for arrays, control characters and blanks around names.
/// </summary>
internal readonly ref struct Value(JsonTokenType type, ReadOnlySpan<byte> raw, bool escaped)
{
    private readonly ReadOnlySpan<byte> raw = raw;

    /// <summary>How the source wrote it.</summary>
    internal JsonTokenType Type => type;

    /// <summary>Its JSON.</summary>
    internal ReadOnlySpan<byte> Raw => raw;

    /// <summary>Whether it is a list.</summary>
    internal bool IsList => type == JsonTokenType.StartArray;

    /// <summary>Whether there is nothing: no property, null, blank text, an empty list.</summary>
    internal bool IsMissing =>
        type is JsonTokenType.None or JsonTokenType.Null
        || (type == JsonTokenType.String && Content.Trim(" \t\r\n"u8).IsEmpty)
        || (type == JsonTokenType.StartArray && raw[1..^1].Trim(" \t\r\n"u8).IsEmpty);

    private ReadOnlySpan<byte> Content => type == JsonTokenType.String ? raw[1..^1] : raw;

    /// <summary>Writes it as text.</summary>
    internal void WriteText(RowWriter row)
    {
        if (type == JsonTokenType.String && !escaped && IsClean(Content))
        {
            row.Value(Content);
        }
        else
        {
            row.Text(Text());
        }
    }

    /// <summary>Writes it as text in lower case.</summary>
    internal void WriteLowerText(RowWriter row)
    {
        if (
            type == JsonTokenType.String
            && !escaped
            && IsClean(Content)
            && !Content.ContainsAnyInRange((byte)'A', (byte)'Z')
            && !Content.ContainsAnyInRange((byte)0x80, (byte)0xFF)
        )
        {
            row.Value(Content);
        }
        else
        {
            row.Text(Text()?.ToLowerInvariant());
        }
    }

    /// <summary>It as text; null when missing. Lists become comma-separated, objects are no text.</summary>
    internal string? Text()
    {
        switch (type)
        {
            case JsonTokenType.String:
                return Clean(Unescape(raw));
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return Encoding.UTF8.GetString(raw);
            case JsonTokenType.StartArray:
                var joined = string.Join(",", List());
                return joined.Length == 0 ? null : joined;
            default:
                return null;
        }
    }

    /// <summary>The bytes of the text, escapes resolved and nothing else changed.</summary>
    internal ReadOnlySpan<byte> Exact() => type == JsonTokenType.String && escaped ? Encoding.UTF8.GetBytes(Unescape(raw)) : Content;

    /// <summary>Writes it as a date; false when there is something that is no date.</summary>
    /// <param name="row">Where to.</param>
    /// <param name="zone">The zone in which a moment becomes a date.</param>
    internal bool WriteDate(RowWriter row, TimeZoneInfo zone)
    {
        if (type == JsonTokenType.String && !escaped && IsCanonicalDate(Content))
        {
            row.Value(Content);
            return true;
        }

        var text = IsMissing ? null : Text();
        if (text is null)
        {
            row.Missing();
            return true;
        }

        var date = SourceDate.Parse(text, zone);
        row.Date(date);
        return date is not null;
    }

    /// <summary>Writes it as true or false; false when there is something that is neither.</summary>
    internal bool WriteBoolean(RowWriter row)
    {
        bool? flag = type switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.String when Content.SequenceEqual("true"u8) => true,
            JsonTokenType.String when Content.SequenceEqual("false"u8) => false,
            _ => Flag(Text()),
        };
        row.Boolean(flag);
        return flag is not null || IsMissing;
    }

    /// <summary>A text that says true or false; null for one that says neither.</summary>
    internal static bool? Flag(string? text) =>
        text?.ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" or "Y" or "T" => true,
            "FALSE" or "0" or "NO" or "N" or "F" => false,
            _ => null,
        };

    /// <summary>Writes it as a list of texts; text is split at commas.</summary>
    internal void WriteTexts(RowWriter row)
    {
        if (IsMissing)
        {
            row.Missing();
            return;
        }

        row.Texts(List());
    }

    /// <summary>It as a list of texts without blank ones.</summary>
    internal List<string> List()
    {
        var list = new List<string>();
        if (type == JsonTokenType.StartArray)
        {
            var reader = new Utf8JsonReader(raw);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var (itemType, start) = (reader.TokenType, (int)reader.TokenStartIndex);
                reader.Skip();
                if (
                    itemType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)
                    && new Value(itemType, raw[start..(int)reader.BytesConsumed], escaped: true).Text() is { } item
                )
                {
                    list.Add(item);
                }
            }
        }
        else
        {
            list = Split(Text());
        }

        return list;
    }

    /// <summary>The parts of a text between its commas, without blank ones.</summary>
    internal static List<string> Split(string? text) =>
        text is null ? [] : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>
    /// The value under a name; one that is nested further has its names joined by dots. A member that has the dots in its own name comes first. Of type None
    /// when there is none.
    /// </summary>
    internal Value Find(string name)
    {
        if (type != JsonTokenType.StartObject)
        {
            return default;
        }

        var found = Member(name);
        if (found.Type != JsonTokenType.None)
        {
            return found;
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? default : Member(name[..dot]).Find(name[(dot + 1)..]);
    }

    /// <summary>The sourcedIds it refers to: an object with sourcedId, a bare text, or a list of either, each once.</summary>
    internal void ReadReferences(List<RollbookId> into, IdScope scope) => ReadReferences(into, scope, wanted: null);

    /// <summary>The sourcedId of the reference that leads to a key; null when none does.</summary>
    internal string? SourcedIdOf(RollbookId key, IdScope scope) => ReadReferences([], scope, key);

    private string? ReadReferences(List<RollbookId> into, IdScope scope, RollbookId? wanted)
    {
        into.Clear();
        if (type is JsonTokenType.None or JsonTokenType.Null)
        {
            return null;
        }

        var reader = new Utf8JsonReader(raw);
        var isSourcedId = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                isSourcedId = reader.ValueTextEquals("sourcedId"u8);
                if (!isSourcedId)
                {
                    reader.Read();
                    reader.Skip();
                }

                continue;
            }

            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number && (isSourcedId || reader.CurrentDepth <= 1))
            {
                AddReference(ref reader, into, scope);
                if (wanted is { } key && into.Count > 0 && into[^1] == key)
                {
                    return TextOf(ref reader);
                }
            }

            isSourcedId = false;
        }

        return null;
    }

    /// <summary>The identifier of one type in a list of <c>{type, identifier}</c>; types are compared without case and punctuation.</summary>
    internal string? Identifier(string wanted)
    {
        var found = Identifiers(wanted);
        return found.Count == 0 ? null : found[0].Identifier;
    }

    /// <summary>The items of a list of <c>{type, identifier}</c> that have both; where one type is wanted, the first of that alone.</summary>
    internal List<(string Type, string Identifier)> Identifiers(string? wanted = null)
    {
        var found = new List<(string, string)>();
        if (type is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return found;
        }

        using var document = JsonDocument.Parse(raw.ToArray());
        var items = type == JsonTokenType.StartArray ? document.RootElement.EnumerateArray().ToList() : [document.RootElement];
        foreach (var item in items.Where(item => item.ValueKind == JsonValueKind.Object))
        {
            if (
                item.TryGetProperty("type", out var name)
                && name.ValueKind == JsonValueKind.String
                && (wanted is null || string.Equals(Letters(TextOf(name)), wanted, StringComparison.Ordinal))
                && item.TryGetProperty("identifier", out var identifier)
                && identifier.ValueKind is JsonValueKind.String or JsonValueKind.Number
                && Clean(TextOf(identifier)) is { } text
            )
            {
                found.Add((TextOf(name), text));
                if (wanted is not null)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Writes it as metadata: every member with a value as text, members of another shape as their JSON.</summary>
    internal void WriteMetadata(RowWriter row) => row.Metadata(Metadata());

    /// <summary>Its members as metadata, by name; null when it has none.</summary>
    internal SortedDictionary<string, string>? Metadata()
    {
        if (type != JsonTokenType.StartObject)
        {
            return null;
        }

        using var document = JsonDocument.Parse(raw.ToArray());
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            var text = member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                ? member.Value.GetRawText()
                : Clean(TextOf(member.Value));
            if (NameOf(member) is { } name && text is not null)
            {
                values[name] = text;
            }
        }

        return values;
    }

    private Value Member(string name)
    {
        if (type != JsonTokenType.StartObject)
        {
            return default;
        }

        var reader = new Utf8JsonReader(raw);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            var (itemType, start) = (reader.TokenType, (int)reader.TokenStartIndex);
            reader.Skip();
            if (isIt)
            {
                return new Value(itemType, raw[start..(int)reader.BytesConsumed], escaped: true);
            }
        }

        return default;
    }

    private static void AddReference(ref Utf8JsonReader reader, List<RollbookId> into, IdScope scope)
    {
        RollbookId id;
        if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
        {
            id = RollbookId.Derive(scope, TextOf(ref reader));
        }
        else if (reader.ValueSpan.IsEmpty)
        {
            return;
        }
        else
        {
            id = RollbookId.Derive(scope, reader.ValueSpan);
        }

        if (!into.Contains(id))
        {
            into.Add(id);
        }
    }

    /// <summary>The letters of a text in upper case, by which types of identifiers are compared.</summary>
    internal static string Letters(string text) => string.Concat(text.Where(char.IsAsciiLetter)).ToUpperInvariant();

    private static string Unescape(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return TextOf(ref reader);
    }

    /// <summary>The text of a string or a member's name, also of one that is not valid.</summary>
    internal static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair or bytes that are no UTF-8: keep what can be read.
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    internal static string TextOf(JsonElement value)
    {
        try
        {
            return value.ToString();
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText()[1..^1];
        }
    }

    internal static string? NameOf(JsonProperty member)
    {
        try
        {
            return Clean(member.Name);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    internal static string? Clean(string text)
    {
        if (text.Any(char.IsControl))
        {
            text = string.Concat(text.Select(letter => letter is '\t' or '\r' or '\n' ? ' ' : letter).Where(letter => !char.IsControl(letter)));
        }

        text = text.Trim();
        return text.Length == 0 ? null : text;
    }

    private static bool IsClean(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] is <= 0x20 or >= 0x7F || text[^1] is <= 0x20 or >= 0x7F || text.ContainsAnyInRange((byte)0, (byte)0x1F))
        {
            return false;
        }

        return !text.ContainsAnyInRange((byte)0x7F, (byte)0xFF) || (Utf8.IsValid(text) && text.IndexOf((byte)0xC2) < 0 && !text.Contains((byte)0x7F));
    }

    // YYYY-MM-DD, which is how nearly every date comes and how a row holds it.
    private static bool IsCanonicalDate(ReadOnlySpan<byte> text) =>
        text.Length == 10
        && text[4] == '-'
        && text[7] == '-'
        && Digits(text[..4]) is >= 1 and var year
        && Digits(text[5..7]) is >= 1 and <= 12 and var month
        && Digits(text[8..]) is >= 1 and var day
        && day <= DateTime.DaysInMonth(year, month);

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
