using Rollbook.Model;

namespace Rollbook.Sync.Read;

/// <summary>
/// Where the entries of keys are: an open-addressed table of 32-bit numbers, each a slot and, in the bits that the slot leaves free, some bits of the key,
/// so that an entry is seldom looked at in vain.
/// </summary>
internal sealed class KeyTable(int bits)
{
    /// <summary>What a position holds that no key has taken.</summary>
    internal const uint Free = 0;

    // At most three quarters of the positions are taken, so a slot and one always fits into as many bits.
    private readonly uint[] positions = new uint[1 << bits];
    private readonly uint slotMask = (1u << bits) - 1;

    /// <summary>The binary logarithm of its size.</summary>
    internal int Bits => bits;

    /// <summary>How many keys it takes.</summary>
    internal int Capacity => positions.Length / 4 * 3;

    internal uint this[int position] => positions[position];

    /// <summary>Where the search for a key begins; the first 48 bits of a Rollbook ID are hash bits (<see cref="RollbookId"/>).</summary>
    internal int First(UInt128 key) => (int)(key >> (128 - bits));

    internal int After(int position) => (position + 1) & (int)slotMask;

    /// <summary>Whether the key there may be this one.</summary>
    internal bool MayBe(int position, UInt128 key) => (positions[position] & ~slotMask) == ((uint)key & ~slotMask);

    internal int SlotAt(int position) => (int)(positions[position] & slotMask) - 1;

    /// <summary>Takes in a key that it does not have.</summary>
    internal void Add(UInt128 key, int slot)
    {
        var position = First(key);
        while (positions[position] != Free)
        {
            position = After(position);
        }

        positions[position] = ((uint)key & ~slotMask) | (uint)(slot + 1);
    }
}
