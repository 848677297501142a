using Rollbook.Model;

namespace Rollbook.Storage;

/// <summary>
/// What Data Requirements found in the accepted uploads: kept with the publication that found it (<see cref="Publication.Issues"/>), and forgotten with the one
/// that no longer does. Holds no value of any record.
/// </summary>
public interface IIssueStore
{
    /// <summary>The records of a collection that have issues.</summary>
    Task<IReadOnlyList<IssueRecord>> RecordsAsync(string app, Collection collection, CancellationToken cancellationToken);

    /// <summary>How many there are, by kind, attribute, rule and problem; of all apps where none is given.</summary>
    Task<IReadOnlyList<IssueCount>> CountAsync(string? app, CancellationToken cancellationToken);

    /// <summary>A page of issues, by SIS ID.</summary>
    Task<IReadOnlyList<KeptIssue>> PageAsync(IssueQuery query, CancellationToken cancellationToken);
}

/// <summary>A record with a value that is missing or not valid.</summary>
/// <param name="Collection">The source's collection that it is of.</param>
/// <param name="Record">The record.</param>
/// <param name="Kind">Its kind, or the one that it would be of.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="Rule">The rule that found it.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="SisId">The record's SIS ID, prefix included: a skipped record is nowhere else.</param>
/// <param name="School">Its school, or the first of several; null for none.</param>
public readonly record struct Issue(
    Collection Collection,
    RollbookId Record,
    Kind Kind,
    string Attribute,
    IssueRule Rule,
    IssueProblem Problem,
    string SisId,
    RollbookId? School
);

/// <summary>The rule that found an issue, which says how bad it is.</summary>
/// <remarks>The numbers are stored: add at the end, never renumber.</remarks>
public enum IssueRule
{
    /// <summary>Report if Missing: an Error, the record is imported.</summary>
    Report = 0,

    /// <summary>Skip if Missing: Skipped, the record is not imported.</summary>
    Skip = 1,
}

/// <summary>What is wrong with a value.</summary>
/// <remarks>The numbers are stored: add at the end, never renumber.</remarks>
public enum IssueProblem
{
    /// <summary>There is none.</summary>
    Missing = 0,

    /// <summary>There is one that is not valid: no date, no grade, a reference that leads nowhere.</summary>
    Invalid = 1,
}

/// <summary>A record that has issues.</summary>
/// <param name="Record">The record.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="IsReported">Whether it was imported all the same.</param>
public readonly record struct IssueRecord(RollbookId Record, Kind Kind, bool IsReported);

/// <summary>How many issues of one sort there are.</summary>
public sealed record IssueCount(string App, Kind Kind, string Attribute, IssueRule Rule, IssueProblem Problem, RollbookId? School, long Count);

/// <summary>An issue with the app whose upload has it.</summary>
public sealed record KeptIssue(string App, Issue Issue);

/// <summary>Which issues are wanted; what is null does not matter.</summary>
/// <param name="App">The app.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="School">The school.</param>
/// <param name="Skip">How many to pass over.</param>
/// <param name="Limit">How many at most.</param>
public sealed record IssueQuery(
    string? App = null,
    Kind? Kind = null,
    string? Attribute = null,
    IssueRule? Rule = null,
    IssueProblem? Problem = null,
    RollbookId? School = null,
    int Skip = 0,
    int Limit = 100
);

/// <summary>What becomes of an app's issues.</summary>
/// <param name="ClearAll">Whether all of the app's are replaced (everything was derived again).</param>
/// <param name="Cleared">Otherwise the records, by collection, whose old ones are forgotten.</param>
/// <param name="Added">The new ones.</param>
public sealed record IssueChanges(
    bool ClearAll,
    IReadOnlyCollection<(Collection Collection, RollbookId Record)> Cleared,
    IReadOnlyCollection<Issue> Added
)
{
    /// <summary>They stay as they are.</summary>
    public static IssueChanges None { get; } = new(ClearAll: false, [], []);
}
