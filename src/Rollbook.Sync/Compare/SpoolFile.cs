using System.Buffers.Binary;
using Rollbook.Model;

namespace Rollbook.Sync.Compare;

/// <summary>An entry of a spool: a tag of the writer's, an ID and a row (which may be empty).</summary>
internal readonly record struct SpoolEntry(byte Tag, RollbookId Id, Row Row);

/// <summary>
/// Records on disk in the order of writing, of any number: what a run stages stays out of memory. Lives in the run's own folder, which goes with
/// the run.
/// </summary>
internal sealed class SpoolFile : IDisposable
{
    private const int HeaderSize = 22;

    private readonly FileStream file;
    private readonly byte[] header = new byte[HeaderSize];

    internal SpoolFile(string path, int bufferSize = 1 << 16)
    {
        file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize);
    }

    internal long Count { get; private set; }

    internal void Add(byte tag, RollbookId id, Row row)
    {
        header[0] = tag;
        header[1] = (byte)row.Kind;
        id.WriteTo(header.AsSpan(2));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(18), row.Bytes.Length);
        file.Write(header);
        file.Write(row.Bytes.Span);
        Count++;
    }

    /// <summary>The entries in the order of writing. An entry's row is valid until the next one is taken.</summary>
    internal IEnumerable<SpoolEntry> Read()
    {
        file.Flush();
        file.Position = 0;
        var head = new byte[HeaderSize];
        var body = new byte[4096];
        for (long i = 0; i < Count; i++)
        {
            file.ReadExactly(head);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(18));
            if (length > body.Length)
            {
                body = new byte[length * 2];
            }

            file.ReadExactly(body, 0, length);
            yield return new SpoolEntry(head[0], RollbookId.FromBytes(head.AsSpan(2)), new Row((Kind)head[1], body.AsMemory(0, length)));
        }
    }

    /// <summary>The bytes of all entries, in a buffer that is used again where it is large enough.</summary>
    internal ReadOnlyMemory<byte> ReadWhole(ref byte[] buffer)
    {
        file.Flush();
        file.Position = 0;
        var length = (int)file.Length;
        if (length > buffer.Length)
        {
            // Parts of a change set are much alike; the slack lets one buffer do for all.
            buffer = new byte[length + (length / 8)];
        }

        file.ReadExactly(buffer, 0, length);
        return buffer.AsMemory(0, length);
    }

    /// <summary>Reads the entry at the beginning of some bytes and says where the next one begins.</summary>
    internal static SpoolEntry Parse(ReadOnlyMemory<byte> bytes, out int next)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[18..]);
        next = HeaderSize + length;
        return new SpoolEntry(bytes.Span[0], RollbookId.FromBytes(bytes.Span[2..]), new Row((Kind)bytes.Span[1], bytes.Slice(HeaderSize, length)));
    }

    public void Dispose()
    {
        var path = file.Name;
        file.Dispose();
        File.Delete(path);
    }
}
