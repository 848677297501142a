using System.Text.Json;
using System.Text.Json.Serialization;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sync.Migrate;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Rollbacks;

namespace Rollbook.Sync.Runs;

/// <summary>What a run has to say when it ends; kept with the run as JSON. Holds no personal data and no secret.</summary>
public sealed record RunReport
{
    /// <summary>What it was for.</summary>
    public RunPurpose Purpose { get; init; }

    /// <summary>Distinct source records read, by kind. For people by their role; records that can't be told apart yet count under the collection's first kind.</summary>
    public IReadOnlyDictionary<Kind, long> Read { get; init; } = new Dictionary<Kind, long>();

    /// <summary>Records of the kept upload that are not in the roster (not valid, or without something they can't stand without), by kind.</summary>
    public IReadOnlyDictionary<Kind, long> Skipped { get; init; } = new Dictionary<Kind, long>();

    /// <summary>Records of the kept upload that Filter Rules leave out, with those that follow them, by kind. They are not among the skipped.</summary>
    public IReadOnlyDictionary<Kind, long> Filtered { get; init; } = new Dictionary<Kind, long>();

    /// <summary>Records imported with a value missing that the district wants reported, by kind.</summary>
    public IReadOnlyDictionary<Kind, long> Reported { get; init; } = new Dictionary<Kind, long>();

    /// <summary>Those of the skipped that Schools Mapping leaves out, by kind.</summary>
    public IReadOnlyDictionary<Kind, long> NotMapped { get; init; } = new Dictionary<Kind, long>();

    /// <summary>
    /// What became of the records of the kept upload, by kind, from which the score comes; empty in the reports of a program that did not count it yet.
    /// </summary>
    public IReadOnlyDictionary<Kind, QualityCounts> Quality { get; init; } = new Dictionary<Kind, QualityCounts>();

    /// <summary>What changed, by kind.</summary>
    public IReadOnlyDictionary<Kind, ChangeCounts> Changes { get; init; } = new Dictionary<Kind, ChangeCounts>();

    /// <summary>What a rollback brings back; null for every other run.</summary>
    public RollbackWish? Rollback { get; init; }

    /// <summary>Limits that the run broke.</summary>
    public IReadOnlyList<RunHold> Holds { get; init; } = [];

    /// <summary>The hash of the change set that waits for a person: an approval is bound to it. Null for a run that did not wait.</summary>
    public string? ChangeHash { get; init; }

    /// <summary>As what it waits; null for a run that did not wait.</summary>
    public RunState? WaitsAs { get; init; }

    /// <summary>
    /// Up to which number requests for the schools' own attributes were taken when a run that waits was read; one made since is not, though the run is published later. Null
    /// for a run that did not wait.
    /// </summary>
    public int? RefreshTaken { get; init; }

    /// <summary>What was decided about a run that waited; null before, and for one that did not.</summary>
    public RunDecision? Decision { get; init; }

    /// <summary>Where two have to agree: who was the first to accept the changes, or those that the run had before, which its hash tells; null before.</summary>
    public RunAgreement? Agreement { get; init; }

    /// <summary>Changes that were left out of what was published, by kind; the next import brings them again, unless the source says changes only.</summary>
    public IReadOnlyDictionary<Kind, ChangeCounts> LeftOut { get; init; } = new Dictionary<Kind, ChangeCounts>();

    /// <summary>Whether the source gave only what changed: it does not say again what is left out of the run.</summary>
    public bool SaysChangesOnly { get; init; }

    /// <summary>What becomes of what is left out of the run, a sentence.</summary>
    [JsonIgnore]
    public string LeftOutWords =>
        SaysChangesOnly
            ? "The source sent changes only and does not say them again: what is left out counts as declined."
            : "The next import asks again.";

    /// <summary>Where to find what a run read that waits again because the rest of it was accepted; null for every other run.</summary>
    public ReadTwice? ReadTwice { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public RunFailure? Failure { get; init; }

    /// <summary>What a person should know: pages were halved, demographics are not licensed, 12 records had no ID.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Why a run that was accepted waits again, for a person; null for one that does not.</summary>
    [JsonIgnore]
    public string? WaitsAgain => Notices.FirstOrDefault(RunSteps.IsWaitingAgain);

    /// <summary>Where the source's files deviate from their format, by rule and file; empty for a source without files.</summary>
    public IReadOnlyList<FileFinding> Findings { get; init; } = [];

    /// <summary>Schools that the source now describes otherwise than when their attributes were taken (product.md 3.2).</summary>
    public IReadOnlyList<DifferingSchool> DifferingSchools { get; init; } = [];

    /// <summary>Schools of the source that Schools Mapping leaves out; null for none.</summary>
    public NotMappedSchools? NotMappedSchools { get; init; }

    /// <summary>Seconds by stage: <c>reading</c>, <c>deriving</c>, <c>publishing</c>.</summary>
    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>As kept in the store.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Options);

    /// <summary>From the store; an empty report for null.</summary>
    public static RunReport FromJson(string? json) => json is null ? new RunReport() : JsonSerializer.Deserialize<RunReport>(json, RunJson.Options)!;
}

/// <summary>What a run is for.</summary>
public enum RunPurpose
{
    /// <summary>To make the roster be what the source says.</summary>
    Import,

    /// <summary>To take everything that an app feeds out of the roster, and to forget what its source said.</summary>
    Removal,

    /// <summary>
    /// To give an app's people to the records to which they belong since another app's import, from what its own source said last. The source is not asked.
    /// </summary>
    Uniting,

    /// <summary>To publish the content of an older version again. No source is asked, and none of their uploads is touched.</summary>
    Rollback,

    /// <summary>To publish what a held run adds and updates, while what it removes waits for a person.</summary>
    Additions,
}

/// <summary>A limit or a guard that a run broke (sync-safety.md sections 2 and 3).</summary>
/// <param name="Limit"><c>create</c>, <c>update</c>, <c>delete</c> or <c>rekey</c> for a limit; <c>empty</c>, <c>protected</c>, <c>school</c>, <c>left</c>, <c>left-delete</c> or <c>rollback</c> for a guard.</param>
/// <param name="Kind">The kind whose records were counted.</param>
/// <param name="Scope"><c>source</c> or <c>school</c>.</param>
/// <param name="Count">How many records it concerns.</param>
/// <param name="Base">How many records of the kind the source has in the published roster, in the scope.</param>
/// <param name="Percent">The one in percent of the other; 0 without a base.</param>
/// <param name="Message">A sentence with these figures, and with those of the limit.</param>
public sealed record RunHold(string Limit, Kind Kind, string Scope, long Count, long Base, double Percent, string Message)
{
    internal const string SourceScope = "source";
    internal const string SchoolScope = "school";

    /// <summary>The guard against what a person left out before: of records that would be deleted.</summary>
    internal const string LeftRemovals = "left-delete";

    /// <summary>The same, of others.</summary>
    internal const string LeftOthers = "left";

    /// <summary>Whether it is against removals alone. One against re-keys is not: those who go come back under other IDs.</summary>
    internal bool IsOfRemovals => Limit is "delete" or "empty" or "protected" or "school" or LeftRemovals;

    /// <summary>Whether it is about changes that a person left out before.</summary>
    public bool IsOfLeftOut => Limit is LeftRemovals or LeftOthers;

    /// <summary>Whether it tells that schools are gone which are mapped.</summary>
    internal bool IsOfGoneSchools => Limit is "school";

    /// <summary>Whether it is about what changes, and not about a rollback or a SIS Migration that waits for a decision whatever changes.</summary>
    internal bool IsOfChanges => Limit is not (PendingRollback.Limit or SisMigration.Limit);

    /// <summary>Guards come first, then limits of the whole source, then those of one school.</summary>
    internal int Rank =>
        Limit is "empty" or "protected" or "school" or LeftRemovals or LeftOthers or PendingRollback.Limit ? 0
        : string.Equals(Scope, SourceScope, StringComparison.Ordinal) ? 1
        : 2;

    /// <summary>The Rollbook ID of the school, where the scope is one.</summary>
    public string? School { get; init; }
}

/// <summary>What a person decided about a run that waited.</summary>
/// <param name="IsAccepted">Whether it was to be published; else it was declined.</param>
/// <param name="By">Who, by sign-in name.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why, in the person's words.</param>
public sealed record RunDecision(bool IsAccepted, string By, DateTimeOffset At, string Reason)
{
    /// <summary>How many characters a reason has at most.</summary>
    public const int LongestReason = 500;

    /// <summary>Why a decision can't be taken with this reason, for a person; null when it can.</summary>
    public static string? Refuse(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return reason.Trim().Length switch
        {
            0 => "Give a reason: it is kept with the run, for whoever asks later.",
            > LongestReason => $"The reason is longer than {LongestReason} characters. Shorten it.",
            _ => null,
        };
    }
}

/// <summary>The first of two who have to agree.</summary>
/// <param name="By">Who, by sign-in name.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why, in the person's words.</param>
/// <param name="Hash">To which changes, by the hash of what was shown.</param>
public sealed record RunAgreement(string By, DateTimeOffset At, string Reason, string Hash);

/// <summary>What a run has read that waits again: whole, as it came, and without what was left out of it then, which is what it would publish.</summary>
/// <param name="Below">Below which number the segments lie that it read as it came.</param>
/// <param name="From">From which number those lie that are without what was left out.</param>
/// <param name="IsWhole">Whether what was left out was taken in again since, so that what came counts.</param>
public sealed record ReadTwice(int Below, int From, bool IsWhole = false);

/// <summary>A school that the source now describes otherwise than when its attributes were taken.</summary>
/// <param name="Source">Its sourcedId.</param>
/// <param name="Name">Its name in the source now.</param>
public sealed record DifferingSchool(string Source, string Name);

/// <summary>Schools that are not mapped.</summary>
/// <param name="Count">How many.</param>
/// <param name="Names">The names of some, in their order.</param>
public sealed record NotMappedSchools(int Count, IReadOnlyList<string> Names);

/// <summary>Why a run failed.</summary>
/// <param name="Part">Which part: <c>credentials</c>, <c>apiUrl</c>, <c>roster</c>, <c>guard</c>, <c>program</c> …</param>
/// <param name="Message">What happened and what to do, for a person.</param>
/// <param name="Retry">Whether a later run may succeed without anyone changing anything.</param>
public sealed record RunFailure(string Part, string Message, bool Retry);

/// <summary>How far a running run is; kept with it as JSON, twice a second.</summary>
public sealed record RunProgress
{
    /// <summary>A line for each collection, in reading order.</summary>
    public IReadOnlyList<CollectionProgress> Collections { get; init; } = [];

    /// <summary>What is being done when it is not reading: "Comparing enrollments", "Publishing 12,345 changes".</summary>
    public string? Step { get; init; }

    /// <summary>Notices so far.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>When this was written.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>As kept in the store.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Options);

    /// <summary>From the store; an empty progress for null.</summary>
    public static RunProgress FromJson(string? json) =>
        json is null ? new RunProgress() : JsonSerializer.Deserialize<RunProgress>(json, RunJson.Options)!;
}

/// <summary>How far one collection is.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="State">Where it is.</param>
/// <param name="Read">Records read.</param>
/// <param name="Expected">Records the source says it has; null when unknown.</param>
/// <param name="PerSecond">Records a second since the collection began.</param>
public sealed record CollectionProgress(Collection Collection, CollectionState State, long Read, long? Expected, double PerSecond);

/// <summary>Where a collection is in a run.</summary>
public enum CollectionState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Being read.</summary>
    Reading,

    /// <summary>Read whole.</summary>
    Complete,

    /// <summary>The source does not give it; what is known stays.</summary>
    Unavailable,
}

internal static class RunJson
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
