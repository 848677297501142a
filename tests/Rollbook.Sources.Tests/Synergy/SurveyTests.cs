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
    public async Task Samples_of_users_show_every_role()
    {
        await using var source = await SimulatedSource.StartAsync(Profile.SynergyLike, students: 120);
        var survey = await new SynergyConnector(SisSettings.Hurried).SurveyAsync(source.Settings, 5, new Progress<string>(), Stop);
        var users = survey.Collections.Single(collection => collection.Collection == Collection.Users).Samples;
        users.Count(user => user.Contains("\"student\"", StringComparison.OrdinalIgnoreCase)).ShouldBeGreaterThanOrEqualTo(5);
        users.ShouldContain(user => user.Contains("\"teacher\"", StringComparison.OrdinalIgnoreCase));
    }
}
