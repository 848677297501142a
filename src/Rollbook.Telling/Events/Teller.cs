using Microsoft.Extensions.Logging;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Schedule;

namespace Rollbook.Telling.Events;

/// <summary>
/// Finds what is to be told in the runs that are in the store, and writes it down together with how far it came: whatever dies in between, the next look finds it. An event is told
/// once, by its mark (docs/decisions, "Told from the runs, sent from an outbox").
/// </summary>
internal sealed partial class Teller(Recipients recipients, TellingOptions options, TimeProvider time, ILogger<Teller> logger)
{
    private const int RunsAtOnce = 200;

    /// <summary>A schedule that ended longer ago, before there were notifications or while no server ran, is no news.</summary>
    private const int NewsDays = 7;

    private readonly Dictionary<string, (int Version, DistrictConfiguration? Configuration)> configurations = new(StringComparer.Ordinal);

    /// <summary>What this program has looked at already and need not look at again: runs by their state, and ended schedules.</summary>
    private readonly Dictionary<(string District, long Run), (string State, int Report)> seen = [];
    private readonly HashSet<(string District, string Mark)> ended = [];

    /// <summary>Looks at a district; does nothing while another program does.</summary>
    internal async Task LookAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        if (!await IsNewsAsync(store, cancellationToken))
        {
            return;
        }

        if (await store.TryLockAsync("telling", cancellationToken) is not { } turn)
        {
            return;
        }

        await using (turn)
        {
            while (await TellAsync(store, cancellationToken)) { }
        }
    }

    private async Task<bool> IsNewsAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var (_, runs) = await RunsAsync(store, cancellationToken);
        return runs.Any(run => IsUnseen(store, run)) || EndedSchedules(store, await ConfigurationAsync(store, cancellationToken)).Any();
    }

    /// <summary>Tells what there is; true when there may be more.</summary>
    private async Task<bool> TellAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var (told, runs) = await RunsAsync(store, cancellationToken);
        var configuration = await ConfigurationAsync(store, cancellationToken);
        var news = new List<NewNotification>();
        var troubles = new Dictionary<string, AppTrouble>(StringComparer.Ordinal);

        // As they came to their ends: one that waited may have been accepted after a later one failed.
        foreach (var run in runs.Where(run => IsUnseen(store, run)).OrderBy(run => run.EndedAt ?? DateTimeOffset.MaxValue).ThenBy(run => run.Number))
        {
            if (!troubles.TryGetValue(run.App, out var trouble))
            {
                troubles[run.App] = trouble = await AppTrouble.OfAsync(store.Notifications, run.App, cancellationToken);
            }

            await AddAsync(store, configuration, run, trouble, news, cancellationToken);
        }

        foreach (var (app, settings, mark) in EndedSchedules(store, configuration).ToList())
        {
            news.Add(await OfScheduleAsync(store, app, settings, mark, cancellationToken));
        }

        var newest = runs.Select(run => run.Number).Append(told.Newest).Max();
        var followed = runs.Where(run => !RunStates.IsEnd(RunStates.FromWord(run.State))).Select(run => run.Number).Order().ToList();
        // A run that only goes on says nothing: no need to wait for whoever publishes.
        if (news.Count > 0 || newest != told.Newest || !followed.SequenceEqual(told.Followed))
        {
            var count = await store.Notifications.TellAsync(news, new ToldRuns(newest, followed), cancellationToken);
            if (count > 0)
            {
                LogTold(store.District.Id, count);
            }
        }

        foreach (var run in runs)
        {
            seen[(store.District.Id, run.Number)] = Look(run);
        }

        foreach (var mark in news.Where(each => each.Run is null).Select(each => each.Mark))
        {
            ended.Add((store.District.Id, mark));
        }

        foreach (
            var gone in seen
                .Keys.Where(key => string.Equals(key.District, store.District.Id, StringComparison.Ordinal) && !followed.Contains(key.Run))
                .ToList()
        )
        {
            seen.Remove(gone);
        }

        return runs.Count(run => run.Number > told.Newest) == RunsAtOnce;
    }

    /// <summary>The runs that may have something to say: newer ones, and those that had not ended when they were looked at.</summary>
    private static async Task<(ToldRuns Told, List<RunRecord> Runs)> RunsAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var told = await store.Notifications.ToldAsync(cancellationToken);
        var runs = new List<RunRecord>();
        foreach (var number in told.Followed)
        {
            if (await store.Runs.GetAsync(number, cancellationToken) is { } run)
            {
                runs.Add(run);
            }
        }

        runs.AddRange(await store.Runs.AfterAsync(told.Newest, RunsAtOnce, cancellationToken));
        return (told, runs);
    }

    private bool IsUnseen(IDistrictStore store, RunRecord run) =>
        !seen.TryGetValue((store.District.Id, run.Number), out var look) || look != Look(run);

    private static (string State, int Report) Look(RunRecord run) =>
        (run.State, StringComparer.Ordinal.GetHashCode(RunStates.IsUndecided(run) ? run.Report ?? "" : ""));

    private async Task AddAsync(
        IDistrictStore store,
        DistrictConfiguration? configuration,
        RunRecord run,
        AppTrouble trouble,
        List<NewNotification> news,
        CancellationToken cancellationToken
    )
    {
        var state = RunStates.FromWord(run.State);
        var report = RunReport.FromJson(run.Report);
        if (report.Purpose == RunPurpose.Rollback)
        {
            // A person's own doing, who looks at it; no app is in trouble for it.
            return;
        }

        var name = configuration?.Apps.GetValueOrDefault(run.App)?.Name ?? run.App;
        if (trouble.IsReachedAgainBy(run.Number) && RunTopics.IsReached(state, report))
        {
            await AddAsync(Topic.ConnectivityRestored, reasons: "", $"{run.Number}");
        }

        if (trouble.IsRecoveredBy(run.Number) && RunTopics.IsSuccess(state, report))
        {
            await AddAsync(Topic.Recovered, reasons: "", $"{run.Number}");
        }

        switch (state)
        {
            case RunState.Held or RunState.Waiting:
                var topic = state == RunState.Held ? Topic.Held : Topic.Waiting;
                var reasons = RunTopics.ReasonsOf(report);
                if (!await IsToldAsync(store, run, topic, reasons, cancellationToken))
                {
                    await AddAsync(topic, reasons, $"{run.Number}/{report.ChangeHash}");
                }

                break;
            case RunState.Failed when RunTopics.IsConnectivity(report.Failure):
                if (!trouble.IsLost)
                {
                    await AddAsync(Topic.ConnectivityLost, reasons: "", $"{run.Number}");
                }

                break;
            case RunState.Failed:
                if (!trouble.IsFailing)
                {
                    await AddAsync(Topic.Failed, reasons: "", $"{run.Number}");
                }

                break;
        }

        async Task AddAsync(Topic topic, string reasons, string mark)
        {
            trouble.Told(topic, run.Number);
            news.Add(
                new NewNotification(
                    Topics.ToWord(topic),
                    run.App,
                    run.Number,
                    time.GetUtcNow(),
                    RunTopics.Title(topic, name),
                    RunTopics.Details(topic, run, report),
                    reasons,
                    $"{Topics.ToWord(topic)}/{mark}",
                    await DeliveriesAsync(store, topic, cancellationToken)
                )
            );
        }
    }

    /// <summary>
    /// Whether people know already that the app waits for them for these reasons: this run did, or the one whose place it took, and that was today. On another day they are reminded.
    /// </summary>
    private async Task<bool> IsToldAsync(IDistrictStore store, RunRecord run, Topic topic, string reasons, CancellationToken cancellationToken)
    {
        if (
            await store.Notifications.ListAsync(run.App, [Topics.ToWord(topic)], before: null, limit: 1, cancellationToken)
                is not [{ Run: { } number } last]
            || !string.Equals(last.Reasons, reasons, StringComparison.Ordinal)
        )
        {
            return false;
        }

        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(store.District.TimeZone, out var found) ? found : TimeZoneInfo.Utc;
        DateTime DayOf(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).Date;
        return DayOf(last.At) == DayOf(time.GetUtcNow())
            && (
                number == run.Number
                || (await store.Runs.GetAsync(number, cancellationToken))?.State is { } state && RunStates.FromWord(state) == RunState.Superseded
            );
    }

    private IEnumerable<(string App, AppConfiguration Settings, string Mark)> EndedSchedules(
        IDistrictStore store,
        DistrictConfiguration? configuration
    )
    {
        if (configuration is null || !TimeZoneInfo.TryFindSystemTimeZoneById(configuration.TimeZone, out var zone))
        {
            yield break;
        }

        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        foreach (var (app, settings) in configuration.Apps)
        {
            if (settings.Schedule is not { Until: { } until } schedule || until > today || until < today.AddDays(-NewsDays))
            {
                continue;
            }

            var mark = FormattableString.Invariant($"{Topics.ToWord(Topic.ScheduleEnded)}/{app}/{until:yyyy-MM-dd}");
            if (!ended.Contains((store.District.Id, mark)) && IsOver(schedule, zone, now))
            {
                yield return (app, settings, mark);
            }
        }
    }

    private static bool IsOver(SyncSchedule schedule, TimeZoneInfo zone, DateTimeOffset now)
    {
        try
        {
            return new ScheduleTimes(schedule, zone).After(now) is null;
        }
        catch (FormatException)
        {
            // Saved by a program with other rules; the app's page says so.
            return false;
        }
    }

    private async Task<NewNotification> OfScheduleAsync(
        IDistrictStore store,
        string app,
        AppConfiguration settings,
        string mark,
        CancellationToken cancellationToken
    ) =>
        new(
            Topics.ToWord(Topic.ScheduleEnded),
            app,
            Run: null,
            time.GetUtcNow(),
            RunTopics.Title(Topic.ScheduleEnded, settings.Name),
            [
                FormattableString.Invariant(
                    $"Its end date is {settings.Schedule!.Until:yyyy-MM-dd}: nothing is imported by itself any more. To go on, set another end date in the app's settings, under Schedule."
                ),
            ],
            Reasons: "",
            mark,
            await DeliveriesAsync(store, Topic.ScheduleEnded, cancellationToken)
        );

    private async Task<IReadOnlyCollection<(DeliveryChannel Channel, string Recipient)>> DeliveriesAsync(
        IDistrictStore store,
        Topic topic,
        CancellationToken cancellationToken
    )
    {
        var deliveries = new List<(DeliveryChannel, string)>();
        if ((await ConfigurationAsync(store, cancellationToken))?.Webhook is not null)
        {
            deliveries.Add((DeliveryChannel.Webhook, ""));
        }

        if (options.Mail is not null)
        {
            deliveries.AddRange((await recipients.OfAsync(store, topic, cancellationToken)).Select(person => (DeliveryChannel.Email, person)));
        }

        return deliveries;
    }

    private async Task<DistrictConfiguration?> ConfigurationAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var version = await store.Configuration.LatestNumberAsync(cancellationToken);
        if (!configurations.TryGetValue(store.District.Id, out var known) || known.Version != version)
        {
            var latest = await store.Configuration.LatestAsync(cancellationToken);
            known = (version, latest is null ? null : DistrictConfiguration.FromDocument(latest.Document));
            configurations[store.District.Id] = known;
        }

        return known.Configuration;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "District {District}: {Count} notifications are told.")]
    private partial void LogTold(string district, int count);
}
