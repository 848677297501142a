using Rollbook.Model;

namespace Rollbook.Sources.OneRosterCsv.Format;

/// <summary>How a column is written, and what becomes of it in a raw record.</summary>
internal enum ColumnType
{
    Text,
    Id,
    Status,
    Modified,
    Date,
    Year,
    Boolean,
    Word,
    TextList,
    Reference,
    ReferenceList,
    UserIds,

    /// <summary>Passwords: never taken.</summary>
    Unread,
}

/// <summary>A column of a OneRoster CSV file.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Property">The property of the raw record that it gives, as OneRoster REST calls it.</param>
/// <param name="Type">How it is written.</param>
internal sealed record CsvColumn(string Name, string Property, ColumnType Type)
{
    /// <summary>Whether a row must have a value.</summary>
    public bool Required { get; init; }

    /// <summary>Whether the file may lack it even so, as users.csv of 1.2 lacks the role.</summary>
    public bool OnlyInSomeVersions { get; init; }

    /// <summary>The collection it refers to.</summary>
    public Collection? Target { get; init; }

    /// <summary>The words it may hold.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether its values are a person's own and shown as a shape only.</summary>
    public bool IsPersonal { get; init; }

    /// <summary>Other spellings met in the wild.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}
