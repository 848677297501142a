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

    /// <summary>It is part of another record: demographics of a user.</summary>
    Part = 3,
}

/// <summary>What became of a raw record, in one byte of the index.</summary>
/// <param name="State">Its state.</param>
/// <param name="Kind">The kind it is or would be.</param>
/// <param name="Unresolved">Whether it has references that lead nowhere, remembered in the store.</param>
public readonly record struct Outcome(OutcomeState State, Kind Kind, bool Unresolved)
{
    /// <summary>The kind in which it is published; null when it is not.</summary>
    public Kind? Published => State == OutcomeState.Published ? Kind : null;

    internal byte ToByte() => (byte)((int)Kind | ((int)State << 4) | (Unresolved ? 0x40 : 0));

    internal static Outcome FromByte(byte bits) => new((OutcomeState)((bits >> 4) & 3), (Kind)(bits & 15), (bits & 0x40) != 0);
}

/// <summary>Where a raw record lies in the kept upload.</summary>
/// <param name="Segment">The segment's number; -1 for a record that is gone.</param>
/// <param name="Ordinal">Its position in the segment.</param>
public readonly record struct Place(int Segment, ushort Ordinal)
{
    /// <summary>Nowhere.</summary>
    public static Place Gone { get; } = new(-1, 0);
}
