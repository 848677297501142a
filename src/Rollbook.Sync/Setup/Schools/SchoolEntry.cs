using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Setup.Schools;

/// <summary>A row of Schools Mapping: an organisation of the source, and what is known of it on both sides.</summary>
public sealed record SchoolEntry
{
    /// <summary>Its sourcedId, without a SIS ID prefix.</summary>
    public required string Source { get; init; }

    /// <summary>The Rollbook ID that it has as a school of its own.</summary>
    public required RollbookId Id { get; init; }

    /// <summary>Its name in the source when it was last taken; its sourcedId when it never was.</summary>
    public required string Name { get; init; }

    /// <summary>OneRoster's type: <c>school</c>, <c>district</c>, …; empty when unknown.</summary>
    public string Type { get; init; } = "";

    /// <summary>Its code; null when it has none.</summary>
    public string? Code { get; init; }

    /// <summary>Whether it is a school and not an organisation above the schools.</summary>
    public bool IsSchool { get; init; } = true;

    /// <summary>How many students; null when unknown.</summary>
    public long? Students { get; init; }

    /// <summary>How many teachers and administrators; null when unknown.</summary>
    public long? Staff { get; init; }

    /// <summary>Whether the source has it no longer.</summary>
    public bool IsGone { get; init; }

    /// <summary>The source's name for it now, where that is another than the one that was taken.</summary>
    public string? NameNow { get; init; }

    /// <summary>Whether it is a school of its own in the published roster.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Its row in the mapping; null when it is mapped by <see cref="SchoolsMapping.Auto"/> or not at all.</summary>
    public SchoolMapping? Row { get; init; }

    /// <summary>Whether it is mapped.</summary>
    public bool IsMapped { get; init; }

    /// <summary>The name that it has or will have as a school of its own.</summary>
    public string NewName => Row?.Create is { Length: > 0 } name ? name : Name;
}

/// <summary>The filters of Schools Mapping.</summary>
public enum SchoolFilter
{
    /// <summary>All.</summary>
    All,

    /// <summary>Mapped.</summary>
    Existing,

    /// <summary>Not mapped.</summary>
    Missing,

    /// <summary>Mapped, but gone from the source.</summary>
    MissingData,
}
