using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Tests.Deliver;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.Tests.Guard;
using Rollbook.Sync.Tests.Runs;

namespace Rollbook.Sync.Tests.Rollbacks;

/// <summary>What export apps are sent of rollbacks and after purges.</summary>
public sealed class DeliveredTests
{
    private static readonly DeliveryWish Wish = new("ada", AuditChannel.Console);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rollback_is_delivered_as_changes_and_after_a_purge_of_what_was_delivered_everything_is_sent()
    {
        var made = new Pupils(40);
        await using var bed = await ExportBed.NewAsync(made.Source);
        await bed.ConfigureAsync(
            new AppConfiguration { Type = "scripted" },
            ("mode", "delta"),
            ("path", Path.Combine(bed.Folder, TestDistrict.Id, "roster-{version}.zip"))
        );
        await bed.District.ImportAsync();
        await ShouldDeliverAsync(version: 1, since: null);
        made.Add(100, school: 0);
        await bed.District.ImportAsync();
        await ShouldDeliverAsync(version: 2, since: 1);

        (await bed.District.RollBackAsync(1)).Version.ShouldBe(3);
        await ShouldDeliverAsync(version: 3, since: 2);

        (await bed.District.ImportAsync()).Version.ShouldBe(4);
        await bed.Store.Roster.PurgeAsync(4, Token);
        await ShouldDeliverAsync(version: 4, since: null);

        async Task ShouldDeliverAsync(int version, int? since)
        {
            var delivery = (await bed.LookAsync()).ShouldNotBeNull();
            (delivery.State, delivery.Start.Version, delivery.Start.Since).ShouldBe((DeliveryState.Delivered, version, since), delivery.Failure);
        }
    }

    [Fact]
    public async Task What_is_purged_while_a_package_is_made_of_it_is_not_delivered_and_everything_is_sent_next()
    {
        var made = new Pupils(40);
        await using var bed = await ExportBed.NewAsync(made.Source);
        await bed.ConfigureAsync(
            new AppConfiguration { Type = "scripted" },
            ("mode", "delta"),
            ("path", Path.Combine(bed.Folder, TestDistrict.Id, "roster-{version}.zip"))
        );
        await bed.District.ImportAsync();
        (await bed.LookAsync())!.State.ShouldBe(DeliveryState.Delivered);
        made.Remove(3);
        await bed.District.ImportAsync();

        // A purge after the first read, of the version from which on changes are told.
        (await DeliverAsync(since: 1, nameof(IRosterStore.ChangesAsync), purge: 2)).Failure!.ShouldContain("version 1 was purged");
        Packages().ShouldBe(["roster-1.zip"]);

        // Another version and a purge while everything is read.
        (await DeliverAsync(since: null, nameof(IRosterStore.ReadAsync), purge: 3)).Failure!.ShouldContain("version 2 was purged");
        Packages().ShouldBe(["roster-1.zip"]);

        var next = (await bed.Deliveries.DeliverAsync(bed.Store, ExportBed.App, Wish, Token)).ShouldBeOfType<DeliveryResult.Ended>().Delivery;
        (next.State, next.Start.Version, next.Start.Since).ShouldBe((DeliveryState.Delivered, 3, null), next.Failure);
        Packages().ShouldBe(["roster-1.zip", "roster-3.zip"]);

        IEnumerable<string?> Packages() => Directory.GetFiles(Path.Combine(bed.Folder, TestDistrict.Id)).Select(Path.GetFileName).Order();

        async Task<DeliveryRecord> DeliverAsync(int? since, string read, int purge)
        {
            var isPurged = false;
            var roster = Through<IRosterStore>.Of(
                bed.Store.Roster,
                (method, _) =>
                {
                    if (method.Name == read && !isPurged)
                    {
                        isPurged = true;
                        PurgeAsync(purge).GetAwaiter().GetResult();
                    }

                    return null;
                }
            );
            var store = Through<IDistrictStore>.Of(bed.Store, (method, _) => method.Name is "get_" + nameof(IDistrictStore.Roster) ? roster : null);
            var delivery = (await bed.Deliveries.DeliverAsync(store, ExportBed.App, Wish, Token)).ShouldBeOfType<DeliveryResult.Ended>().Delivery;
            (delivery.State, delivery.Start.Since).ShouldBe((DeliveryState.Failed, since), delivery.Failure);
            return delivery;
        }

        async Task PurgeAsync(int oldest)
        {
            if ((await bed.Store.Roster.LatestAsync(Token))!.Number < oldest)
            {
                made.Add(100, school: 0);
                (await bed.District.ImportAsync()).Version.ShouldBe(oldest);
            }

            await bed.Store.Roster.PurgeAsync(oldest, Token);
        }
    }
}
