using Rollbook.Model;

namespace Rollbook.Storage;

/// <summary>
/// What persons decided about records that look like the same one, and which such records the last search found (product.md 3.6). Decisions are part of what the roster
/// is made from: each is remembered until it is undone. What was found holds no value of any record.
/// </summary>
public interface IDuplicateStore
{
    /// <summary>All decisions, the newest first.</summary>
    Task<IReadOnlyList<DuplicateDecision>> DecisionsAsync(CancellationToken cancellationToken);

    /// <summary>A number that is another one after each decision, undoing included.</summary>
    Task<long> RevisionAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Remembers decisions together; one about the same two records takes the place of the older one. False, and nothing remembered, when somebody has decided since
    /// <paramref name="revision"/>.
    /// </summary>
    Task<bool> DecideAsync(long revision, IReadOnlyCollection<DuplicateDecision> decisions, CancellationToken cancellationToken);

    /// <summary>Forgets the decision about two records. False when there is none.</summary>
    Task<bool> UndoAsync(RollbookId one, RollbookId other, CancellationToken cancellationToken);

    /// <summary>Forgets the decisions and the finds that name an app's records. Answers the other apps that the decisions named.</summary>
    Task<IReadOnlyList<string>> RemoveAsync(string app, CancellationToken cancellationToken);

    /// <summary>The last search of a sort; null before the first.</summary>
    Task<DuplicateSearch?> SearchAsync(bool suggestions, CancellationToken cancellationToken);

    /// <summary>Puts what a search found in the place of what the one before had found.</summary>
    Task ReplaceAsync(DuplicateSearch search, IReadOnlyCollection<DuplicateCase> cases, CancellationToken cancellationToken);

    /// <summary>Takes one find out, since it is decided.</summary>
    Task CloseAsync(long number, CancellationToken cancellationToken);

    /// <summary>How many finds there are, by kind and domain.</summary>
    Task<IReadOnlyList<DuplicateCount>> CountAsync(CancellationToken cancellationToken);

    /// <summary>A page of finds: of exact ones in the order of the domains, of suggestions the likeliest first.</summary>
    Task<IReadOnlyList<DuplicateCase>> PageAsync(DuplicateQuery query, CancellationToken cancellationToken);

    /// <summary>One find; null when it is no longer one.</summary>
    Task<DuplicateCase?> GetAsync(long number, CancellationToken cancellationToken);
}

/// <summary>A record of a source.</summary>
/// <param name="App">The source.</param>
/// <param name="Key">The ID that the source's own ID gives.</param>
public readonly record struct SourceRecord(string App, RollbookId Key);

/// <summary>What was decided about two records.</summary>
/// <remarks>The numbers are stored: add at the end, never renumber.</remarks>
public enum DuplicateVerdict
{
    /// <summary><b>Merge</b>: they are one.</summary>
    Merge = 0,

    /// <summary><b>Keep separate</b>: they are not, whatever they agree on.</summary>
    KeepSeparate = 1,
}

/// <summary>A decision about two records.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="First">One of them; of two that are merged within one source, the one whose Rollbook ID and values come first.</param>
/// <param name="Second">The other.</param>
/// <param name="Verdict">What was decided.</param>
/// <param name="DecidedBy">Who decided, by sign-in name.</param>
/// <param name="DecidedAt">When.</param>
public sealed record DuplicateDecision(
    Kind Kind,
    SourceRecord First,
    SourceRecord Second,
    DuplicateVerdict Verdict,
    string DecidedBy,
    DateTimeOffset DecidedAt
);

/// <summary>A search that has ended: what it looked at, and what there is to say of it.</summary>
/// <param name="Suggestions">Whether it looked for records that are alike, rather than for those that agree.</param>
/// <param name="Version">The version of the roster that it looked at.</param>
/// <param name="ConfigurationVersion">The configuration that it knew.</param>
/// <param name="Revision">The decisions that it knew, <see cref="IDuplicateStore.RevisionAsync"/>.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Notices">What a person should know; names no value.</param>
public sealed record DuplicateSearch(
    bool Suggestions,
    int Version,
    int ConfigurationVersion,
    long Revision,
    DateTimeOffset EndedAt,
    IReadOnlyList<string> Notices
)
{
    /// <summary>What it knew of records that several sources have together, <see cref="IUnitedStore.RevisionAsync"/>.</summary>
    public long Members { get; init; }
}

/// <summary>Records that may be one.</summary>
/// <param name="Number">Its number, made from the records, so that it is the same in every search that finds them.</param>
/// <param name="Kind">Their kind.</param>
/// <param name="Domain">The attributes on which they agree; null for a suggestion.</param>
/// <param name="Rank">Its place among those of its kind and sort, the smaller the earlier: of an exact one that of the domain; of a suggestion how unlikely it is, in 1/10,000.</param>
/// <param name="Records">The records.</param>
/// <param name="Reasons">Of a suggestion, why: a JSON document of the Sync room, without a value of a record.</param>
public sealed record DuplicateCase(
    long Number,
    Kind Kind,
    IReadOnlyList<string>? Domain,
    int Rank,
    IReadOnlyList<SourceRecord> Records,
    string? Reasons = null
);

/// <summary>How many finds of one sort there are; <paramref name="Domain"/> is null for suggestions.</summary>
public sealed record DuplicateCount(Kind Kind, IReadOnlyList<string>? Domain, long Count);

/// <summary>Which finds are wanted.</summary>
/// <param name="Kind">Of which kind.</param>
/// <param name="Suggestions">Whether suggestions, rather than those that agree.</param>
/// <param name="After">The last one of the page before; null for the first page.</param>
/// <param name="Limit">How many at most.</param>
public sealed record DuplicateQuery(Kind Kind, bool Suggestions, DuplicateCase? After = null, int Limit = 50);
