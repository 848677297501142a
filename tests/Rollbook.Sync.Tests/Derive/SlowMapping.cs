using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>Schools Mapping as one would say it in words (product.md 3.2).</summary>
internal sealed class SlowMapping(SchoolsMapping schools, Func<string, RollbookId> idOf)
{
    /// <summary>The school to which references to an organisation lead; null when it is not mapped.</summary>
    internal RollbookId? Lead(string org) =>
        RowOf(org) is { } row ? (row.School is null ? idOf(org) : Target(row.School))
        : IsAutomatic(org) ? idOf(org)
        : null;

    /// <summary>Whether it is a school of its own in the roster: mapped so, or one that others were made part of.</summary>
    internal bool IsPublished(string org) => (RowOf(org) is { } row ? row.School is null : IsAutomatic(org)) || IsJoined(org);

    /// <summary>Whether it stays when the source has it no longer.</summary>
    internal bool Stays(string org) => RowOf(org) is { School: null } || IsJoined(org);

    /// <summary>Its name where the mapping gives one.</summary>
    internal string? NameOf(string org) => RowOf(org)?.Create is { Length: > 0 } name ? name : null;

    private bool IsJoined(string org) => schools.Mapped.Any(row => row.School is not null && Target(row.School) == idOf(org));

    private bool IsAutomatic(string org) => schools.Auto && !schools.LeftOut.Contains(org, StringComparer.Ordinal);

    private SchoolMapping? RowOf(string org) => schools.Mapped.FirstOrDefault(row => string.Equals(row.Source, org, StringComparison.Ordinal));

    private RollbookId Target(string school) =>
        RollbookId.TryParse(school, out var id)
            ? id
            : idOf(schools.Mapped.Single(row => string.Equals(row.Create, school, StringComparison.Ordinal)).Source);
}
