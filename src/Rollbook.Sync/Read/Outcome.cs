using Rollbook.Model;

namespace Rollbook.Sync.Read;

/// <summary>What became of a raw record.</summary>
/// <remarks>The numbers are stored in the index of the kept upload.</remarks>
public enum OutcomeState
{
    /// <summary>It is in the roster.</summary>
    Published = 0,

    /// <summary>It lacks something that it can't stand without: a class without its course.</summary>
    Withheld = 1,

    /// <summary>It is not valid: a user without a role that Rollbook knows.</summary>
    Rejected = 2,

    /// <summary>It is part of another record: demographics of a user, a school that Schools Mapping made part of another.</summary>
    Part = 3,

    /// <summary>Schools Mapping leaves it out: a school that is not mapped, or a record of such schools only.</summary>
    Unmapped = 4,

    /// <summary>An organisation above the schools that is not mapped. What refers to it may stand without it.</summary>
    UnmappedOrganisation = 5,

    /// <summary>A school in the roster that the source no longer has: it stays as long as its mapping does, or as other apps' records are at it.</summary>
    Retained = 6,

    /// <summary>A school in the roster only because another app's mapping leads to it or its records are at it; what this app has of it is left out.</summary>
    Lent = 7,

    /// <summary>Data Requirements leave it out for want of a value.</summary>
    Skipped = 8,

    /// <summary>No Filter Rule lets it pass, or what it follows.</summary>
    Filtered = 9,
}

/// <summary>What became of a raw record, in one byte of the index.</summary>
/// <param name="State">Its state.</param>
/// <param name="Kind">The kind it is or would be.</param>
/// <param name="Unresolved">Whether it has references that lead nowhere, remembered in the store.</param>
public readonly record struct Outcome(OutcomeState State, Kind Kind, bool Unresolved)
{
    /// <summary>The kind in which it is published; null when it is not.</summary>
    public Kind? Published => State is OutcomeState.Published or OutcomeState.Retained or OutcomeState.Lent ? Kind : null;

    // The first eight states: the kind in the lowest four bits; the state's lowest two bits and its highest, which came later, lie on either side of the flag.
    // Those that came later still take the numbers from 12, which are no kinds: the state and the kind's highest bit in the lowest two, the kind's other bits
    // where the state was.
    private const int Later = 12;
    private const OutcomeState FirstLater = OutcomeState.Skipped;

    internal byte ToByte() =>
        State < FirstLater
            ? Pack((int)Kind, (int)State, Unresolved)
            : Pack(Later | (State - FirstLater) | ((int)Kind >> 3 << 1), (int)Kind & 7, Unresolved);

    internal static Outcome FromByte(byte bits)
    {
        var (low, high, unresolved) = (bits & 15, ((bits >> 4) & 3) | ((bits >> 5) & 4), (bits & 0x40) != 0);
        return low < Later
            ? new Outcome((OutcomeState)high, (Kind)low, unresolved)
            : new Outcome(FirstLater + (low & 1), (Kind)((low & 2) << 2 | high), unresolved);
    }

    private static byte Pack(int low, int high, bool unresolved) => (byte)(low | ((high & 3) << 4) | (unresolved ? 0x40 : 0) | ((high & 4) << 5));
}

/// <summary>Where a raw record lies in the kept upload.</summary>
/// <param name="Segment">The segment's number; -1 for a record that is gone.</param>
/// <param name="Ordinal">Its position in the segment.</param>
public readonly record struct Place(int Segment, ushort Ordinal)
{
    /// <summary>Nowhere.</summary>
    public static Place Gone { get; } = new(-1, 0);
}
