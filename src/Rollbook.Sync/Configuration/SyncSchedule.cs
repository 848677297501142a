namespace Rollbook.Sync.Configuration;

/// <summary>When an app is imported by itself (product.md 3.8), in the district's time zone. Either days and times, or a cron expression.</summary>
public sealed record SyncSchedule
{
    /// <summary>On which days.</summary>
    public ScheduleDays Days { get; init; } = ScheduleDays.Daily;

    /// <summary>With <see cref="ScheduleDays.Weekly"/>.</summary>
    public IReadOnlyList<DayOfWeek> Weekdays { get; init; } = [];

    /// <summary>With <see cref="ScheduleDays.Monthly"/>: 1 to 31; in a month that is shorter, its last day.</summary>
    public IReadOnlyList<int> MonthDays { get; init; } = [];

    /// <summary>One or more times of the day.</summary>
    public IReadOnlyList<TimeOnly> Times { get; init; } = [];

    /// <summary>A Quartz cron expression, in place of days and times. Null for none.</summary>
    public string? Cron { get; init; }

    /// <summary>The last day on which it runs; null for no end.</summary>
    public DateOnly? Until { get; init; }

    /// <inheritdoc/>
    public bool Equals(SyncSchedule? other) =>
        other is not null
        && Days == other.Days
        && Weekdays.SequenceEqual(other.Weekdays)
        && MonthDays.SequenceEqual(other.MonthDays)
        && Times.SequenceEqual(other.Times)
        && string.Equals(Cron, other.Cron, StringComparison.Ordinal)
        && Until == other.Until;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Days, Weekdays.Count, MonthDays.Count, Times.Count, Cron, Until);
}

/// <summary>On which days a schedule runs.</summary>
public enum ScheduleDays
{
    /// <summary>Every day.</summary>
    Daily,

    /// <summary>On some days of the week.</summary>
    Weekly,

    /// <summary>On some days of the month.</summary>
    Monthly,
}
