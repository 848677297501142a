using Rollbook.Model;
using Rollbook.Sources.Synergy;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Configuration;

public sealed class FiltersSectionTests
{
    private const string Head = """
        district: { id: riverside, timeZone: America/Los_Angeles }
        apps:
          synergy:
            type: synergy
            delivery: { apiUrl: "https://sis.riverside.example", clientId: a, clientSecret: "${env:SECRET}", acceptTerms: true }
            filters:

        """;

    [Fact]
    public void Rules_are_read_as_they_are_documented_and_written_as_the_same()
    {
        var read = Read(
                """
                      - kind: student
                        name: Elementary
                        where: [ { attribute: grades, condition: is one of, value: [KG, "01", "02"] }, { attribute: enabled, condition: equals, value: true } ]
                        includeLinked: [contact]
                      - { kind: calendar, where: [ { attribute: endDate, condition: is future } ], includeLinked: [class] }
                      - { kind: student, where: [ { attribute: birthDate, condition: between, value: [2010-01-01, 2012-12-31] } ] }
                """
            )
            .ShouldBeOfType<ConfigurationFileResult.Read>();
        var rules = read.Configuration.Apps["synergy"].Sorted().Filters;
        rules.Select(rule => rule.Kind).ShouldBe(["calendar", "student", "student"]);
        rules[1].Name.ShouldBe("Elementary");
        rules[1].Where[0].Values.ShouldBe(["KG", "01", "02"]);
        rules[1].IncludeLinked.ShouldBe(["contact", "enrollment"]);
        rules[2].IncludeLinked.ShouldBe(["enrollment"]);
        var text = ConfigurationText.Write(read.Configuration);
        text.ShouldContain("condition: is one of");
        var again = File(text.Replace("${env:SYNERGY_CLIENT_SECRET}", "${env:SECRET}", StringComparison.Ordinal));
        var same = again.ShouldBeOfType<ConfigurationFileResult.Read>().Configuration;
        ConfigurationText.Write(same).ShouldBe(text);
        same.ToDocument().ShouldBe(read.Configuration.ToDocument());
        DistrictConfiguration.FromDocument(same.ToDocument()).ToDocument().ShouldBe(same.ToDocument());
    }

    [Theory]
    [InlineData("{ kind: enrollment, where: [] }", "an enrollment goes with its person")]
    [InlineData("{ kind: pupil, where: [] }", "expected one of calendar, course")]
    [InlineData("{ where: [] }", "expected a kind")]
    [InlineData("{ kind: student }", "expected a kind")]
    [InlineData("{ kind: student, where: [] }", "expected 1 to 50 conditions")]
    [InlineData("{ kind: student, where: [ { attribute: colour, condition: is empty } ] }", "no attribute colour")]
    [InlineData("{ kind: student, where: [ { attribute: contacts, condition: is empty } ] }", "no attribute contacts")]
    [InlineData("{ kind: student, where: [ { attribute: email, condition: resembles, value: a } ] }", "expected one of contains text")]
    [InlineData("{ kind: student, where: [ { attribute: email, condition: is past } ] }", "does not go with email")]
    [InlineData("{ kind: student, where: [ { attribute: birthDate, condition: equals, value: 2012-01-01 } ] }", "does not go with birthDate")]
    [InlineData("{ kind: student, where: [ { attribute: birthDate, condition: before, value: soon } ] }", "expected a date as YYYY-MM-DD")]
    [InlineData("{ kind: student, where: [ { attribute: enabled, condition: equals, value: maybe } ] }", "expected true or false")]
    [InlineData("{ kind: student, where: [ { attribute: schools, condition: equals, value: a } ] }", "does not go with schools")]
    [InlineData("{ kind: student, where: [ { attribute: email, condition: equals } ] }", "takes one value")]
    [InlineData("{ kind: student, where: [ { attribute: email, condition: is empty, value: a } ] }", "takes no value")]
    [InlineData("{ kind: student, where: [ { attribute: email, condition: between, value: a } ] }", "takes two values")]
    [InlineData("{ kind: student, where: [ { attribute: email, condition: is one of, value: [] } ] }", "a list of 1 to 2,000 values")]
    [InlineData("{ kind: student, where: [ { attribute: email, condition: matches pattern, value: \"(a\" } ] }", "no regular expression")]
    [InlineData("{ kind: student, where: [ { attribute: email, condition: matches pattern, value: \"(?=a)b\" } ] }", "can't look around")]
    [InlineData(
        "{ kind: student, where: [ { attribute: email, condition: matches pattern, value: \"((a{1,99}){1,99})+b\" } ] }",
        "large numbers in {…}"
    )]
    [InlineData(
        "{ kind: student, where: [ { attribute: email, condition: is empty } ], includeLinked: [class] }",
        "what is linked to a student is contact, enrollment"
    )]
    [InlineData(
        "{ kind: contact, where: [ { attribute: email, condition: is empty } ], includeLinked: [student] }",
        "nothing is linked to a contact"
    )]
    [InlineData("{ kind: student, which: x, where: [ { attribute: email, condition: is empty } ] }", "there is no key \"which\" here")]
    public void What_can_not_be_carried_out_is_refused_with_its_line_and_what_to_do(string rule, string message)
    {
        var error = Read("      - " + rule).ShouldBeOfType<ConfigurationFileResult.Refused>().Errors.ShouldHaveSingleItem();
        error.Message.ShouldContain(message);
        error.Line.ShouldBe(7);
        error.Path.ShouldStartWith("apps.synergy.filters");
    }

    [Fact]
    public void Only_a_rule_that_asks_for_the_day_makes_a_new_day_derive_anew()
    {
        AppConfiguration With(string attribute, FilterOperator comparison) =>
            new() { Type = "synergy", Filters = [new FilterRule { Kind = "calendar", Where = [new RuleCondition(attribute, comparison, [])] }] };

        var (one, next) = (new DateOnly(2026, 11, 28), new DateOnly(2026, 11, 29));
        Of(With("endDate", FilterOperator.NotEmpty), one).ShouldBe(Of(With("endDate", FilterOperator.NotEmpty), next));
        Of(With("endDate", FilterOperator.Future), one).ShouldNotBe(Of(With("endDate", FilterOperator.Future), next));
        Of(new AppConfiguration { Type = "synergy" }, one).ShouldBe(Of(new AppConfiguration { Type = "synergy" }, next));

        static string Of(AppConfiguration app, DateOnly day) => Rollbook.Sync.Derive.DerivationFingerprint.Of(app, TimeZoneInfo.Utc, "", day);
    }

    [Fact]
    public void Every_operator_has_words_of_its_own()
    {
        foreach (var each in Enum.GetValues<FilterOperator>())
        {
            FilterRules.Find(each.Words()).ShouldBe(each);
        }

        FilterRules.Filterable.Select(kind => kind.Kind).ShouldNotContain(Kind.School);
    }

    private static ConfigurationFileResult Read(string rules) => File(Head + rules);

    private static ConfigurationFileResult File(string text) =>
        new ConfigurationFile([new SynergyConnector()], name => name is "SECRET" ? "s3cret" : null, ScheduleRules.Default).Read(
            "district.yaml",
            text
        );
}
