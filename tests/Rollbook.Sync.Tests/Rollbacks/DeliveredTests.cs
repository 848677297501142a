using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Tests.Deliver;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.Tests.Guard;

namespace Rollbook.Sync.Tests.Rollbacks;

/// <summary>What export apps are sent of rollbacks and after purges.</summary>
public sealed class DeliveredTests
{
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
        await bed.Store.Roster.PurgeAsync(4, TestContext.Current.CancellationToken);
        await ShouldDeliverAsync(version: 4, since: null);

        async Task ShouldDeliverAsync(int version, int? since)
        {
            var delivery = (await bed.LookAsync()).ShouldNotBeNull();
            (delivery.State, delivery.Start.Version, delivery.Start.Since).ShouldBe((DeliveryState.Delivered, version, since), delivery.Failure);
        }
    }
}
