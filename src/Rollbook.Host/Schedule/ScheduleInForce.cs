using Quartz;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using SchedulerConstants = Quartz.SchedulerConstants;

namespace Rollbook.Host.Schedule;

/// <summary>
/// Makes the triggers be what the districts' newest configurations say. What is right already stays untouched, and with it the time that is due or was missed.
/// </summary>
internal sealed partial class ScheduleInForce(
    ISchedulerFactory schedulers,
    IInstallationStore installation,
    TimeProvider time,
    ILogger<ScheduleInForce> logger
)
{
    /// <summary>Everything is looked at again after this time, even where no configuration was saved: what somebody did to the tables does not last.</summary>
    private static readonly TimeSpan Thorough = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, int> versions = new(StringComparer.Ordinal);
    private long thoroughAt;

    /// <summary>Looks at the districts whose configuration was saved since the last time.</summary>
    internal async Task UpdateAsync(CancellationToken cancellationToken)
    {
        if (versions.Count > 0 && time.GetElapsedTime(thoroughAt) > Thorough)
        {
            versions.Clear();
        }

        if (versions.Count == 0)
        {
            thoroughAt = time.GetTimestamp();
        }

        foreach (var district in await installation.ListAsync(cancellationToken))
        {
            if (await installation.OpenAsync(district.Id, cancellationToken) is not { } store)
            {
                continue;
            }

            var version = await store.Configuration.LatestNumberAsync(cancellationToken);
            // Two nodes that both put a new trigger in place could have it fire twice; the one that comes second looks again later.
            if (versions.GetValueOrDefault(district.Id) != version && await store.TryLockAsync("schedule", cancellationToken) is { } turn)
            {
                await using (turn)
                {
                    versions[district.Id] = await UpdateAsync(store, cancellationToken);
                }
            }
        }
    }

    private async Task<int> UpdateAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        if (await store.Configuration.LatestAsync(cancellationToken) is not { } latest)
        {
            return 0;
        }

        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var configuration = DistrictConfiguration.FromDocument(latest.Document);
        var wanted = configuration.Apps.Where(app => app.Value.Schedule is not null).ToDictionary(StringComparer.Ordinal);
        foreach (var key in await scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(configuration.Id), cancellationToken))
        {
            if (!wanted.ContainsKey(key.Name))
            {
                await scheduler.DeleteJob(key, cancellationToken);
            }
        }

        foreach (var (app, settings) in wanted)
        {
            try
            {
                await PutAsync(scheduler, ImportJob.KeyOf(configuration.Id, app), settings.Schedule!, configuration.TimeZone, cancellationToken);
            }
            catch (Exception exception) when (exception is FormatException or TimeZoneNotFoundException)
            {
                // Saved by a program with other rules. The app's page says the same.
                await scheduler.DeleteJob(ImportJob.KeyOf(configuration.Id, app), cancellationToken);
                LogUnusable(configuration.Id, app, exception.Message);
            }
        }

        return latest.Number;
    }

    private async Task PutAsync(IScheduler scheduler, JobKey job, SyncSchedule schedule, string timeZone, CancellationToken cancellationToken)
    {
        var key = new TriggerKey(job.Name, job.Group);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var present = await scheduler.GetTrigger(key, cancellationToken);
        if (present is ImportTrigger same && same.Schedule == schedule && string.Equals(same.Zone.Id, zone.Id, StringComparison.Ordinal))
        {
            return;
        }

        // Never before the time that was taken last, by whichever node and clock.
        var now = time.GetUtcNow();
        var trigger = new ImportTrigger(schedule, zone, time)
        {
            Key = key,
            JobKey = job,
            StartTimeUtc = present?.PreviousFireTimeUtc is { } previous && previous > now ? previous : now,
        };
        if (trigger.GetFireTimeAfter(trigger.StartTimeUtc) is null)
        {
            // It has ended.
            await scheduler.UnscheduleJob(key, cancellationToken);
            return;
        }

        var detail = JobBuilder.Create<ImportJob>().WithIdentity(job).RequestRecovery().StoreDurably().Build();
        await scheduler.ScheduleJob(detail, [trigger], new ScheduleJobOptions { Replace = true }, cancellationToken);
        LogScheduled(job.Group, job.Name, trigger.NextFireTimeUtc);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "District {District}: the next scheduled import of {App} is due at {Next:u}.")]
    private partial void LogScheduled(string district, string app, DateTimeOffset? next);

    [LoggerMessage(Level = LogLevel.Error, Message = "District {District}: the schedule of {App} can't be carried out: {Reason}. Save another one.")]
    private partial void LogUnusable(string district, string app, string reason);
}
