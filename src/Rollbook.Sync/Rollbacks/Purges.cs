using System.Globalization;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Rollbacks;

/// <summary>
/// Frees versions that the district's <see cref="Retention"/> does not ask to keep, when a person says so (sync-safety.md section 7). Whoever asks first plans, and then carries the plan out;
/// console and command line do the same.
/// </summary>
public sealed class Purges(IAuditLog audit, TimeProvider time)
{
    /// <summary>How long a notification is news, whatever the district keeps.</summary>
    public static readonly TimeSpan News = TimeSpan.FromDays(30);

    /// <summary>What a purge would take.</summary>
    /// <param name="store">The district.</param>
    /// <param name="before">What is wanted: a version's number or a date (<c>2026-06-30</c>) in the district's time zone; null for all that the retention does not ask to keep.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    public async Task<PurgePlan> PlanAsync(IDistrictStore store, string? before, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await store.Roster.LatestAsync(cancellationToken) is not { } latest)
        {
            return new PurgePlan.Refused("Nothing is published yet, so there is nothing to purge.");
        }

        var configuration = await store.Configuration.LatestAsync(cancellationToken) is { } version
            ? DistrictConfiguration.FromDocument(version.Document)
            : DistrictConfiguration.Of(store.District);
        var kept = await KeptFromAsync(store, configuration.Retention, latest, cancellationToken);
        if (string.IsNullOrWhiteSpace(before))
        {
            return configuration.Retention is null
                ? new PurgePlan.Refused(
                    "The district keeps every version. Set how long versions are kept, or say before which version or date to purge."
                )
                : Plan(latest, kept);
        }

        int oldest;
        if (int.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            if (number < 1 || number > latest.Number)
            {
                return new PurgePlan.Refused($"There is no version {before}. The newest is {latest.Number}, and it always stays.");
            }

            oldest = number;
        }
        else if (DateOnly.TryParseExact(before, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(configuration.TimeZone);
            var midnight = day.ToDateTime(TimeOnly.MinValue);
            oldest = await InForceAsync(store, latest, new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)), cancellationToken);
        }
        else
        {
            return new PurgePlan.Refused($"\"{before}\" is neither a version nor a date such as 2026-06-30.");
        }

        return configuration.Retention is { } retention && oldest > kept
            ? new PurgePlan.Refused(
                $"The district keeps {retention.Words}, so version {kept} and what came after it stay. Purge before version {kept}, or change how long versions are kept."
            )
            : Plan(latest, oldest);
    }

    /// <summary>Carries a plan out, and tells the audit log. Notifications of what was told before the oldest version that stays go with it, but none that may still be news.</summary>
    /// <returns>How many old values were freed; or why nothing was done, for a person.</returns>
    public async Task<PurgeResult> PurgeAsync(
        IDistrictStore store,
        PurgePlan.Purges plan,
        string who,
        AuditChannel how,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(plan);

        // A rollback may be reading what is to go.
        if (await store.TryLockAsync("import", cancellationToken) is not { } turn)
        {
            return new PurgeResult.Refused("An import or a rollback is at work. Purge when it has ended.");
        }

        await using (turn)
        {
            // The retention may be another since the plan was shown.
            if (await PlanAsync(store, plan.Oldest.ToString(CultureInfo.InvariantCulture), cancellationToken) is PurgePlan.Refused refused)
            {
                return new PurgeResult.Refused(refused.Message);
            }

            var told = await NotificationsBeforeAsync(store, plan, cancellationToken);
            var what = FormattableString.Invariant($"versions {plan.First} to {plan.Oldest - 1}, notifications before {told:yyyy-MM-dd HH:mm} UTC");
            await audit.WriteAsync(
                new AuditEntry(store.District.Id, who, how, AuditActions.VersionsPurged, "versions")
                {
                    NewValue = System.Text.Json.JsonSerializer.Serialize(what),
                },
                cancellationToken
            );
            var freed = await store.Roster.PurgeAsync(plan.Oldest, CancellationToken.None);
            return new PurgeResult.Done(freed, await store.Notifications.PurgeAsync(told, CancellationToken.None));
        }
    }

    /// <summary>Before which moment nothing that was told is kept any more: that of the oldest version that stays, and of what may still be news.</summary>
    private async Task<DateTimeOffset> NotificationsBeforeAsync(IDistrictStore store, PurgePlan.Purges plan, CancellationToken cancellationToken)
    {
        var oldest = (await store.Roster.VersionAsync(plan.Oldest, cancellationToken))!.PublishedAt.ToUniversalTime();
        var news = time.GetUtcNow() - News;
        return oldest < news ? oldest : news;
    }

    private static PurgePlan Plan(RosterVersion latest, int oldest) =>
        oldest <= latest.OldestKept
            ? new PurgePlan.Nothing($"There is nothing to purge: version {latest.OldestKept} is the oldest that is kept.")
            : new PurgePlan.Purges(latest.OldestKept, oldest);

    /// <summary>The oldest version that a retention asks to keep.</summary>
    private async Task<int> KeptFromAsync(IDistrictStore store, Retention? retention, RosterVersion latest, CancellationToken cancellationToken)
    {
        var kept = latest.Number;
        if (retention?.Versions is { } versions)
        {
            kept = Math.Min(kept, latest.Number - versions + 1);
        }

        if (retention?.Days is { } days)
        {
            kept = Math.Min(kept, await InForceAsync(store, latest, time.GetUtcNow().AddDays(-days), cancellationToken));
        }

        return Math.Max(kept, 1);
    }

    /// <summary>The version that was the newest at a moment; the first for one before it.</summary>
    private static async Task<int> InForceAsync(
        IDistrictStore store,
        RosterVersion latest,
        DateTimeOffset moment,
        CancellationToken cancellationToken
    )
    {
        // Versions come in the order of time, so the one that is looked for is found by halves.
        var (low, high) = (1, latest.Number);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if ((await store.Roster.VersionAsync(middle, cancellationToken))!.PublishedAt <= moment)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}

/// <summary>What a purge would do.</summary>
public abstract record PurgePlan
{
    private PurgePlan() { }

    /// <summary>It would free the versions from <paramref name="First"/> up to the one before <paramref name="Oldest"/>, which stays.</summary>
    public sealed record Purges(int First, int Oldest) : PurgePlan
    {
        /// <summary>How many versions.</summary>
        public int Count => Oldest - First;
    }

    /// <summary>Nothing is older than what is wanted.</summary>
    public sealed record Nothing(string Message) : PurgePlan;

    /// <summary>It can't be, for the reason given.</summary>
    public sealed record Refused(string Message) : PurgePlan;
}

/// <summary>What became of a purge.</summary>
public abstract record PurgeResult
{
    private PurgeResult() { }

    /// <summary>So many old values are no longer kept, and so many notifications.</summary>
    public sealed record Done(long Freed, int Notifications) : PurgeResult;

    /// <summary>Nothing was done, for the reason given.</summary>
    public sealed record Refused(string Message) : PurgeResult;
}
