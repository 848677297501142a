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

    /// <summary>All entries by ID, in memory; for files of moderate size. The rows share one buffer and stay valid.</summary>
    internal List<SpoolEntry> ReadSorted()
    {
        file.Flush();
        file.Position = 0;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var entries = new List<SpoolEntry>((int)Count);
        for (var at = 0; at < bytes.Length; )
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 18));
            var row = new Row((Kind)bytes[at + 1], bytes.AsMemory(at + HeaderSize, length));
            entries.Add(new SpoolEntry(bytes[at], RollbookId.FromBytes(bytes.AsSpan(at + 2)), row));
            at += HeaderSize + length;
        }

        entries.Sort((left, right) => left.Id.CompareTo(right.Id));
        return entries;
    }

    public void Dispose()
    {
        var path = file.Name;
        file.Dispose();
        File.Delete(path);
    }
}
