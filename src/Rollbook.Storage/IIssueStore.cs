using Rollbook.Model;

namespace Rollbook.Storage;

/// <summary>
/// What is wrong with records of the accepted uploads: what Data Requirements found, and what is not in the roster for want of something that is always required.
/// Kept with the publication that found it (<see cref="Publication.Issues"/>), and forgotten with the one that no longer does. Holds no value of any record.
/// </summary>
public interface IIssueStore
{
    /// <summary>The records of a collection for which Data Requirements found something.</summary>
    Task<IReadOnlyList<IssueRecord>> RecordsAsync(string app, Collection collection, CancellationToken cancellationToken);

    /// <summary>How many there are, by kind, attribute, rule and problem; of all apps where none is given.</summary>
    Task<IReadOnlyList<IssueCount>> CountAsync(string? app, CancellationToken cancellationToken);

    /// <summary>What the records that lack a reference refer to, and what is known of that.</summary>
    Task<IssueTargets> TargetsAsync(string app, CancellationToken cancellationToken);

    /// <summary>A page of issues, by app, rule, kind, attribute, problem and record.</summary>
    /// <exception cref="RefusedValueException">The cursor is damaged.</exception>
    Task<IssuePage> PageAsync(IssueQuery query, CancellationToken cancellationToken);
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
)
{
    /// <summary>What it refers to and can't stand without; null where it names nothing, and for what Data Requirements found.</summary>
    public MissingTarget? Target { get; init; }
}

/// <summary>A record that another can't stand without and that is not in the roster.</summary>
/// <param name="Family">Its family.</param>
/// <param name="Id">The ID that the reference gives.</param>
/// <param name="SisId">The SIS ID by which it is named, prefix included.</param>
/// <param name="Absence">Why it is not there.</param>
public sealed record MissingTarget(Family Family, RollbookId Id, string SisId, Absence Absence);

/// <summary>Why a record is not in the roster.</summary>
/// <remarks>The numbers are stored: add at the end, never renumber.</remarks>
public enum Absence
{
    /// <summary>The source does not have it.</summary>
    NotInSource = 0,

    /// <summary>It has an issue itself, for which it is not imported.</summary>
    LeftOut = 1,

    /// <summary>It is of schools that Schools Mapping leaves out.</summary>
    NotMapped = 2,

    /// <summary>No Filter Rule lets it pass.</summary>
    Filtered = 3,
}

/// <summary>The rule that found an issue, which says how bad it is.</summary>
/// <remarks>The numbers are stored: add at the end, never renumber.</remarks>
public enum IssueRule
{
    /// <summary>Report if Missing: an Error, the record is imported.</summary>
    Report = 0,

    /// <summary>Skip if Missing: Skipped, the record is not imported.</summary>
    Skip = 1,

    /// <summary>Always required: Skipped, since the record can't stand without it.</summary>
    Required = 2,
}

/// <summary>What is wrong with a value.</summary>
/// <remarks>The numbers are stored: add at the end, never renumber.</remarks>
public enum IssueProblem
{
    /// <summary>There is none.</summary>
    Missing = 0,

    /// <summary>There is one that is not valid: no date, no grade, a reference that leads nowhere, a role that is none.</summary>
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

/// <summary>A page of issues.</summary>
/// <param name="Issues">The issues.</param>
/// <param name="Next">Cursor of the page after; null when there is none. Holds no personal data.</param>
public sealed record IssuePage(IReadOnlyList<KeptIssue> Issues, string? Next);

/// <summary>What an app's records lack of other records, for finding the first cause of each.</summary>
/// <param name="Counts">How many records of each kind lack each.</param>
/// <param name="LeftOut">Those of them that are left out for an issue of their own: with that issue, the first where there are several.</param>
public sealed record IssueTargets(IReadOnlyList<TargetCount> Counts, IReadOnlyDictionary<RollbookId, Issue> LeftOut)
{
    /// <summary>Nothing.</summary>
    public static IssueTargets None { get; } = new([], new Dictionary<RollbookId, Issue>());
}

/// <summary>How many records of a kind lack a record.</summary>
public sealed record TargetCount(MissingTarget Target, Kind Kind, long Count);

/// <summary>Which issues are wanted; what is null does not matter.</summary>
/// <param name="Apps">The apps, any of them.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="Rules">The rules, any of them.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="School">The school.</param>
/// <param name="Targets">What is referred to, any of them.</param>
/// <param name="After">A cursor from a page before; null for the start.</param>
/// <param name="Limit">How many at most.</param>
public sealed record IssueQuery(
    IReadOnlyCollection<string>? Apps = null,
    Kind? Kind = null,
    string? Attribute = null,
    IReadOnlyCollection<IssueRule>? Rules = null,
    IssueProblem? Problem = null,
    RollbookId? School = null,
    IReadOnlyCollection<RollbookId>? Targets = null,
    string? After = null,
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
