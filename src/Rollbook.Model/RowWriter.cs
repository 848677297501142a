using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Rollbook.Model;

/// <summary>
/// Writes the canonical bytes of a <see cref="Row"/>, attribute by attribute in the kind's order. Reused from record to record;
/// not safe for several threads.
/// </summary>
public sealed class RowWriter
{
    private byte[] buffer = new byte[1024];
    private int length;

    /// <summary>The bytes so far; valid until the next <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    /// <summary>Starts a new record.</summary>
    public void Clear() => length = 0;

    /// <summary>The next attribute has no value.</summary>
    public void Missing() => Reserve(1)[length++] = 0;

    /// <summary>The next attribute's bytes as they are; empty text is a missing value.</summary>
    public void Value(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            Missing();
            return;
        }

        var target = Reserve(bytes.Length + 5);
        length += Varint.Write(target.AsSpan(length), (uint)bytes.Length + 1);
        bytes.CopyTo(target.AsSpan(length));
        length += bytes.Length;
    }

    /// <summary>Text; null and empty are missing.</summary>
    public void Text(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            Missing();
            return;
        }

        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        Value(rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>A date; null is missing.</summary>
    public void Date(DateOnly? value)
    {
        if (value is not { } date)
        {
            Missing();
            return;
        }

        Span<byte> text = stackalloc byte[10];
        date.TryFormat(text, out _, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Value(text);
    }

    /// <summary>True or false; null is missing.</summary>
    public void Boolean(bool? value)
    {
        if (value is { } flag)
        {
            Value([flag ? (byte)1 : (byte)0]);
        }
        else
        {
            Missing();
        }
    }

    /// <summary>A reference; null is missing.</summary>
    public void Reference(RollbookId? value)
    {
        if (value is not { } id)
        {
            Missing();
            return;
        }

        Span<byte> bytes = stackalloc byte[16];
        id.WriteTo(bytes);
        Value(bytes);
    }

    /// <summary>A list of references; empty is missing.</summary>
    public void References(ReadOnlySpan<RollbookId> values)
    {
        Span<byte> bytes = values.Length <= 32 ? stackalloc byte[512] : new byte[values.Length * 16];
        for (var i = 0; i < values.Length; i++)
        {
            values[i].WriteTo(bytes[(i * 16)..]);
        }

        Value(bytes[..(values.Length * 16)]);
    }

    /// <summary>A list of texts; empty is missing.</summary>
    public void Texts(IReadOnlyList<string>? values)
    {
        if (values is null || values.Count == 0)
        {
            Missing();
            return;
        }

        var list = new ArrayBufferWriter<byte>();
        foreach (var value in values)
        {
            AppendText(list, Encoding.UTF8.GetBytes(value));
        }

        Value(list.WrittenSpan);
    }

    /// <summary>Adds one text to the bytes of a list of texts, which <see cref="Value"/> then takes.</summary>
    public static void AppendText(IBufferWriter<byte> list, ReadOnlySpan<byte> text)
    {
        var target = list.GetSpan(text.Length + 5);
        var size = Varint.Write(target, (uint)text.Length);
        text.CopyTo(target[size..]);
        list.Advance(size + text.Length);
    }

    /// <summary>Metadata; null and empty are missing.</summary>
    public void Metadata(IReadOnlyDictionary<string, string>? values)
    {
        if (values is null || values.Count == 0)
        {
            Missing();
            return;
        }

        Value(
            JsonSerializer.SerializeToUtf8Bytes(
                new SortedDictionary<string, string>(values.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal)
            )
        );
    }

    /// <summary>The written values as a row of <paramref name="kind"/>; valid until the next <see cref="Clear"/>.</summary>
    public Row ToRow(Kind kind) => new(kind, Written);

    private byte[] Reserve(int more)
    {
        if (length + more > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
        }

        return buffer;
    }
}
