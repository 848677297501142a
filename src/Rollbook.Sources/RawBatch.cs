using System.Buffers;
using Rollbook.Model;

namespace Rollbook.Sources;

/// <summary>
/// Some raw records of one collection: UTF-8 JSON objects with OneRoster 1.1's property names, whatever the source speaks, side by side in one
/// buffer. Not safe for several threads at once; may be handed from one to another.
/// </summary>
public sealed class RawBatch : IDisposable
{
    private readonly RawRecord[]? pooledRecords;
    private byte[]? buffer;

    /// <summary>Takes over a buffer from <see cref="ArrayPool{T}.Shared"/>; <see cref="Dispose"/> gives it back.</summary>
    public RawBatch(byte[] pooled, ArraySegment<RawRecord> records)
    {
        buffer = pooled;
        Records = records;
    }

    /// <summary>Takes over both buffers from their shared pools, the records being the first <paramref name="count"/>; <see cref="Dispose"/> gives them back.</summary>
    public RawBatch(byte[] pooled, RawRecord[] pooledRecords, int count)
        : this(pooled, new ArraySegment<RawRecord>(pooledRecords, 0, count))
    {
        this.pooledRecords = pooledRecords;
    }

    /// <summary>The records; valid until the batch is disposed of.</summary>
    public ArraySegment<RawRecord> Records { get; }

    /// <summary>A record's JSON object; valid until the batch is disposed of.</summary>
    public ReadOnlyMemory<byte> Json(RawRecord record) =>
        (buffer ?? throw new ObjectDisposedException(nameof(RawBatch))).AsMemory(record.Start, record.Length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, null) is { } pooled)
        {
            ArrayPool<byte>.Shared.Return(pooled);
            if (pooledRecords is not null)
            {
                ArrayPool<RawRecord>.Shared.Return(pooledRecords);
            }
        }
    }
}

/// <summary>A raw record's place in its batch and what is known of it without mapping it.</summary>
/// <param name="Key">The Rollbook ID that district, source, family and prefixed SIS ID give.</param>
/// <param name="Hash">XxHash128 of the JSON object's bytes.</param>
/// <param name="Start">Where its JSON begins.</param>
/// <param name="Length">The length of its JSON in bytes.</param>
/// <param name="Deleted">Whether the source marks it deleted (status <c>tobedeleted</c>, or the old <c>inactive</c>).</param>
public readonly record struct RawRecord(RollbookId Key, UInt128 Hash, int Start, int Length, bool Deleted);
