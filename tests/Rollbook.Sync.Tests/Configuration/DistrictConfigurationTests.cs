using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Configuration;

public sealed class DistrictConfigurationTests
{
    [Fact]
    public void An_app_is_added_replaced_and_taken_out_and_the_others_stay()
    {
        var empty = DistrictConfiguration.Of(new DistrictInfo("riverside", "Riverside", "America/Los_Angeles"));
        (empty.Id, empty.Name, empty.TimeZone, empty.Apps.Count).ShouldBe(("riverside", "Riverside", "America/Los_Angeles", 0));

        var two = empty.With("synergy", App("Old")).With("hillside", App("Hillside"));
        two.With("synergy", App("New")).Apps.Select(app => $"{app.Key} {app.Value.Name}").ShouldBe(["hillside Hillside", "synergy New"]);
        two.Without("synergy").Apps.Keys.ShouldBe(["hillside"]);
        two.Without("lakeside").ShouldBeSameAs(two);
        two.Apps.Select(app => $"{app.Key} {app.Value.Name}").ShouldBe(["hillside Hillside", "synergy Old"], "a record is never changed");
    }

    private static AppConfiguration App(string name) => new() { Type = "synergy", Name = name };
}
