using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Sources.Synergy;
using Rollbook.Sources.Tests.OneRoster;

namespace Rollbook.Sources.Tests.Synergy;

/// <summary>What a survey tells of the simulated SIS.</summary>
public sealed class SurveyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Profile.SynergyLike)]
    [InlineData(Profile.Clean11)]
    public async Task Students_and_staff_are_counted_for_every_school(Profile profile)
    {
        await using var source = await SimulatedSource.StartAsync(profile, students: 120);
        var survey = await new SynergyConnector(SisSettings.Hurried).SurveyAsync(source.Settings, 20, new Progress<string>(), Stop);
        var schools = survey.Orgs.Where(org => org.Org.IsSchool).ToList();
        schools.ShouldNotBeEmpty();
        schools.ShouldAllBe(school => school.Students > 0 && school.Staff > 0);
        schools.Sum(school => school.Students).ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(120);
        survey.Orgs.Where(org => !org.Org.IsSchool).ShouldAllBe(org => org.Students == null);
    }

    [Fact]
    public async Task A_source_that_gives_no_totals_or_lacks_the_question_leaves_the_counts_unknown()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Records["orgs"] = ["""{"sourcedId":"a b/c","name":"Lincoln High","type":"school","identifier":"100","parent":{"sourcedId":"d"}}"""];
        var survey = await new SynergyConnector(SisSettings.Hurried).SurveyAsync(SisSettings.Of(sis), 20, new Progress<string>(), Stop);
        survey.Orgs.ShouldBe([new SurveyedOrg(new RawOrg("a b/c", "Lincoln High", "school", "100", "d"), null, null)]);
    }

    [Fact]
    public async Task Finds_metadata_and_types_of_user_ids_and_leaves_references_whole()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.Records["users"] =
        [
            """{"sourcedId":"1","userIds":[{"type":"stateID","identifier":"A"},{"type":"badge","identifier":"B"}],"orgs":[{"href":"x","sourcedId":"o","type":"org"}],"metadata":{"counselor":"N","bus":{"route":4}},"grades":["09"]}""",
            """{"sourcedId":"2","metadata":{"locker":null},"school":{"href":"x","sourcedId":"o","type":"org"},"userIds":null}""",
        ];
        sis.Records.Remove("demographics");
        var survey = await new SynergyConnector(SisSettings.Hurried).SurveyAsync(SisSettings.Of(sis), 2, new Progress<string>(), Stop);
        var users = survey.Collections.Single(collection => collection.Collection == Collection.Users);
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
        users.Total.ShouldBe(2);
        survey.Collections.Single(collection => collection.Collection == Collection.Enrollments).Total.ShouldBe(1210);
        survey
            .Collections.Select(collection => collection.Collection)
            .ShouldBe(Collections.InOrder.Where(collection => collection != Collection.Demographics));
    }

    [Fact]
    public async Task Samples_of_users_show_every_role()
    {
        await using var source = await SimulatedSource.StartAsync(Profile.SynergyLike, students: 120);
        var survey = await new SynergyConnector(SisSettings.Hurried).SurveyAsync(source.Settings, 5, new Progress<string>(), Stop);
        var users = survey.Collections.Single(collection => collection.Collection == Collection.Users).Samples;
        users.Count(user => user.Contains("\"student\"", StringComparison.OrdinalIgnoreCase)).ShouldBeGreaterThanOrEqualTo(5);
        users.ShouldContain(user => user.Contains("\"teacher\"", StringComparison.OrdinalIgnoreCase));
    }
}
