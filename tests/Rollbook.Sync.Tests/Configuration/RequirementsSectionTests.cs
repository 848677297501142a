using Rollbook.Sources.Synergy;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Configuration;

public sealed class RequirementsSectionTests
{
    private const string Head = """
        district: { id: riverside, timeZone: America/Los_Angeles }
        apps:
          synergy:
            type: synergy
            delivery: { apiUrl: "https://sis.riverside.example", clientId: a, clientSecret: "${env:SECRET}", acceptTerms: true }
            requirements:

        """;

    [Fact]
    public void Choices_are_read_as_they_are_documented_and_what_is_included_needs_no_word()
    {
        var read = Read(
                """
                      student: { email: report, grades: skip, phone: include, enabled: { default: true }, metadata.bus: { default: "07" } }
                      course: { grades: { default: [KG, "01"] }, subjects: { default: "Art,Music" } }
                      teacher: { phone: include }
                """
            )
            .ShouldBeOfType<ConfigurationFileResult.Read>();
        var app = read.Configuration.Apps["synergy"].Sorted();
        app.Requirements.Keys.ShouldBe(["course", "student"]);
        app.Requirements["student"].Keys.ShouldBe(["email", "enabled", "grades", "metadata.bus"]);
        app.Requirements["student"]["enabled"].ShouldBe(new Requirement(RequirementRule.Default, "true"));
        app.Requirements["course"]["grades"].ShouldBe(new Requirement(RequirementRule.Default, "KG,01"));
        var text = ConfigurationText.Write(read.Configuration);
        text.ShouldContain("metadata.bus:\n          default: \"07\"");
        text.ShouldContain("enabled:\n          default: true");
        text.ShouldNotContain("phone");
    }

    [Theory]
    [InlineData("pupil: { email: skip }", "there is no key \"pupil\" here")]
    [InlineData("student: { sisId: report }", "always required")]
    [InlineData("class: { course: skip }", "always required")]
    [InlineData("student: { schools: include }", "always required")]
    [InlineData("student: { colour: skip }", "has no attribute colour")]
    [InlineData("student: { sources: skip }", "has no attribute sources")]
    [InlineData("student: { metadata: skip }", "has no attribute metadata")]
    [InlineData("student: { \"metadata. \": skip }", "has no attribute metadata. ")]
    [InlineData("student: { email: leave }", "expected include, report, skip or { default: VALUE }, found \"leave\"")]
    [InlineData("student: { email: { value: a } }", "expected include, report, skip or { default: VALUE }")]
    [InlineData("student: { email: { default: \"\" } }", "value is missing")]
    [InlineData("student: { email: { default: nonsense } }", "expected an e-mail address")]
    [InlineData("student: { grades: { default: \"99\" } }", "expected one of IT, PR")]
    [InlineData("student: { birthDate: { default: 2011-02-30 } }", "expected a date as YYYY-MM-DD")]
    [InlineData("student: { enabled: { default: maybe } }", "expected true or false")]
    [InlineData("student: { contacts: skip }", "choose report")]
    [InlineData("student: { primarySchool: { default: x } }", "can't have a default")]
    [InlineData("school: { identifier: skip }", "leave it out in Schools Mapping")]
    [InlineData("calendar: { type: { default: year } }", "expected one of gradingPeriod")]
    [InlineData("student: [ email ]", "expected keys with values")]
    public void What_can_not_be_carried_out_is_refused_with_its_line_and_what_to_do(string choice, string message)
    {
        var error = Read("      " + choice).ShouldBeOfType<ConfigurationFileResult.Refused>().Errors.ShouldHaveSingleItem();
        error.Message.ShouldContain(message);
        error.Line.ShouldBe(7);
        error.Path.ShouldStartWith("apps.synergy.requirements");
    }

    private static ConfigurationFileResult Read(string choices) =>
        new ConfigurationFile([new SynergyConnector()], name => name is "SECRET" ? "s3cret" : null, ScheduleRules.Default).Read(
            "district.yaml",
            Head + choices
        );
}
