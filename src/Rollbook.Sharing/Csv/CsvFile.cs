using Rollbook.Model;

namespace Rollbook.Sharing.Csv;

/// <summary>A data file of the package.</summary>
/// <param name="Name">Its name without <c>.csv</c>.</param>
/// <param name="Kinds">The kinds whose records it holds.</param>
/// <param name="Columns">Its columns in the specification's order; extensions at the end.</param>
/// <param name="Lines">The rows that a record has in it: none, one, or one for each role.</param>
internal sealed record CsvFile(
    string Name,
    IReadOnlyList<Kind> Kinds,
    IReadOnlyList<CsvColumn> Columns,
    Func<RollbookId, Row, IEnumerable<CsvLine>> Lines
);

/// <summary>A row of a file.</summary>
/// <param name="Id">Its sourcedId.</param>
/// <param name="Row">The record that it tells of.</param>
internal readonly record struct CsvLine(string Id, Row Row)
{
    /// <summary>Empty in bulk files; <c>active</c> or <c>tobedeleted</c> in delta files.</summary>
    public string Status { get; init; } = "";

    /// <summary>When the record last changed; empty in bulk files.</summary>
    public string Modified { get; init; } = "";

    /// <summary>The user whose role the row tells of.</summary>
    public RollbookId User { get; init; }

    /// <summary>The organisation at which the user has the role.</summary>
    public RollbookId Org { get; init; }

    /// <summary>Whether it is the user's primary role.</summary>
    public bool IsPrimary { get; init; }
}

/// <summary>A column and how a row fills it.</summary>
internal sealed record CsvColumn(string Name, Func<CsvLine, string> Value);
