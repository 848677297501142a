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

    /// <summary>A school in the roster that the source no longer has: it stays as long as its mapping does.</summary>
    Retained = 6,

    /// <summary>A school in the roster only because another app's mapping leads to it; what this app has of it is left out.</summary>
    Lent = 7,
}

/// <summary>What became of a raw record, in one byte of the index.</summary>
/// <param name="State">Its state.</param>
/// <param name="Kind">The kind it is or would be.</param>
/// <param name="Unresolved">Whether it has references that lead nowhere, remembered in the store.</param>
public readonly record struct Outcome(OutcomeState State, Kind Kind, bool Unresolved)
{
    /// <summary>The kind in which it is published; null when it is not.</summary>
    public Kind? Published => State is OutcomeState.Published or OutcomeState.Retained or OutcomeState.Lent ? Kind : null;

    // The state's lowest two bits and its highest, which came later, lie on either side of the flag.
    internal byte ToByte() => (byte)((int)Kind | (((int)State & 3) << 4) | (Unresolved ? 0x40 : 0) | (((int)State & 4) << 5));

    internal static Outcome FromByte(byte bits) => new((OutcomeState)(((bits >> 4) & 3) | ((bits >> 5) & 4)), (Kind)(bits & 15), (bits & 0x40) != 0);
}

/// <summary>Where a raw record lies in the kept upload.</summary>
/// <param name="Segment">The segment's number; -1 for a record that is gone.</param>
/// <param name="Ordinal">Its position in the segment.</param>
public readonly record struct Place(int Segment, ushort Ordinal)
{
    /// <summary>Nowhere.</summary>
    public static Place Gone { get; } = new(-1, 0);
}
