namespace Rollbook.Model;

/// <summary>What happens to a record from one version of the roster to the next.</summary>
/// <remarks>The numbers are stored: add at the end, never renumber.</remarks>
public enum Operation
{
    /// <summary>The record is new.</summary>
    Create = 0,

    /// <summary>Some of its values differ.</summary>
    Update = 1,

    /// <summary>The record is gone.</summary>
    Delete = 2,

    /// <summary>The same person under a new source ID (sync-safety.md section 2).</summary>
    Rekey = 3,
}

/// <summary>One record's change as a run stages it.</summary>
/// <param name="Operation">What happens.</param>
/// <param name="Kind">The record's kind.</param>
/// <param name="Id">The record.</param>
/// <param name="Row">The new values; for a deletion an empty row.</param>
/// <param name="Consequence">True when the record goes or changes because another one did: an enrollment whose student left.</param>
public readonly record struct StagedChange(Operation Operation, Kind Kind, RollbookId Id, Row Row, bool Consequence);

/// <summary>How many records of a kind were touched.</summary>
/// <param name="Create">New records.</param>
/// <param name="Update">Records with other values.</param>
/// <param name="Delete">Records that went.</param>
/// <param name="Rekey">Records under a new source ID.</param>
/// <param name="Unchanged">Records that stayed as they were.</param>
/// <param name="Consequences">How many of these are consequences of other changes.</param>
public sealed record ChangeCounts(long Create = 0, long Update = 0, long Delete = 0, long Rekey = 0, long Unchanged = 0, long Consequences = 0)
{
    /// <summary>Whether any record was touched.</summary>
    public bool Any => Create + Update + Delete + Rekey > 0;
}

/// <summary>One record's change as it was published, with its values before and after.</summary>
/// <param name="Operation">What happened.</param>
/// <param name="Kind">The record's kind.</param>
/// <param name="Id">The record.</param>
/// <param name="Old">The values before; null for a new record.</param>
/// <param name="New">The values after; null for a deleted one.</param>
public sealed record PublishedChange(Operation Operation, Kind Kind, RollbookId Id, Row? Old, Row? New);

/// <summary>A published record.</summary>
/// <param name="Id">Its Rollbook ID.</param>
/// <param name="Row">Its values.</param>
/// <param name="Since">The version that brought these values.</param>
public sealed record RosterRecord(RollbookId Id, Row Row, int Since);
