using System.Text.Json;
using Rollbook.Model;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.WhatIf;

/// <summary>What an import would do to the roster. Kept as JSON where a page shows it; its samples name people, so it goes into no log.</summary>
public sealed record WhatIfReport
{
    /// <summary>The app.</summary>
    public required string App { get; init; }

    /// <summary>Which source was read instead of the one in force, in words; null for that.</summary>
    public string? Of { get; init; }

    /// <summary>What it was derived from.</summary>
    public WhatIfBasis Basis { get; init; }

    /// <summary>Distinct source records, by kind.</summary>
    public IReadOnlyDictionary<Kind, long> Read { get; init; } = new Dictionary<Kind, long>();

    /// <summary>Records that would not be in the roster, by kind.</summary>
    public IReadOnlyDictionary<Kind, long> Skipped { get; init; } = new Dictionary<Kind, long>();

    /// <summary>Records that would be imported with an issue, by kind.</summary>
    public IReadOnlyDictionary<Kind, long> Reported { get; init; } = new Dictionary<Kind, long>();

    /// <summary>Where it was asked for (<see cref="WhatIfQuestion.Census"/>): how many records lack a value or have one that is not valid, whatever is chosen.</summary>
    public IReadOnlyList<WhatIfLack> Lacking { get; init; } = [];

    /// <summary>Records that Filter Rules would leave out, with those that follow them, by kind.</summary>
    public IReadOnlyDictionary<Kind, long> Filtered { get; init; } = new Dictionary<Kind, long>();

    /// <summary>Where it was asked for: what passes the Filter Rules of each kind that has some.</summary>
    public IReadOnlyList<WhatIfFilter> FilterEffects { get; init; } = [];

    /// <summary>Records that Data Requirements would skip for what they lack themselves, by kind.</summary>
    public IReadOnlyDictionary<Kind, long> LeftOut { get; init; } = new Dictionary<Kind, long>();

    /// <summary>Records that would go with those, since they can't stand without them, by kind.</summary>
    public IReadOnlyDictionary<Kind, long> TakenAlong { get; init; } = new Dictionary<Kind, long>();

    /// <summary>What the app's Domains of Uniqueness would tell of its people; empty where they are compared with nobody.</summary>
    public IReadOnlyList<DomainTally> Domains { get; init; } = [];

    /// <summary>What would change, by kind, with what stays and what only follows from other changes.</summary>
    public IReadOnlyDictionary<Kind, ChangeCounts> Changes { get; init; } = new Dictionary<Kind, ChangeCounts>();

    /// <summary>What would change, by school, by name. A person of several schools counts at each of them, so these do not add up to <see cref="Changes"/>.</summary>
    public IReadOnlyList<WhatIfSchool> Schools { get; init; } = [];

    /// <summary>Some of the records that would change: at most <see cref="SamplesOfEach"/> of a kind and operation.</summary>
    public IReadOnlyList<WhatIfSample> Samples { get; init; } = [];

    /// <summary>Limits and guards for which the next import would wait for a person, as its run then says them.</summary>
    public IReadOnlyList<RunHold> Holds { get; init; } = [];

    /// <summary>As what the next import would wait: <see cref="RunState.Held"/> or <see cref="RunState.Waiting"/>; null when it would be published at once.</summary>
    public RunState? WaitsAs { get; init; }

    /// <summary>Whether only removals would wait, and what is added and updated be published at once (<see cref="Configuration.HoldMode.Removals"/>).</summary>
    public bool LetsAdditionsThrough { get; init; }

    /// <summary>Whether a limit or guard is broken by these changes themselves, and not only by what waits for a decision anyway: a rollback, a SIS Migration.</summary>
    public bool IsOverLimits => Holds.Any(hold => hold.IsOfChanges);

    /// <summary>What differs in the limits themselves from those that are in force, a sentence each.</summary>
    public IReadOnlyList<string> LimitChanges { get; init; } = [];

    /// <summary>What a person should know.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>How long it took.</summary>
    public double Seconds { get; init; }

    /// <summary>How many samples there are at most of a kind and operation.</summary>
    public const int SamplesOfEach = 20;

    /// <summary>Whether anything would change.</summary>
    public bool Any => Changes.Values.Any(counts => counts.Any);

    /// <summary>As kept.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Options);

    /// <summary>As kept, back.</summary>
    public static WhatIfReport FromJson(string json) => JsonSerializer.Deserialize<WhatIfReport>(json, RunJson.Options)!;
}

/// <summary>What passes the Filter Rules of a kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Passed">Records that pass.</param>
/// <param name="Left">Records that no rule lets pass.</param>
/// <param name="PassedSamples">Some that pass.</param>
/// <param name="LeftSamples">Some that do not.</param>
public sealed record WhatIfFilter(Kind Kind, long Passed, long Left, IReadOnlyList<WhatIfName> PassedSamples, IReadOnlyList<WhatIfName> LeftSamples);

/// <summary>A record by its SIS ID and what it is called; personal data.</summary>
public sealed record WhatIfName(string SisId, string? Name);

/// <summary>How many records of a kind lack a value.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="Missing">Records without a value.</param>
/// <param name="Invalid">Records with one that is not valid.</param>
public sealed record WhatIfLack(Kind Kind, string Attribute, long Missing, long Invalid);

/// <summary>What a what-if was derived from.</summary>
public enum WhatIfBasis
{
    /// <summary>What the source said at the last import.</summary>
    KeptUpload,

    /// <summary>The source itself, read anew.</summary>
    Source,
}

/// <summary>What would change at a school.</summary>
/// <param name="Id">Its Rollbook ID.</param>
/// <param name="Name">Its name, as it would be; as it is for one that would go.</param>
/// <param name="Changes">By kind: created, updated and deleted.</param>
public sealed record WhatIfSchool(string Id, string Name, IReadOnlyDictionary<Kind, ChangeCounts> Changes);

/// <summary>A record that would change.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Operation">What would happen to it.</param>
/// <param name="Id">Its Rollbook ID.</param>
/// <param name="SisId">Its SIS ID.</param>
/// <param name="Name">What it is called, for people; null for what has no name.</param>
public sealed record WhatIfSample(Kind Kind, Operation Operation, string Id, string SisId, string? Name);

/// <summary>How far a what-if is.</summary>
/// <param name="Reading">How far its source has been read.</param>
/// <param name="Changes">What would change as far as one can tell.</param>
public sealed record WhatIfProgress(RunProgress Reading, IReadOnlyDictionary<Kind, ChangeCounts> Changes)
{
    /// <summary>It in a sentence.</summary>
    public override string ToString() =>
        Reading.Step
        ?? Reading
            .Collections.Where(line => line.State == CollectionState.Reading)
            .Select(line =>
                line.Expected is { } expected
                    ? FormattableString.Invariant($"Reading {Collections.NameOf(line.Collection)}: {line.Read:N0} of {expected:N0}")
                    : FormattableString.Invariant($"Reading {Collections.NameOf(line.Collection)}: {line.Read:N0}")
            )
            .LastOrDefault()
        ?? "Reading";
}
