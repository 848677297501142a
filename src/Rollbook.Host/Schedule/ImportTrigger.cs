using Quartz;
using Quartz.Impl.Triggers;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Schedule;

namespace Rollbook.Host.Schedule;

/// <summary>
/// The trigger of an app's scheduled imports: one an app, whose times are <see cref="ScheduleTimes"/>, the same that people are shown. Quartz moves it on in the
/// transaction in which it fires, so that each time is taken by one node (docs/decisions, "One trigger an app").
/// </summary>
internal sealed class ImportTrigger : TriggerBase
{
    private const int SmartPolicy = 0;

    private readonly ScheduleTimes times;
    private readonly TimeProvider clock;
    private DateTimeOffset? next;
    private DateTimeOffset? previous;

    /// <summary>A trigger that has not fired yet.</summary>
    /// <exception cref="FormatException">The schedule's cron expression can't be read.</exception>
    public ImportTrigger(SyncSchedule schedule, TimeZoneInfo zone, TimeProvider time)
        : base(time)
    {
        (Schedule, Zone, clock) = (schedule, zone, time);
        times = new ScheduleTimes(schedule, zone);
    }

    /// <summary>What was configured.</summary>
    public SyncSchedule Schedule { get; }

    /// <summary>The district's time zone.</summary>
    public TimeZoneInfo Zone { get; }

    /// <inheritdoc/>
    public override DateTimeOffset? NextFireTimeUtc
    {
        get => next;
        set => next = value;
    }

    /// <inheritdoc/>
    public override DateTimeOffset? PreviousFireTimeUtc
    {
        get => previous;
        set => previous = value;
    }

    /// <summary>Not known: a schedule's last day is asked of its times.</summary>
    public override DateTimeOffset? FinalFireTimeUtc => null;

    /// <inheritdoc/>
    public override bool MayFireAgain => next is not null;

    /// <inheritdoc/>
    protected override bool HasMillisecondPrecision => false;

    /// <inheritdoc/>
    public override DateTimeOffset? GetFireTimeAfter(DateTimeOffset? afterTime) => times.After(afterTime ?? clock.GetUtcNow());

    /// <inheritdoc/>
    public override DateTimeOffset? ComputeFirstFireTimeUtc(ICalendar? calendar) => next = times.After(StartTimeUtc);

    /// <summary>Moves on, over every time that has passed meanwhile: however many were missed, one import catches up.</summary>
    public override void Triggered(ICalendar? calendar)
    {
        var now = clock.GetUtcNow();
        previous = next;
        next = times.After(previous > now ? previous.Value : now);
    }

    /// <summary>A missed time is caught up at once.</summary>
    public override void UpdateAfterMisfire(ICalendar? calendar) => next = clock.GetUtcNow();

    /// <summary>Calendars of Quartz are not used.</summary>
    public override void UpdateWithNewCalendar(ICalendar cal, TimeSpan misfireThreshold) { }

    /// <inheritdoc/>
    public override IScheduleBuilder GetScheduleBuilder() => new Builder(Schedule, Zone, clock);

    /// <inheritdoc/>
    protected override bool ValidateMisfireInstruction(int misfireInstruction) => misfireInstruction == SmartPolicy;

    /// <summary>Makes the trigger again from what is stored.</summary>
    internal sealed class Builder(SyncSchedule schedule, TimeZoneInfo zone, TimeProvider time) : IScheduleBuilder
    {
        /// <inheritdoc/>
        public Quartz.Extensibility.IMutableTrigger Build() => new ImportTrigger(schedule, zone, time);
    }
}
