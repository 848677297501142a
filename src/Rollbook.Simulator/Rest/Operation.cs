using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>Which of a kind's rows a collection is about, and which are found from the ids in the path; null when a parent is unknown.</summary>
internal delegate IEnumerable<int>? RelatedRows(District district, string[] ids);

/// <summary>One read of OneRoster 1.1: its path, what it answers with and under which key (chapter 3.2).</summary>
internal sealed class Operation(string path, Kind kind, string key)
{
    public string Path { get; } = path;

    public IReadOnlyList<string> Segments { get; } = path.Split('/');

    public Kind Kind { get; } = kind;

    /// <summary>The property that holds the record or records.</summary>
    public string Key { get; } = key;

    /// <summary>The key some servers use instead: the collection's own name.</summary>
    public string AlternateKey { get; init; } = key;

    /// <summary>Whether the path names one record by its id.</summary>
    public bool Single { get; init; }

    /// <summary>Which rows the collection is of; null for all of the kind.</summary>
    public Func<District, int, bool>? Subset { get; init; }

    /// <summary>For a nested read, the rows that belong to the parents in the path.</summary>
    public RelatedRows? Related { get; init; }
}
