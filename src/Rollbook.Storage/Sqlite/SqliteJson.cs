using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rollbook.Model;

namespace Rollbook.Storage.Sqlite;

/// <summary>Lists between a row's canonical bytes and the JSON in a column.</summary>
internal sealed class SqliteJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;

    public SqliteJson() =>
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>A list of texts as a JSON array; valid until the next call.</summary>
    public ReadOnlySpan<byte> Texts(ReadOnlySpan<byte> list)
    {
        Start();
        while (!list.IsEmpty)
        {
            var length = (int)Varint.Read(ref list);
            json.WriteStringValue(list[..length]);
            list = list[length..];
        }

        return End();
    }

    /// <summary>A list of references as a JSON array of UUIDs; valid until the next call.</summary>
    public ReadOnlySpan<byte> Ids(ReadOnlySpan<byte> list)
    {
        Start();
        for (; !list.IsEmpty; list = list[16..])
        {
            json.WriteStringValue(new Guid(list[..16], bigEndian: true));
        }

        return End();
    }

    /// <summary>Reads what <see cref="Texts"/> wrote.</summary>
    public static void ReadTexts(ReadOnlySpan<byte> json, RowWriter writer)
    {
        var list = new ArrayBufferWriter<byte>(json.Length);
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                continue;
            }

            if (!reader.ValueIsEscaped)
            {
                RowWriter.AppendText(list, reader.ValueSpan);
                continue;
            }

            var unescaped = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
            RowWriter.AppendText(list, unescaped.AsSpan(0, reader.CopyString(unescaped)));
            ArrayPool<byte>.Shared.Return(unescaped);
        }

        writer.Value(list.WrittenSpan);
    }

    /// <summary>Reads what <see cref="Ids"/> wrote.</summary>
    public static void ReadIds(ReadOnlySpan<byte> json, RowWriter writer)
    {
        var count = CountOf(json);
        Span<byte> list = count <= 32 ? stackalloc byte[512] : new byte[count * 16];
        for (var i = 0; i < count; i++)
        {
            IdAt(json, i).TryWriteBytes(list[(i * 16)..], bigEndian: true, out _);
        }

        writer.Value(list[..(count * 16)]);
    }

    /// <summary>Whether a list of references has any of some IDs.</summary>
    public static bool HasAny(ReadOnlySpan<byte> json, HashSet<RollbookId> ids)
    {
        for (var i = CountOf(json) - 1; i >= 0; i--)
        {
            if (ids.Contains(RollbookId.FromGuid(IdAt(json, i))))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    // ["<36 characters>","…"]: 39 bytes an ID, and one more bracket.
    private static int CountOf(ReadOnlySpan<byte> json) => json.Length / 39;

    private static Guid IdAt(ReadOnlySpan<byte> json, int index) =>
        Utf8Parser.TryParse(json.Slice((index * 39) + 2, 36), out Guid id, out _, 'D')
            ? id
            : throw new FormatException("A list of references in the database is not an array of UUIDs.");

    private void Start()
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartArray();
    }

    private ReadOnlySpan<byte> End()
    {
        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan;
    }
}
