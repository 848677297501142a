using System.Buffers.Binary;
using Rollbook.Model;

namespace Rollbook.Sync.Read;

/// <summary>
/// The keys of one collection of an app's kept upload in memory: for each the hash of its raw record, its place and what became of it.
/// An open-addressed table in parallel arrays, 39 bytes an entry before slack, since a district has tens of millions (architecture.md section 3).
/// </summary>
public sealed class UploadIndex
{
    /// <summary>Bytes of an entry in a stored index.</summary>
    public const int EntrySize = 39;

    private const double FullAt = 0.85;

    private UInt128[] keys;
    private UInt128[] hashes;
    private int[] segments;
    private ushort[] ordinals;
    private byte[] outcomes;
    private ulong[] seen;
    private int used;

    /// <summary>Makes an empty index with room for so many entries.</summary>
    public UploadIndex(long expected = 0)
    {
        var size = (int)Math.Max(64, (expected / 0.75) + 64);
        keys = new UInt128[size];
        hashes = new UInt128[size];
        segments = new int[size];
        ordinals = new ushort[size];
        outcomes = new byte[size];
        seen = new ulong[(size / 64) + 1];
    }

    /// <summary>Entries that are not gone.</summary>
    public int Live { get; private set; }

    /// <summary>The slot of a key that is not gone; -1 when there is none.</summary>
    public int Find(RollbookId key)
    {
        var slot = Probe(key.Value);
        return keys[slot] == default || segments[slot] < 0 ? -1 : slot;
    }

    /// <summary>The raw record's hash.</summary>
    public UInt128 HashAt(int slot) => hashes[slot];

    /// <summary>The key.</summary>
    public RollbookId KeyAt(int slot) => new(keys[slot]);

    /// <summary>Where the raw record lies.</summary>
    public Place PlaceAt(int slot) => new(segments[slot], ordinals[slot]);

    /// <summary>What became of it.</summary>
    public Outcome OutcomeAt(int slot) => Outcome.FromByte(outcomes[slot]);

    /// <summary>Whether the run has met it.</summary>
    public bool SeenAt(int slot) => (seen[slot >> 6] & (1UL << slot)) != 0;

    /// <summary>Whether the run has met a key, even if it is gone since.</summary>
    public bool WasMet(RollbookId key)
    {
        var slot = Probe(key.Value);
        return keys[slot] != default && SeenAt(slot);
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
        ref var word = ref seen[slot >> 6];
        var bit = 1UL << slot;
        var isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    /// <summary>Adds or replaces an entry and returns its slot, which is valid until the next addition.</summary>
    public int Set(RollbookId key, UInt128 hash, Place place, Outcome outcome)
    {
        var slot = Probe(key.Value);
        if (keys[slot] == default)
        {
            if (used + 1 > keys.Length * FullAt)
            {
                Grow();
                slot = Probe(key.Value);
            }

            keys[slot] = key.Value;
            segments[slot] = -1;
            used++;
        }

        Live += (place.Segment >= 0 ? 1 : 0) - (segments[slot] >= 0 ? 1 : 0);
        hashes[slot] = hash;
        segments[slot] = place.Segment;
        ordinals[slot] = place.Ordinal;
        outcomes[slot] = outcome.ToByte();
        return slot;
    }

    /// <summary>Changes what became of a record.</summary>
    public void SetOutcome(int slot, Outcome outcome) => outcomes[slot] = outcome.ToByte();

    /// <summary>Every slot that is not gone.</summary>
    public IEnumerable<int> Slots()
    {
        for (var slot = 0; slot < keys.Length; slot++)
        {
            if (keys[slot] != default && segments[slot] >= 0)
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
        var slot = Probe(key.Value);
        BinaryPrimitives.WriteUInt128BigEndian(target, key.Value);
        BinaryPrimitives.WriteUInt128BigEndian(target[16..], hashes[slot]);
        BinaryPrimitives.WriteInt32BigEndian(target[32..], segments[slot]);
        BinaryPrimitives.WriteUInt16BigEndian(target[36..], ordinals[slot]);
        target[38] = outcomes[slot];
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
                Outcome.FromByte(entries[38]));
        }
    }

    private int Probe(UInt128 key)
    {
        // The top 48 bits of a Rollbook ID are hash bits, so a multiply spreads keys evenly over any size.
        var slot = (int)Math.BigMul((ulong)(key >> 64), (ulong)keys.Length, out _);
        while (keys[slot] != key && keys[slot] != default)
        {
            slot = slot + 1 == keys.Length ? 0 : slot + 1;
        }

        return slot;
    }

    private void Grow()
    {
        var (oldKeys, oldHashes, oldSegments, oldOrdinals, oldOutcomes, oldSeen) = (keys, hashes, segments, ordinals, outcomes, seen);
        var size = checked((int)(oldKeys.Length * 1.5) + 64);
        keys = new UInt128[size];
        hashes = new UInt128[size];
        segments = new int[size];
        ordinals = new ushort[size];
        outcomes = new byte[size];
        seen = new ulong[(size / 64) + 1];
        for (var i = 0; i < oldKeys.Length; i++)
        {
            if (oldKeys[i] == default)
            {
                continue;
            }

            var slot = Probe(oldKeys[i]);
            keys[slot] = oldKeys[i];
            hashes[slot] = oldHashes[i];
            segments[slot] = oldSegments[i];
            ordinals[slot] = oldOrdinals[i];
            outcomes[slot] = oldOutcomes[i];
            if ((oldSeen[i >> 6] & (1UL << i)) != 0)
            {
                MarkSeen(slot);
            }
        }
    }
}
