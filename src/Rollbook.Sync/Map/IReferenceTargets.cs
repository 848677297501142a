using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Map;

/// <summary>What references may lead to.</summary>
internal interface IReferenceTargets
{
    /// <summary>Where a reference leads in the roster as staged so far; asked only for families that were read before.</summary>
    /// <param name="family">The family referred to.</param>
    /// <param name="key">The key that the reference's SIS ID gives.</param>
    Lead Follow(Family family, RollbookId key);

    /// <summary>Why a record to which a reference does not lead is not in the roster.</summary>
    /// <param name="family">The family referred to.</param>
    /// <param name="key">The key that the reference's SIS ID gives.</param>
    Absence Absent(Family family, RollbookId key);
}

/// <summary>Where a reference leads.</summary>
/// <param name="Fate">Whether it leads anywhere, and why not.</param>
/// <param name="Kind">The kind of the record that it leads to, or of one that is filtered out; without meaning else.</param>
/// <param name="Id">That record's Rollbook ID: another than the key for a school that was made part of another.</param>
internal readonly record struct Lead(ReferenceFate Fate, Kind Kind = default, RollbookId Id = default);

/// <summary>Whether a reference leads anywhere.</summary>
internal enum ReferenceFate
{
    /// <summary>The source has no such record, or it is not in the roster (yet).</summary>
    Missing,

    /// <summary>To a record of the roster.</summary>
    Leads,

    /// <summary>To a school that Schools Mapping leaves out.</summary>
    Unmapped,

    /// <summary>To an organisation above the schools that Schools Mapping leaves out.</summary>
    UnmappedOrganisation,

    /// <summary>To a record that no Filter Rule lets pass.</summary>
    Filtered,
}
