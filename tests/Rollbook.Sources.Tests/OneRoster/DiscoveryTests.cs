using Rollbook.Model;
using Rollbook.Sources.Synergy;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>Finding attributes in real records.</summary>
public sealed class DiscoveryTests
{
    [Fact]
    public async Task Finds_metadata_and_types_of_user_ids_and_leaves_references_whole()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Records["users"] =
        [
            """{"sourcedId":"1","userIds":[{"type":"stateID","identifier":"A"},{"type":"badge","identifier":"B"}],"orgs":[{"href":"x","sourcedId":"o","type":"org"}],"metadata":{"counselor":"N","bus":{"route":4}},"grades":["09"]}""",
            """{"sourcedId":"2","metadata":{"locker":null},"school":{"href":"x","sourcedId":"o","type":"org"},"userIds":null}""",
            """{"sourcedId":"3","unseen":true}""",
        ];
        var found = await new SynergyConnector(SisSettings.Hurried).DiscoverAsync(SisSettings.Of(sis), 2, TestContext.Current.CancellationToken);
        var users = found.Single(collection => collection.Collection == Collection.Users);
        users.Attributes.ShouldBe([
            "grades",
            "metadata.bus.route",
            "metadata.counselor",
            "metadata.locker",
            "orgs",
            "school",
            "sourcedId",
            "userIds",
            "userIds.badge",
            "userIds.stateID",
        ]);
        users.Total.ShouldBe(3);
        found.Single(collection => collection.Collection == Collection.Enrollments).Total.ShouldBe(1210);
    }

    [Fact]
    public async Task Leaves_out_what_can_not_be_had()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Records.Remove("demographics");
        var found = await new SynergyConnector(SisSettings.Hurried).DiscoverAsync(SisSettings.Of(sis), 10, TestContext.Current.CancellationToken);
        found.Select(collection => collection.Collection).ShouldBe(Collections.InOrder.Where(collection => collection != Collection.Demographics));
    }
}
