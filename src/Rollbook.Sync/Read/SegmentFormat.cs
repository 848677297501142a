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

    internal static UnpackedSegment Unpack(byte[] data)
    {
        using var decompressor = new Decompressor();
        return new UnpackedSegment(decompressor.Unwrap(data, MaxUnpacked).ToArray());
    }
}

/// <summary>The raw records of a segment.</summary>
internal sealed class UnpackedSegment(byte[] plain)
{
    internal int Count => BinaryPrimitives.ReadInt32LittleEndian(plain);

    internal ReadOnlyMemory<byte> this[int ordinal]
    {
        get
        {
            var header = 4 * (Count + 1);
            var start = ordinal == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(plain.AsSpan(4 * ordinal));
            var end = BinaryPrimitives.ReadInt32LittleEndian(plain.AsSpan(4 * (ordinal + 1)));
            return plain.AsMemory(header + start, end - start);
        }
    }
}
