using System.Globalization;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.Tests.Guard;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Rollbacks;

/// <summary>What a purge takes and what the district's retention has stay.</summary>
public sealed class PurgesTests
{
    private readonly MemoryAuditLog audit = new();
    private readonly LaterTime time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Purges Purges => new(audit, time);

    [Fact]
    public async Task What_the_retention_keeps_is_never_purged_and_the_newest_always_stays()
    {
        await using var district = await FourVersionsAsync();
        (await PlanAsync(district, null)).ShouldBeOfType<PurgePlan.Refused>().Message.ShouldContain("keeps every version");
        (await PlanAsync(district, "3")).ShouldBe(new PurgePlan.Purges(1, 3));
        (await PlanAsync(district, "4")).ShouldBe(new PurgePlan.Purges(1, 4));
        (await PlanAsync(district, "5")).ShouldBeOfType<PurgePlan.Refused>().Message.ShouldContain("The newest is 4");
        (await PlanAsync(district, "yesterday")).ShouldBeOfType<PurgePlan.Refused>().Message.ShouldContain("neither a version nor a date");

        await KeepAsync(district, new Retention(Versions: 2));
        (await PlanAsync(district, null)).ShouldBe(new PurgePlan.Purges(1, 3));
        (await PlanAsync(district, "2")).ShouldBe(new PurgePlan.Purges(1, 2));
        (await PlanAsync(district, "4")).ShouldBeOfType<PurgePlan.Refused>().Message.ShouldContain("version 3 and what came after it stay");
        await KeepAsync(district, new Retention(Versions: 9));
        (await PlanAsync(district, null)).ShouldBeOfType<PurgePlan.Nothing>();

        // All four are of today: in ten days only the newest was in force in the last five.
        await KeepAsync(district, new Retention(Days: 5));
        (await PlanAsync(district, null)).ShouldBeOfType<PurgePlan.Nothing>();
        time.Later = TimeSpan.FromDays(10);
        (await PlanAsync(district, null)).ShouldBe(new PurgePlan.Purges(1, 4));
        await KeepAsync(district, new Retention(Versions: 3, Days: 5));
        (await PlanAsync(district, null)).ShouldBe(new PurgePlan.Purges(1, 2));
    }

    [Fact]
    public async Task A_date_means_the_versions_that_were_replaced_before_it()
    {
        await using var district = await FourVersionsAsync();
        (await PlanAsync(district, "2001-01-31")).ShouldBeOfType<PurgePlan.Nothing>();
        (await PlanAsync(district, "2999-01-31")).ShouldBe(new PurgePlan.Purges(1, 4));
    }

    [Fact]
    public async Task A_purge_is_told_waits_for_no_run_and_asks_the_retention_once_more()
    {
        await using var district = await FourVersionsAsync();
        var plan = (await PlanAsync(district, "3")).ShouldBeOfType<PurgePlan.Purges>();
        await using (var busy = await district.Store.TryLockAsync("import", Token))
        {
            (await PurgeAsync(district, plan)).ShouldBeOfType<PurgeResult.Refused>().Message.ShouldContain("at work");
        }

        await KeepAsync(district, new Retention(Versions: 3));
        (await PurgeAsync(district, plan)).ShouldBeOfType<PurgeResult.Refused>();
        (await district.Store.Roster.LatestAsync(Token))!.OldestKept.ShouldBe(1);
        audit.Entries.ShouldBeEmpty();

        // Of each of the versions 2 to 4 a pupil's old values are kept; those that died with version 2 go.
        (await PurgeAsync(district, new PurgePlan.Purges(1, 2))).ShouldBe(new PurgeResult.Done(1, 0));
        (await district.Store.Roster.LatestAsync(Token))!.OldestKept.ShouldBe(2);
        var entry = audit.Entries.ShouldHaveSingleItem();
        (entry.Who, entry.Action).ShouldBe(("ada", AuditActions.VersionsPurged));
        entry.NewValue.ShouldStartWith("\"versions 1 to 1, notifications before ");
    }

    [Fact]
    public async Task Notifications_go_with_the_versions_of_their_time_but_none_that_may_be_news()
    {
        await using var district = await FourVersionsAsync();
        var oldest = (await district.Store.Roster.VersionAsync(4, Token))!.PublishedAt;
        var (old, kept) = (oldest.AddDays(-2), oldest.AddMinutes(1));
        await district.Store.Notifications.TellAsync([Told("a", old), Told("b", old.AddDays(1)), Told("c", kept), Told("d", kept)], null, Token);

        // All of it is of today.
        (await PurgeAsync(district, new PurgePlan.Purges(1, 2)))
            .ShouldBeOfType<PurgeResult.Done>()
            .Notifications.ShouldBe(0);
        time.Later = Purges.News - TimeSpan.FromHours(36);
        (await PurgeAsync(district, new PurgePlan.Purges(2, 3))).ShouldBeOfType<PurgeResult.Done>().Notifications.ShouldBe(1);
        time.Later = TimeSpan.FromDays(900);
        (await PurgeAsync(district, new PurgePlan.Purges(3, 4))).ShouldBeOfType<PurgeResult.Done>().Notifications.ShouldBe(1);
        (await district.Store.Notifications.ListAsync(null, null, null, 10, Token)).Select(each => each.Title).ShouldBe(["d", "c"]);
        audit
            .Entries[^1]
            .NewValue.ShouldBe(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"\"versions 3 to 3, notifications before {oldest.ToUniversalTime():yyyy-MM-dd HH:mm} UTC\""
                )
            );

        static NewNotification Told(string mark, DateTimeOffset at) => new("held", "synergy", null, at, mark, [], "", mark, []);
    }

    private Task<PurgePlan> PlanAsync(TestDistrict district, string? before) => Purges.PlanAsync(district.Store, before, Token);

    private Task<PurgeResult> PurgeAsync(TestDistrict district, PurgePlan.Purges plan) =>
        Purges.PurgeAsync(district.Store, plan, "ada", AuditChannel.Console, Token);

    private static async Task<TestDistrict> FourVersionsAsync()
    {
        var made = new Pupils(40);
        var district = await made.ImportedAsync();
        for (var version = 2; version <= 4; version++)
        {
            made.Each(1, pupil => pupil["givenName"] = $"Amy {version}");
            (await district.ImportAsync()).Version.ShouldBe(version);
        }

        return district;
    }

    private static async Task KeepAsync(TestDistrict district, Retention retention)
    {
        var latest = (await district.Store.Configuration.LatestAsync(Token))!;
        var configuration = DistrictConfiguration.FromDocument(latest.Document) with { Retention = retention };
        await district.Store.Configuration.AddAsync(latest.Number, configuration.ToDocument(), "test", DateTimeOffset.UnixEpoch, Token);
    }

    private sealed class LaterTime : TimeProvider
    {
        internal TimeSpan Later { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Later;
    }
}
