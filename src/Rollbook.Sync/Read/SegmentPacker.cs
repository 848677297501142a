using System.Buffers;
using ZstdSharp;

namespace Rollbook.Sync.Read;

/// <summary>Packs segments, one after the other, in buffers that are used again.</summary>
internal sealed class SegmentPacker : IDisposable
{
    // Fast rather than small: a first import packs everything a district has.
    private readonly Compressor compressor = new(level: 1);
    private byte[] target = [];

    /// <summary>Packs what <see cref="SegmentFormat.Join"/> made, and gives its buffer back.</summary>
    internal byte[] Pack(ArraySegment<byte> plain)
    {
        var most = Compressor.GetCompressBound(plain.Count);
        if (target.Length < most)
        {
            target = new byte[most];
        }

        var length = compressor.Wrap(plain.AsSpan(), target);
        ArrayPool<byte>.Shared.Return(plain.Array!);
        return target[..length];
    }

    public void Dispose() => compressor.Dispose();
}
