using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// A set of keys at 8 bytes a slot, for collections of ten million records. It keeps the lower half of a key, which is well mixed: among 10M
/// records two share it once in 370,000 reads, and all that follows is a collection read twice.
/// </summary>
internal sealed class KeySet
{
    private ulong[] slots = new ulong[1024];
    private int count;

    /// <summary>Adds a key; false when it was there.</summary>
    public bool Add(RollbookId key)
    {
        if (count * 4L >= slots.Length * 3L)
        {
            Grow();
        }

        // Zero marks an empty slot.
        var half = Math.Max((ulong)key.Value, 1);
        if (!Put(slots, half))
        {
            return false;
        }

        count++;
        return true;
    }

    /// <summary>Takes out of a page what is in the set, and adds the rest.</summary>
    public void DropSeen(Page page) => page.Drop(key => !Add(key));

    /// <summary>Whether a key was added.</summary>
    public bool Contains(RollbookId key)
    {
        var half = Math.Max((ulong)key.Value, 1);
        var mask = (ulong)slots.Length - 1;
        for (var at = half & mask; slots[at] != 0; at = (at + 1) & mask)
        {
            if (slots[at] == half)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Put(ulong[] slots, ulong half)
    {
        var mask = (ulong)slots.Length - 1;
        for (var at = half & mask; ; at = (at + 1) & mask)
        {
            if (slots[at] == half)
            {
                return false;
            }

            if (slots[at] == 0)
            {
                slots[at] = half;
                return true;
            }
        }
    }

    private void Grow()
    {
        var larger = new ulong[slots.Length * 2];
        foreach (var half in slots)
        {
            if (half != 0)
            {
                Put(larger, half);
            }
        }

        slots = larger;
    }
}
