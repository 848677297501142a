using System.Buffers;
using System.Buffers.Binary;
using ZstdSharp;

namespace Rollbook.Sync.Read;

/// <summary>
/// The data of a segment: the number of records, where each begins (and the last ends), then their JSON side by side; all of it one
/// Zstandard frame. A segment is small enough to be unpacked for a single record.
/// </summary>
internal static class SegmentFormat
{
    private const int MaxUnpacked = 64 << 20;

    /// <summary>The data before packing, in a buffer from <see cref="ArrayPool{T}.Shared"/>.</summary>
    internal static ArraySegment<byte> Join(List<int> ends, ReadOnlySpan<byte> json)
    {
        var header = 4 * (ends.Count + 1);
        var plain = new ArraySegment<byte>(ArrayPool<byte>.Shared.Rent(header + json.Length), 0, header + json.Length);
        var target = plain.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(target, ends.Count);
        for (var i = 0; i < ends.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target[(4 * (i + 1))..], ends[i]);
        }

        json.CopyTo(target[header..]);
        return plain;
    }

    /// <summary>Unpacks into a buffer from <see cref="ArrayPool{T}.Shared"/>: who reads many gives each back by disposing of it.</summary>
    internal static UnpackedSegment Unpack(byte[] data)
    {
        using var decompressor = new Decompressor();
        var size = Decompressor.GetDecompressedSize(data);
        if (size > MaxUnpacked)
        {
            throw new InvalidDataException("A segment of the kept upload is larger than any that was ever written.");
        }

        var plain = ArrayPool<byte>.Shared.Rent((int)size);
        decompressor.Unwrap(data, plain);
        return new UnpackedSegment(plain);
    }
}

/// <summary>The raw records of a segment; valid until it is disposed of, which gives its buffer back and need not be done.</summary>
internal sealed class UnpackedSegment(byte[] plain) : IDisposable
{
    private byte[]? plain = plain;

    internal int Count => BinaryPrimitives.ReadInt32LittleEndian(Plain);

    private byte[] Plain => plain ?? throw new ObjectDisposedException(nameof(UnpackedSegment));

    internal ReadOnlyMemory<byte> this[int ordinal]
    {
        get
        {
            var header = 4 * (Count + 1);
            var start = ordinal == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(Plain.AsSpan(4 * ordinal));
            var end = BinaryPrimitives.ReadInt32LittleEndian(Plain.AsSpan(4 * (ordinal + 1)));
            return Plain.AsMemory(header + start, end - start);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref plain, null) is { } pooled)
        {
            ArrayPool<byte>.Shared.Return(pooled);
        }
    }
}
