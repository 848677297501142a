using Rollbook.Model;

namespace Rollbook.Storage;

/// <summary>
/// The published roster. A table a kind, a column an attribute, holding the newest version; values that were replaced move to a history table
/// beside it. Readers see one whole version, always.
/// </summary>
public interface IRosterStore
{
    /// <summary>The newest version; null before the first publication.</summary>
    Task<RosterVersion?> LatestAsync(CancellationToken cancellationToken);

    /// <summary>One version; null when there is none of this number.</summary>
    Task<RosterVersion?> VersionAsync(int number, CancellationToken cancellationToken);

    /// <summary>Versions newest first, below <paramref name="before"/> where given.</summary>
    Task<IReadOnlyList<RosterVersion>> VersionsAsync(int? before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes a change set as the next version in one transaction, together with the acceptance of the run's upload and its end.
    /// With no change in it no version is made, but the upload is accepted. Nothing happens when the roster has moved on from
    /// <see cref="Publication.BaseVersion"/> (<see cref="PublishResult.Outdated"/>) or the run is not in state <c>publishing</c> (<see cref="PublishResult.Refused"/>).
    /// </summary>
    Task<PublishResult> PublishAsync(Publication publication, CancellationToken cancellationToken);

    /// <summary>The hashes of those of <paramref name="ids"/> that the newest version has in this kind.</summary>
    Task<IReadOnlyDictionary<RollbookId, UInt128>> HashesAsync(Kind kind, IReadOnlyCollection<RollbookId> ids, CancellationToken cancellationToken);

    /// <summary>Gives the hash of every record that the newest version has in this kind to <paramref name="take"/>, in no particular order: for whoever needs most of them.</summary>
    Task HashesAsync(Kind kind, Action<RollbookId, UInt128> take, CancellationToken cancellationToken);

    /// <summary>The IDs of the records of <paramref name="kind"/> in the newest version whose <paramref name="attribute"/> (a reference or list of references) names any of <paramref name="targets"/>.</summary>
    Task<IReadOnlyCollection<RollbookId>> ReferrersAsync(
        Kind kind,
        Model.Attribute attribute,
        IReadOnlyCollection<RollbookId> targets,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// How many records of a kind the newest version has at each school, or at the same schools, from the same apps: of kinds with a <c>school</c> or
    /// <c>schools</c>. Records without one count under none.
    /// </summary>
    /// <exception cref="ArgumentException">Records of the kind have no school.</exception>
    Task<IReadOnlyList<SchoolGroup>> CountBySchoolsAsync(Kind kind, CancellationToken cancellationToken);

    /// <summary>All records of a kind, by ID, as of a version (null: the newest) or a run that waits.</summary>
    IAsyncEnumerable<RosterRecord> ReadAsync(Kind kind, AsOf asOf, CancellationToken cancellationToken);

    /// <summary>A page of records.</summary>
    Task<RecordPage> PageAsync(RecordQuery query, CancellationToken cancellationToken);

    /// <summary>One record; null when the kind has none of this ID at that version.</summary>
    Task<RosterRecord?> GetAsync(Kind kind, RollbookId id, AsOf asOf, CancellationToken cancellationToken);

    /// <summary>Those of <paramref name="ids"/> that the version has in any kind of the family; for showing references by name.</summary>
    Task<IReadOnlyDictionary<RollbookId, RosterRecord>> GetManyAsync(
        Family family,
        IReadOnlyCollection<RollbookId> ids,
        AsOf asOf,
        CancellationToken cancellationToken
    );

    /// <summary>A record's changes, newest first, with the version of each, as far as they are not purged. The record may be gone.</summary>
    Task<IReadOnlyList<RecordChange>> HistoryAsync(Kind kind, RollbookId id, CancellationToken cancellationToken);

    /// <summary>What a version changed against the one before, by kind and ID, after <paramref name="after"/> where given.</summary>
    Task<IReadOnlyList<PublishedChange>> ChangesAsync(
        int version,
        Kind kind,
        Operation? operation,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>How many records differ between two versions, by kind and by the operation that leads from one to the other. Costs follow the changes between them.</summary>
    Task<IReadOnlyDictionary<Kind, ChangeCounts>> CountDifferencesAsync(int from, int to, CancellationToken cancellationToken);

    /// <summary>A page of the records of a kind that differ between two versions, by ID, with their values in one and in the other.</summary>
    Task<IReadOnlyList<PublishedChange>> DifferencesAsync(
        int from,
        int to,
        Kind kind,
        Operation? operation,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>The changes of a kind that lead from a version back to an older one, by ID. A row is its reader's to keep.</summary>
    IAsyncEnumerable<StagedChange> BackAsync(int from, int to, Kind kind, CancellationToken cancellationToken);

    /// <summary>
    /// Frees what only versions below <paramref name="oldest"/> need; their entries stay. Answers how many old values that were. Harmless when repeated, and one that was cut off is
    /// finished by the next. Costs grow with what is freed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such version.</exception>
    Task<long> PurgeAsync(int oldest, CancellationToken cancellationToken);
}

/// <summary>A version of the roster.</summary>
/// <param name="Number">1, 2, …</param>
/// <param name="Run">The run that published it.</param>
/// <param name="App">The app whose run it was; <see cref="RunRecord.NoApp"/> for a rollback.</param>
/// <param name="PublishedAt">When it was about to be committed.</param>
/// <param name="PublishedBy">Who or what started or approved it.</param>
/// <param name="ConfigurationVersion">The configuration it was derived with.</param>
/// <param name="Reason">Why, in words; null for an ordinary import.</param>
/// <param name="Changes">What changed, by kind.</param>
/// <param name="Totals">How many records of each kind the version has.</param>
public sealed record RosterVersion(
    int Number,
    long Run,
    string App,
    DateTimeOffset PublishedAt,
    string PublishedBy,
    int ConfigurationVersion,
    string? Reason,
    IReadOnlyDictionary<Kind, ChangeCounts> Changes,
    IReadOnlyDictionary<Kind, long> Totals
)
{
    /// <summary>The version whose content this one has again, when it is a rollback's; null for every other.</summary>
    public int? Restored { get; init; }

    /// <summary>The oldest version whose content is kept; 1 as long as nothing was purged.</summary>
    public int OldestKept { get; init; } = 1;

    /// <summary>Whether its content was purged: only this entry of it is left.</summary>
    public bool IsPurged => Number < OldestKept;

    /// <summary>Whether each of its changes can still be looked at: of the oldest that is kept, what was before is gone.</summary>
    public bool HasChanges => Number > OldestKept || Number == 1 && OldestKept == 1;
}

/// <summary>What a run wants published.</summary>
/// <param name="Run">The run, in state <c>publishing</c>.</param>
/// <param name="App">Its app.</param>
/// <param name="BaseVersion">The version that the changes were computed against; 0 before the first.</param>
/// <param name="ConfigurationVersion">The configuration they were derived with.</param>
/// <param name="Derivation">Fingerprint for <see cref="AcceptedUpload"/>.</param>
/// <param name="PublishedBy">Who or what started or approved it.</param>
/// <param name="Now">The time: asked for once, when everything is written and the commit is all that is missing. The version's time and the run's end.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Changes">The change set.</param>
/// <param name="Unresolved">What becomes of the unresolved references of the app.</param>
/// <param name="Rewritten">Collections whose live records the run has appended anew: the app's segments numbered below are no longer needed and go with the acceptance.</param>
/// <param name="Report">The run's report for the outcome with a new version: a function of its number (null when unchanged) and of what the app's records lack now.</param>
public sealed record Publication(
    long Run,
    string App,
    int BaseVersion,
    int ConfigurationVersion,
    string Derivation,
    string PublishedBy,
    Func<DateTimeOffset> Now,
    string? Reason,
    IChangeSet Changes,
    UnresolvedChanges Unresolved,
    IReadOnlyCollection<(Collection Collection, int Below)> Rewritten,
    Func<int?, IssueTargets, string> Report
)
{
    /// <summary>
    /// For a rollback: the version whose content the changes bring back. No upload is accepted then, and what the changes replace is set aside
    /// (<see cref="ISetAsideStore"/>). Null for every other publication, after which the roster is what the accepted uploads give.
    /// </summary>
    public int? Restores { get; init; }

    /// <summary>What changes about records that several sources have together.</summary>
    public MemberChanges Members { get; init; } = MemberChanges.None;

    /// <summary>
    /// For a run that waited for a person and was read once more since: the segments of its own numbered below are of the first reading, and go. Null for every other.
    /// </summary>
    public int? OwnSegmentsFrom { get; init; }

    /// <summary>Which of the app's pairs of SIS Migration are accepted with it; null where no person has accepted any.</summary>
    public SuccessorAcceptance? Successors { get; init; }

    /// <summary>What becomes of the app's issues.</summary>
    public IssueChanges Issues { get; init; } = IssueChanges.None;

    /// <summary>
    /// The kinds of which the source has said everything with the run. Of these, what was left out of the app's runs before and is not left out of this one is forgotten
    /// (<see cref="IStagedStore.LeftBeforeAsync"/>), and of others what the run has changed; what a person left out of the run is remembered. Null for runs for which no source was asked:
    /// then all of it stays as it is.
    /// </summary>
    public IReadOnlySet<Kind>? ToldOf { get; init; }
}

/// <summary>Changes staged by a run, readable more than once, of any size.</summary>
public interface IChangeSet
{
    /// <summary>How many of each kind and operation.</summary>
    IReadOnlyDictionary<Kind, ChangeCounts> Counts { get; }

    /// <summary>The changes of a kind by ascending ID, each ID once. A change's row is valid until the next one is taken.</summary>
    IEnumerable<StagedChange> Read(Kind kind);
}

/// <summary>What becomes of an app's unresolved references.</summary>
/// <param name="ClearAll">Whether all of the app's are replaced (everything was derived again).</param>
/// <param name="Cleared">Otherwise the records, by collection, whose old ones are forgotten.</param>
/// <param name="Added">The new ones.</param>
public sealed record UnresolvedChanges(
    bool ClearAll,
    IReadOnlyCollection<(Collection Collection, RollbookId From)> Cleared,
    IReadOnlyCollection<UnresolvedReference> Added
);

/// <summary>How a publication ended.</summary>
public abstract record PublishResult
{
    private PublishResult() { }

    /// <summary>There is a new version.</summary>
    public sealed record Published(int Version) : PublishResult;

    /// <summary>There was nothing to change; the upload is accepted.</summary>
    public sealed record Unchanged : PublishResult;

    /// <summary>The roster has moved on; compute the changes again.</summary>
    public sealed record Outdated(int LatestVersion) : PublishResult;

    /// <summary>The run is not in a state to publish.</summary>
    public sealed record Refused(string State) : PublishResult;
}

/// <summary>Records that are at the same schools and come from the same apps.</summary>
/// <param name="Sources">The apps.</param>
/// <param name="Schools">The schools' Rollbook IDs.</param>
/// <param name="Count">How many records.</param>
public sealed record SchoolGroup(IReadOnlyList<string> Sources, IReadOnlyList<RollbookId> Schools, long Count);

/// <summary>A question for a page of records.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="AsOf">The version, null for the newest; or a run that waits.</param>
/// <param name="Search">Text that the sort attribute or the SIS ID starts with, ignoring ASCII case; null for all.</param>
/// <param name="Filters">Conditions that all must hold.</param>
/// <param name="Sort">The attribute to sort by (then by ID); null for the kind's <see cref="KindDefinition.SortAttribute"/>. Missing values come last.</param>
/// <param name="Descending">Whether the order is turned round.</param>
/// <param name="After">A cursor from a page before; null for the start.</param>
/// <param name="Backwards">Whether the page before the cursor is wanted rather than the one after.</param>
/// <param name="Limit">How many records at most.</param>
public sealed record RecordQuery(
    Kind Kind,
    AsOf AsOf = default,
    string? Search = null,
    IReadOnlyList<RecordFilter>? Filters = null,
    string? Sort = null,
    bool Descending = false,
    string? After = null,
    bool Backwards = false,
    int Limit = 50
);

/// <summary>A condition on one attribute. Comparison of text ignores ASCII case; for lists it holds when any element matches.</summary>
/// <param name="Attribute">The attribute's name.</param>
/// <param name="Condition">The condition.</param>
/// <param name="Value">The text to compare with: text, <c>YYYY-MM-DD</c>, <c>true</c>/<c>false</c> or a Rollbook ID; ignored by the two emptiness conditions.</param>
public sealed record RecordFilter(string Attribute, FilterCondition Condition, string? Value);

/// <summary>How a record's value is compared in a <see cref="RecordFilter"/>.</summary>
public enum FilterCondition
{
    /// <summary>Equals.</summary>
    Equal,

    /// <summary>Contains the text.</summary>
    Contains,

    /// <summary>Starts with the text.</summary>
    StartsWith,

    /// <summary>Has no value.</summary>
    Empty,

    /// <summary>Has a value.</summary>
    NotEmpty,
}

/// <summary>A page of records.</summary>
/// <param name="Records">The records.</param>
/// <param name="Next">Cursor of the page after; null when there is none.</param>
/// <param name="Previous">Cursor of the page before; null when there is none.</param>
public sealed record RecordPage(IReadOnlyList<RosterRecord> Records, string? Next, string? Previous);

/// <summary>A change in a record's history.</summary>
public sealed record RecordChange(RosterVersion Version, PublishedChange Change);
