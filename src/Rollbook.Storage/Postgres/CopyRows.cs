using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using Rollbook.Model;
using Rollbook.Storage.Sql;

namespace Rollbook.Storage.Postgres;

/// <summary>
/// Rows in the format of <c>COPY … (FORMAT BINARY)</c> (PostgreSQL's manual, "COPY", "Binary Format"). A row's canonical bytes are already what
/// PostgreSQL wants for text, UUIDs and booleans, so most values are copied as they are.
/// </summary>
internal sealed class CopyRows(KindDefinition definition, int mark)
{
    /// <summary>How many bytes to collect before sending them.</summary>
    public const int Enough = 128 * 1024;

    private const int UuidType = 2950;
    private const int TextType = 25;

    // PostgreSQL counts days from 2000-01-01.
    private static readonly int Epoch = new DateOnly(2000, 1, 1).DayNumber;

    private readonly ArrayBufferWriter<byte> buffer = Started();

    /// <summary>The bytes collected.</summary>
    public ReadOnlyMemory<byte> Bytes => buffer.WrittenMemory;

    /// <summary>The number of rows so far.</summary>
    public long Count { get; private set; }

    /// <summary>Forgets the bytes, which have been sent.</summary>
    public void Clear() => buffer.ResetWrittenCount();

    /// <summary>Writes the end.</summary>
    public void End() => Short(-1);

    /// <summary>Adds a row of (id, mark, hash, attributes); a deletion is an ID alone.</summary>
    public void Add(in StagedChange change)
    {
        Count++;
        Short((short)(3 + definition.Attributes.Count));
        Int(16);
        change.Id.WriteTo(Take(16));
        Int(4);
        Int(mark);
        if (change.Operation == Operation.Delete)
        {
            for (var i = 0; i <= definition.Attributes.Count; i++)
            {
                Int(-1);
            }

            return;
        }

        Int(16);
        BinaryPrimitives.WriteUInt128BigEndian(Take(16), change.Row.Hash);
        var values = change.Row.Read();
        foreach (var attribute in definition.Attributes)
        {
            var value = values.Next(out var missing);
            if (missing)
            {
                Int(-1);
            }
            else
            {
                Value(attribute, value);
            }
        }
    }

    private static ArrayBufferWriter<byte> Started()
    {
        var started = new ArrayBufferWriter<byte>(Enough + 16_384);
        started.Write("PGCOPY\n"u8);
        // The rest of the signature; then flags and the length of an extension, both 0.
        started.Write<byte>([0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        return started;
    }

    private void Value(Model.Attribute attribute, ReadOnlySpan<byte> value)
    {
        switch (attribute.Type)
        {
            case AttributeType.Boolean or AttributeType.Reference:
                Bytes32(value);
                break;
            case AttributeType.Date:
                Int(4);
                Int(DayOf(attribute, value) - Epoch);
                break;
            case AttributeType.ReferenceList:
                ArrayHeader(value.Length / 16, UuidType, value.Length + (value.Length / 4));
                for (; !value.IsEmpty; value = value[16..])
                {
                    Bytes32(value[..16]);
                }

                break;
            case AttributeType.TextList:
                Texts(StorableText.Checked(attribute, value));
                break;
            default:
                Bytes32(StorableText.Checked(attribute, value));
                break;
        }
    }

    private static int DayOf(Model.Attribute attribute, ReadOnlySpan<byte> value) =>
        value.Length == 10
        && Utf8Parser.TryParse(value[..4], out int year, out _)
        && Utf8Parser.TryParse(value[5..7], out int month, out _)
        && Utf8Parser.TryParse(value[8..], out int day, out _)
            ? new DateOnly(year, month, day).DayNumber
            : throw new RefusedValueException($"A value of '{attribute.Name}' is not a date as YYYY-MM-DD. Nothing was published.");

    private void Texts(ReadOnlySpan<byte> list)
    {
        var (count, length) = (0, 0);
        for (var rest = list; !rest.IsEmpty; count++)
        {
            var text = (int)Varint.Read(ref rest);
            length += text + 4;
            rest = rest[text..];
        }

        ArrayHeader(count, TextType, length);
        while (!list.IsEmpty)
        {
            var text = (int)Varint.Read(ref list);
            Bytes32(list[..text]);
            list = list[text..];
        }
    }

    private void ArrayHeader(int count, int elementType, int length)
    {
        Int(20 + length);
        Int(1);
        Int(0);
        Int(elementType);
        Int(count);
        Int(1);
    }

    private void Bytes32(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        buffer.Write(value);
    }

    private void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    private void Short(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    private Span<byte> Take(int length)
    {
        var span = buffer.GetSpan(length)[..length];
        buffer.Advance(length);
        return span;
    }
}
