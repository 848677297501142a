using Rollbook.Model;

namespace Rollbook.Sync.Configuration;

/// <summary>
/// A limit on change (sync-safety.md section 2): a run that reaches the percentage or the count is held, unless it concerns fewer records than a floor says.
/// </summary>
/// <param name="Operation">What is counted.</param>
/// <param name="Scope">Over what it is counted.</param>
public sealed record SyncLimit(Operation Operation, LimitScope Scope)
{
    /// <summary>The kind's word; null for every kind, each on its own, that has no limit by name for the operation.</summary>
    public string? Kind { get; init; }

    /// <summary>From this percentage of the source's records of the kind in the scope, above 0 to 100; null for none.</summary>
    public decimal? Percent { get; init; }

    /// <summary>From this many records, whatever the percentage; null for none.</summary>
    public long? Count { get; init; }

    /// <summary>Below this many records a percentage does not hold a run.</summary>
    public long LeastRecords { get; init; }

    /// <summary>Where the source has fewer records of the kind in the scope, a percentage does not hold a run.</summary>
    public long LeastPopulation { get; init; }
}

/// <summary>Over what changes are counted.</summary>
public enum LimitScope
{
    /// <summary>All that the source has.</summary>
    Source,

    /// <summary>Each school on its own.</summary>
    School,
}

/// <summary>Why a limit can't be evaluated.</summary>
public enum LimitRefusal
{
    /// <summary>It has neither a percentage nor a count.</summary>
    NoFigure,

    /// <summary>It is by school, and records of its kind are at none.</summary>
    NotAtSchool,
}

/// <summary>The limits in force.</summary>
public static class SyncLimits
{
    /// <summary>The shipped Sync hold threshold, in percent.</summary>
    public const int DefaultThreshold = 10;

    /// <summary>The table that is shipped, with a Sync hold threshold.</summary>
    public static IReadOnlyList<SyncLimit> Shipped(int threshold) =>
        [
            new(Operation.Delete, LimitScope.Source) { Percent = threshold, LeastRecords = 25 },
            new(Operation.Delete, LimitScope.School) { Percent = 20, LeastRecords = 10 },
            new(Operation.Update, LimitScope.Source) { Percent = 75, LeastRecords = 25 },
            new(Operation.Create, LimitScope.Source) { Percent = 50, LeastRecords = 25 },
            new(Operation.Rekey, LimitScope.Source) { Percent = 2, LeastRecords = 10 },
            new(Operation.Delete, LimitScope.Source)
            {
                Kind = Kinds.Of(Model.Kind.Enrollment).Name,
                Percent = 25,
                LeastRecords = 25,
            },
        ];

    /// <summary>Why a limit can't be evaluated; null when it can.</summary>
    public static LimitRefusal? Refuse(SyncLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        return limit is { Percent: null, Count: null } ? LimitRefusal.NoFigure
            : limit is { Scope: LimitScope.School, Kind: { } named } && Kinds.Find(named)?.SchoolAttribute is null ? LimitRefusal.NotAtSchool
            : null;
    }

    /// <summary>The table that an app's own one takes the place of: the shipped one with its Sync hold threshold, or with the shipped threshold where that is off.</summary>
    public static IReadOnlyList<SyncLimit> DefaultsOf(AdvancedSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Shipped(settings.SyncHoldThreshold > 0 ? settings.SyncHoldThreshold : DefaultThreshold);
    }

    /// <summary>The limits of an app as they are evaluated.</summary>
    public static IReadOnlyList<SyncLimit> Of(AdvancedSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var table = settings.Limits ?? Shipped(settings.SyncHoldThreshold);
        return settings.SyncHoldThreshold > 0 ? table : [.. table.Select(limit => limit with { Percent = null })];
    }

    /// <summary>Whether a limit of a table is for a kind.</summary>
    public static bool IsFor(this SyncLimit limit, IReadOnlyList<SyncLimit> table, KindDefinition kind)
    {
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(kind);
        return limit.Kind is { } named
            ? string.Equals(named, kind.Name, StringComparison.Ordinal)
            : !table.Any(other => other.Operation == limit.Operation && string.Equals(other.Kind, kind.Name, StringComparison.Ordinal));
    }
}
