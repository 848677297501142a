using System.Buffers.Binary;
using Rollbook.Model;

namespace Rollbook.Sync.Read;

/// <summary>
/// The keys of one collection of an app's kept upload in memory: for each the hash of its raw record, its place and what became of it. About
/// 46 bytes an entry, since a district has tens of millions (architecture.md section 3).
/// </summary>
/// <remarks>
/// Entries lie in the order of coming, in chunks that are never moved, so that growing needs no room for everything twice and an entry's slot stays its own. A
/// table beside them finds a key. A source gives its records in much the same order every night, so the entry behind the last one found is
/// tried first, which spares most records the table.
/// </remarks>
public sealed class UploadIndex
{
    /// <summary>Bytes of an entry in a stored index.</summary>
    public const int EntrySize = 39;

    private const int ChunkBits = 12;
    private const int ChunkMask = (1 << ChunkBits) - 1;

    private readonly List<Entry[]> chunks = [];
    private KeyTable table = new(6);
    private int count;
    private int next;

    /// <summary>Entries that are not gone.</summary>
    public int Live { get; private set; }

    /// <summary>The slot of a key that is not gone; -1 when there is none.</summary>
    public int Find(RollbookId key)
    {
        var slot = Reach(key.Value);
        return slot < 0 || At(slot).Segment < 0 ? -1 : slot;
    }

    /// <summary>The raw record's hash.</summary>
    public UInt128 HashAt(int slot) => At(slot).Hash;

    /// <summary>The key.</summary>
    public RollbookId KeyAt(int slot) => new(At(slot).Key);

    /// <summary>Where the raw record lies.</summary>
    public Place PlaceAt(int slot) => At(slot).Place;

    /// <summary>What became of it.</summary>
    public Outcome OutcomeAt(int slot) => Outcome.FromByte(At(slot).Outcome);

    /// <summary>Whether the run has met it.</summary>
    public bool SeenAt(int slot) => At(slot).IsSeen;

    /// <summary>Whether the run has met a key, even if it is gone since.</summary>
    public bool WasMet(RollbookId key)
    {
        var slot = Reach(key.Value);
        return slot >= 0 && SeenAt(slot);
    }

    /// <summary>The kind in which the key's record is published; null when it is not.</summary>
    public Kind? PublishedKind(RollbookId key)
    {
        var slot = Find(key);
        return slot < 0 ? null : OutcomeAt(slot).Published;
    }

    /// <summary>Marks it as met by the run; false when it was already.</summary>
    public bool MarkSeen(int slot)
    {
        ref var entry = ref At(slot);
        var isNew = !entry.IsSeen;
        entry.IsSeen = true;
        return isNew;
    }

    /// <summary>Adds or replaces an entry and returns its slot.</summary>
    public int Set(RollbookId key, UInt128 hash, Place place, Outcome outcome)
    {
        var slot = Reach(key.Value);
        if (slot < 0)
        {
            slot = Add(key.Value);
        }

        ref var entry = ref At(slot);
        Live += (place.Segment >= 0 ? 1 : 0) - (entry.Segment >= 0 ? 1 : 0);
        entry.Hash = hash;
        entry.Place = place;
        entry.Outcome = outcome.ToByte();
        return slot;
    }

    /// <summary>Changes what became of a record.</summary>
    public void SetOutcome(int slot, Outcome outcome) => At(slot).Outcome = outcome.ToByte();

    /// <summary>Every slot that is not gone.</summary>
    public IEnumerable<int> Slots()
    {
        for (var slot = 0; slot < count; slot++)
        {
            if (At(slot).Segment >= 0)
            {
                yield return slot;
            }
        }
    }

    /// <summary>How many entries that are not gone the run has not met.</summary>
    public int CountUnseen() => Slots().Count(slot => !SeenAt(slot));

    /// <summary>Writes the entry of a key, gone or not, as it is stored.</summary>
    public void WriteEntry(RollbookId key, Span<byte> target)
    {
        ref var entry = ref At(Reach(key.Value));
        BinaryPrimitives.WriteUInt128BigEndian(target, key.Value);
        BinaryPrimitives.WriteUInt128BigEndian(target[16..], entry.Hash);
        BinaryPrimitives.WriteInt32BigEndian(target[32..], entry.Segment);
        BinaryPrimitives.WriteUInt16BigEndian(target[36..], entry.Place.Ordinal);
        target[38] = entry.Outcome;
    }

    /// <summary>Takes stored entries in; later calls win.</summary>
    public void Load(ReadOnlySpan<byte> entries)
    {
        for (; entries.Length >= EntrySize; entries = entries[EntrySize..])
        {
            Set(
                RollbookId.FromBytes(entries),
                BinaryPrimitives.ReadUInt128BigEndian(entries[16..]),
                new Place(BinaryPrimitives.ReadInt32BigEndian(entries[32..]), BinaryPrimitives.ReadUInt16BigEndian(entries[36..])),
                Outcome.FromByte(entries[38])
            );
        }
    }

    /// <summary>Reads one stored entry.</summary>
    internal static (RollbookId Key, Place Place, Outcome Outcome) ReadEntry(ReadOnlySpan<byte> entry) =>
        (
            RollbookId.FromBytes(entry),
            new Place(BinaryPrimitives.ReadInt32BigEndian(entry[32..]), BinaryPrimitives.ReadUInt16BigEndian(entry[36..])),
            Outcome.FromByte(entry[38])
        );

    private ref Entry At(int slot) => ref chunks[slot >> ChunkBits][slot & ChunkMask];

    /// <summary>The slot of a key, gone or not; -1 when there is none.</summary>
    private int Reach(UInt128 key)
    {
        if (next < count && At(next).Key == key)
        {
            return next++;
        }

        for (var position = table.First(key); table[position] != KeyTable.Free; position = table.After(position))
        {
            if (table.MayBe(position, key) && table.SlotAt(position) is var slot && At(slot).Key == key)
            {
                next = slot + 1;
                return slot;
            }
        }

        return -1;
    }

    private int Add(UInt128 key)
    {
        if (count == table.Capacity)
        {
            table = new KeyTable(table.Bits + 1);
            for (var slot = 0; slot < count; slot++)
            {
                table.Add(At(slot).Key, slot);
            }
        }

        if (count >> ChunkBits == chunks.Count)
        {
            chunks.Add(new Entry[1 << ChunkBits]);
        }

        At(count) = new Entry(key);
        table.Add(key, count);
        return count++;
    }

    /// <summary>Halves of 128-bit numbers instead of such numbers, whose alignment would make it 48 bytes and not 40.</summary>
    private struct Entry
    {
        private readonly ulong keyHigh;
        private readonly ulong keyLow;
        private ulong hashHigh;
        private ulong hashLow;
        private ushort ordinal;

        internal Entry(UInt128 key) => (keyHigh, keyLow, Segment) = ((ulong)(key >> 64), (ulong)key, -1);

        internal readonly UInt128 Key => new(keyHigh, keyLow);

        internal UInt128 Hash
        {
            readonly get => new(hashHigh, hashLow);
            set => (hashHigh, hashLow) = ((ulong)(value >> 64), (ulong)value);
        }

        internal int Segment { readonly get; private set; }

        internal Place Place
        {
            readonly get => new(Segment, ordinal);
            set => (Segment, ordinal) = (value.Segment, value.Ordinal);
        }

        internal byte Outcome { readonly get; set; }

        internal bool IsSeen { readonly get; set; }
    }
}
