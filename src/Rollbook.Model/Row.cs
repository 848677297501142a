using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Rollbook.Model;

/// <summary>
/// The values of one record in canonical bytes: for each attribute of its kind, in order, a length (0 for a missing value,
/// else the number of bytes + 1, as a LEB128 varint) and the bytes. Two records have the same values exactly when their bytes are equal,
/// which makes comparing, hashing, spooling and loading cheap.
/// </summary>
/// <remarks>
/// Bytes by type: text UTF-8; date <c>YYYY-MM-DD</c>; boolean one byte, 0 or 1; reference 16 bytes; list of references 16 bytes each;
/// list of texts each with its own varint length; metadata a JSON object with names in ordinal order.
/// </remarks>
/// <param name="Kind">The kind whose attributes the values are.</param>
/// <param name="Bytes">The canonical bytes.</param>
public readonly record struct Row(Kind Kind, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The 128-bit hash of the values (XxHash128), by which unchanged records are known.</summary>
    public UInt128 Hash => XxHash128.HashToUInt128(Bytes.Span);

    /// <summary>Walks over the values.</summary>
    public RowReader Read() => new(Bytes.Span);

    /// <summary>The bytes of an attribute's value; empty with <paramref name="missing"/> true when there is none.</summary>
    public ReadOnlySpan<byte> Get(Attribute attribute, out bool missing)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        var reader = Read();
        for (var i = 0; i < attribute.Index; i++)
        {
            reader.Next(out _);
        }

        return reader.Next(out missing);
    }

    /// <summary>
    /// An attribute's value as a .NET object: string, <see cref="DateOnly"/>, bool, <see cref="RollbookId"/>, an array of strings or of
    /// <see cref="RollbookId"/>, or a sorted dictionary of texts for metadata; null when missing.
    /// </summary>
    public object? this[Attribute attribute]
    {
        get
        {
            var bytes = Get(attribute, out var missing);
            return missing ? null : Decode(attribute.Type, bytes);
        }
    }

    /// <summary>The value of the attribute of this name, as the other indexer gives it.</summary>
    public object? this[string name] => this[Kinds.Of(Kind)[name]];

    /// <summary>The SIS ID, prefix included.</summary>
    public string SisId => this["sisId"] as string ?? "";

    private static object Decode(AttributeType type, ReadOnlySpan<byte> bytes) =>
        type switch
        {
            AttributeType.Text => Encoding.UTF8.GetString(bytes),
            AttributeType.Date => DateOnly.ParseExact(Encoding.ASCII.GetString(bytes), "yyyy-MM-dd", CultureInfo.InvariantCulture),
            AttributeType.Boolean => bytes[0] != 0,
            AttributeType.Reference => RollbookId.FromBytes(bytes),
            AttributeType.ReferenceList => RowReader.Ids(bytes),
            AttributeType.TextList => RowReader.Texts(bytes),
            AttributeType.Metadata => new SortedDictionary<string, string>(
                JsonSerializer.Deserialize<Dictionary<string, string>>(bytes)!,
                StringComparer.Ordinal
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an attribute type."),
        };

    /// <summary>Whether the values are the same.</summary>
    public bool Equals(Row other) => Kind == other.Kind && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((int)(ulong)Hash);

    /// <summary>A copy that owns its bytes.</summary>
    public Row Copy() => new(Kind, Bytes.ToArray());
}

/// <summary>Walks over the values of a row without allocating.</summary>
public ref struct RowReader
{
    private ReadOnlySpan<byte> rest;

    /// <summary>Starts at the first attribute.</summary>
    public RowReader(ReadOnlySpan<byte> bytes) => rest = bytes;

    /// <summary>Whether all values were read.</summary>
    public readonly bool IsAtEnd => rest.IsEmpty;

    /// <summary>The next attribute's bytes; <paramref name="missing"/> is true when it has no value.</summary>
    public ReadOnlySpan<byte> Next(out bool missing)
    {
        var header = Varint.Read(ref rest);
        missing = header == 0;
        if (missing)
        {
            return default;
        }

        var value = rest[..(int)(header - 1)];
        rest = rest[value.Length..];
        return value;
    }

    /// <summary>The texts of a list of texts.</summary>
    public static string[] Texts(ReadOnlySpan<byte> bytes)
    {
        var texts = new List<string>(2);
        while (!bytes.IsEmpty)
        {
            var length = (int)Varint.Read(ref bytes);
            texts.Add(Encoding.UTF8.GetString(bytes[..length]));
            bytes = bytes[length..];
        }

        return [.. texts];
    }

    /// <summary>The Rollbook IDs of a list of references.</summary>
    public static RollbookId[] Ids(ReadOnlySpan<byte> bytes)
    {
        var ids = new RollbookId[bytes.Length / 16];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = RollbookId.FromBytes(bytes.Slice(i * 16, 16));
        }

        return ids;
    }
}

/// <summary>Unsigned LEB128 integers.</summary>
public static class Varint
{
    /// <summary>Reads one and moves <paramref name="bytes"/> behind it.</summary>
    public static uint Read(ref ReadOnlySpan<byte> bytes)
    {
        uint value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>Writes one and returns the number of bytes (at most 5).</summary>
    public static int Write(Span<byte> target, uint value)
    {
        var i = 0;
        while (value >= 0x80)
        {
            target[i++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[i++] = (byte)value;
        return i;
    }
}
