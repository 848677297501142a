using Rollbook.Sources.Synergy;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Configuration;

public sealed class AttributesSectionTests
{
    private const string Head = """
        district: { id: riverside, timeZone: America/Los_Angeles }
        apps:
          synergy:
            type: synergy
            delivery: { apiUrl: "https://sis.riverside.example", clientId: a, clientSecret: "${env:SECRET}", acceptTerms: true }
            attributes:
              student:

        """;

    [Fact]
    public void Pairs_are_read_as_they_are_documented()
    {
        var read = Read(
                """
                        - { source: metadata.counselor, target: metadata.counselor }
                        - { source: grades, target: grades, map: { K: KG, "00": KG } }
                        - { target: email, template: "{{ username | downcase }}@riverside.example" }
                        - target: phone
                          template: |
                            {% if sms %}
                            {{ sms }}
                            {% endif %}
                """
            )
            .ShouldBeOfType<ConfigurationFileResult.Read>();
        read.Configuration.Apps["synergy"]
            .Attributes["student"]
            .Select(pair => pair.Target)
            .ShouldBe(["metadata.counselor", "grades", "email", "phone"]);
    }

    [Theory]
    [InlineData("        - { target: email, template: \"{{ username | dwoncase }}\" }", 8, "line 1, column 15: there is no filter \"dwoncase\"")]
    [InlineData(
        "        - target: email\n          template: |\n            {{ username }}\n            {% if a %}x",
        11,
        "line 2, column 1: {% if %} is never closed"
    )]
    [InlineData(
        "        - target: email\n          template: >-\n            {{ username }}\n            {% if a %}x",
        9,
        "column 16: {% if %} is never closed"
    )]
    [InlineData("        - target: email\n          template: \"a\\n{{\"", 9, "line 2, column 1: {{ is never closed")]
    [InlineData("        - { target: email, template: \"{% include 'x' %}\" }", 8, "there is no tag \"include\"")]
    [InlineData("        - { target: email, source: a, template: b }", 8, "either source or template")]
    [InlineData("        - { target: email, template: \" \" }", 8, "the template is empty")]
    [InlineData("        - target: email\n          source: a\n          template: \"\"", 10, "the template is empty")]
    [InlineData("        - { target: email, template: b, map: { a: b } }", 8, "a value map goes with a source")]
    [InlineData("        - { target: schools, source: orgs }", 8, "no attribute schools that can be mapped")]
    [InlineData("        - { target: sources, source: a }", 8, "no attribute sources that can be mapped")]
    [InlineData("        - { target: metadata, source: metadata }", 8, "no attribute metadata that can be mapped")]
    [InlineData("        - { target: \"metadata. \", source: a }", 8, "no attribute metadata.  that can be mapped")]
    [InlineData("        - { target: email, source: demographics.shoeSize }", 8, "demographics have no shoeSize")]
    [InlineData("        - { target: email, source: \" a\" }", 8, "is no name of an attribute")]
    public void A_pair_that_can_not_be_carried_out_is_refused_with_its_line_and_the_reason(string pair, int line, string message)
    {
        var error = Read(pair).ShouldBeOfType<ConfigurationFileResult.Refused>().Errors.ShouldHaveSingleItem();
        error.Message.ShouldContain(message);
        error.Line.ShouldBe(line);
        error.Path.ShouldStartWith("apps.synergy.attributes.student");
    }

    [Theory]
    [InlineData("timeZone: America/Denver", null)]
    [InlineData("timeZone: \"\"", null)]
    [InlineData("timeZone: UTC", null)]
    [InlineData("timeZone: Pacific", "IANA time zone")]
    [InlineData("timeZone: America/Nowhere", "IANA time zone")]
    public void The_connections_time_zone_is_one_that_is_known(string setting, string? refusal)
    {
        var text =
            Head.Replace("acceptTerms: true", "acceptTerms: true, " + setting, StringComparison.Ordinal) + "        - { target: email, source: a }";
        var result = Of(text);
        if (refusal is null)
        {
            result.ShouldBeOfType<ConfigurationFileResult.Read>();
            return;
        }

        var error = result.ShouldBeOfType<ConfigurationFileResult.Refused>().Errors.ShouldHaveSingleItem();
        (error.Line, error.Path).ShouldBe((5, "apps.synergy.delivery.timeZone"));
        error.Message.ShouldContain(refusal);
    }

    private static ConfigurationFileResult Read(string pairs) => Of(Head + pairs);

    private static ConfigurationFileResult Of(string text) =>
        new ConfigurationFile([new SynergyConnector()], name => name is "SECRET" ? "s3cret" : null, ScheduleRules.Default).Read(
            "district.yaml",
            text
        );
}
