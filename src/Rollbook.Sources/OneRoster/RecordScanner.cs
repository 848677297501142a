using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// Finds the records of a page in one pass of <see cref="Utf8JsonReader"/>: each one's place, sourcedId, status and hash. Nothing is
/// deserialised, and nothing is allocated for a record. <c>origin</c> is where the JSON begins in the page's buffer.
/// </summary>
internal ref struct RecordScanner(ReadOnlySpan<byte> json, ReadOnlySpan<byte> key, IdScope scope, Page page, int origin)
{
    private readonly ReadOnlySpan<byte> json = json;
    private readonly ReadOnlySpan<byte> key = key;
    private ReadOnlySpan<byte> previousId;

    /// <summary>Fills the page.</summary>
    /// <exception cref="JsonException">The body is no whole JSON document.</exception>
    /// <exception cref="RequestFailure">It is one, and holds an error or no records.</exception>
    public void Scan()
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType is JsonTokenType.StartArray)
        {
            Records(ref reader, 0);
        }
        else if (reader.TokenType is JsonTokenType.StartObject)
        {
            Wrapper(ref reader);
        }
        else
        {
            throw Page.NoRecords();
        }

        // Anything but white space after the document makes this throw.
        reader.Read();
        page.LastId = previousId.ToArray();
    }

    private void Wrapper(ref Utf8JsonReader reader)
    {
        var found = false;
        var (others, start, length) = (0, 0, 0);
        var status = default(StatusInfo);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (!found && reader.ValueTextEquals(key))
            {
                reader.Read();
                found = Take(ref reader);
            }
            else if (StatusInfo.IsCarrier(ref reader))
            {
                status.Read(ref reader);
            }
            else
            {
                reader.Read();
                var at = (int)reader.TokenStartIndex;
                var isArray = reader.TokenType is JsonTokenType.StartArray;
                reader.Skip();
                if (isArray)
                {
                    (others, start, length) = (others + 1, at, (int)reader.BytesConsumed - at);
                }
            }
        }

        status.ThrowIfFailure();
        page.SortWasRefused = status.Minor is "invalidsortfield";
        if (!found && others == 1)
        {
            // Real servers wrap users as "students" now and then: the only array it is (section 2.1).
            var other = new Utf8JsonReader(json.Slice(start, length));
            other.Read();
            Records(ref other, start);
            found = true;
        }

        if (!found)
        {
            throw Page.NoRecords();
        }
    }

    private bool Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                Records(ref reader, 0);
                return true;
            case JsonTokenType.StartObject:
                Record(ref reader, 0);
                return true;
            case JsonTokenType.Null:
                return true;
            default:
                return false;
        }
    }

    private void Records(ref Utf8JsonReader reader, int within)
    {
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject)
            {
                Record(ref reader, within);
            }
            else
            {
                var start = within + (int)reader.TokenStartIndex;
                reader.Skip();
                page.Reject("it is not an object", XxHash128.HashToUInt128(json[start..(within + (int)reader.BytesConsumed)]));
            }
        }
    }

    private void Record(ref Utf8JsonReader reader, int within)
    {
        var start = within + (int)reader.TokenStartIndex;
        ReadOnlySpan<byte> id = default;
        var deleted = false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            // Almost every name is another one, and the length alone tells.
            var length = reader.ValueSpan.Length;
            if ((length == "sourcedId".Length || reader.ValueIsEscaped) && reader.ValueTextEquals("sourcedId"u8))
            {
                reader.Read();
                id = Id(ref reader, within);
            }
            else if ((length == "status".Length || reader.ValueIsEscaped) && reader.ValueTextEquals("status"u8))
            {
                reader.Read();
                deleted = reader.TokenType is JsonTokenType.String && IsDeleted(reader.ValueSpan);
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        var record = json[start..(within + (int)reader.BytesConsumed)];
        if (id.IsEmpty)
        {
            page.Reject("it has no sourcedId that is text", XxHash128.HashToUInt128(record));
            return;
        }

        page.Ascending &= previousId.IsEmpty || previousId.SequenceCompareTo(id) < 0;
        previousId = id;
        if (page.Count == 0)
        {
            page.FirstId = id.ToArray();
        }

        page.Add(new RawRecord(RollbookId.Derive(scope, id), XxHash128.HashToUInt128(record), origin + start, record.Length, deleted));
    }

    private readonly ReadOnlySpan<byte> Id(scoped ref Utf8JsonReader reader, int within)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String when reader.ValueIsEscaped:
                return Unescape(ref reader);
            case JsonTokenType.String:
                var id = json.Slice(within + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                return Utf8.IsValid(id) ? id : default;
            case JsonTokenType.Number:
                return json.Slice(within + (int)reader.TokenStartIndex, reader.ValueSpan.Length);
            default:
                reader.Skip();
                return default;
        }
    }

    private static ReadOnlySpan<byte> Unescape(scoped ref Utf8JsonReader reader)
    {
        try
        {
            // No database can store a zero in a text.
            var id = Encoding.UTF8.GetBytes(reader.GetString()!);
            return id.AsSpan().Contains((byte)0) ? default : id;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no text, so no ID.
            return default;
        }
    }

    private static bool IsDeleted(ReadOnlySpan<byte> status) =>
        Ascii.EqualsIgnoreCase(status, "tobedeleted"u8) || Ascii.EqualsIgnoreCase(status, "inactive"u8);
}
