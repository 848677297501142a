using System.Buffers;

namespace Rollbook.Sources;

/// <summary>Takes the JSON of records side by side, in a buffer that becomes a batch's.</summary>
internal sealed class PooledJson : IBufferWriter<byte>, IDisposable
{
    private const int Size = 256 << 10;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Size);

    /// <summary>How much is in it; may be set back.</summary>
    public int Length { get; set; }

    /// <summary>What was written from a place on.</summary>
    public ReadOnlySpan<byte> From(int start) => buffer.AsSpan(start, Length - start);

    /// <summary>Hands the buffer over and begins another.</summary>
    public byte[] Take()
    {
        var taken = buffer;
        (buffer, Length) = (ArrayPool<byte>.Shared.Rent(Size), 0);
        return taken;
    }

    /// <inheritdoc/>
    public void Advance(int count) => Length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, Length) = ([], 0);
    }

    private void Reserve(int wanted)
    {
        var needed = Length + Math.Max(wanted, 256);
        if (needed <= buffer.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
        buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
