using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Map;

/// <summary>What each condition of the Filter Rules lets into the next import: one student who lacks a phone's second number and nothing else.</summary>
public sealed class FilterTests : IAsyncLifetime
{
    private MappedImport import = null!;

    public async ValueTask InitializeAsync() => import = await MappedImport.StartAsync();

    public ValueTask DisposeAsync() => import.DisposeAsync();

    [Theory]
    [InlineData("email", FilterOperator.Contains, "OLD.example", true)]
    [InlineData("email", FilterOperator.Contains, "new", false)]
    [InlineData("sms", FilterOperator.Contains, "new", false)]
    [InlineData("email", FilterOperator.DoesNotContain, "old", false)]
    [InlineData("sms", FilterOperator.DoesNotContain, "old", true)]
    [InlineData("familyName", FilterOperator.Equal, "okafor", true)]
    [InlineData("familyName", FilterOperator.NotEqual, "okafor", false)]
    [InlineData("sms", FilterOperator.NotEqual, "okafor", true)]
    [InlineData("grades", FilterOperator.Equal, "07", true)]
    [InlineData("grades", FilterOperator.NotEqual, "07", false)]
    [InlineData("grades", FilterOperator.OneOf, "06|07|08", true)]
    [InlineData("grades", FilterOperator.OneOf, "06|08", false)]
    [InlineData("givenName", FilterOperator.StartsWith, "AM", true)]
    [InlineData("givenName", FilterOperator.StartsWith, "mara", false)]
    [InlineData("phone", FilterOperator.Matches, @"^\d{3}-\d{4}$", true)]
    [InlineData("phone", FilterOperator.Matches, @"^\d{4}$", false)]
    [InlineData("sms", FilterOperator.Empty, "", true)]
    [InlineData("phone", FilterOperator.Empty, "", false)]
    [InlineData("phone", FilterOperator.NotEmpty, "", true)]
    [InlineData("contacts", FilterOperator.NotEmpty, "", null)]
    [InlineData("primarySchool", FilterOperator.NotEmpty, "", true)]
    [InlineData("grades", FilterOperator.Greater, "6", true)]
    [InlineData("grades", FilterOperator.Greater, "7", false)]
    [InlineData("grades", FilterOperator.Less, "7.5", true)]
    [InlineData("grades", FilterOperator.Between, "5|7", true)]
    [InlineData("givenName", FilterOperator.Between, "Al|An", true)]
    [InlineData("givenName", FilterOperator.Less, "am", false)]
    [InlineData("enabled", FilterOperator.Equal, "true", true)]
    [InlineData("enabled", FilterOperator.NotEqual, "true", false)]
    [InlineData("asian", FilterOperator.Equal, "true", true)]
    [InlineData("white", FilterOperator.NotEqual, "true", true)]
    [InlineData("white", FilterOperator.Empty, "", true)]
    [InlineData("birthDate", FilterOperator.Before, "2015-03-05", true)]
    [InlineData("birthDate", FilterOperator.Before, "2015-03-04", false)]
    [InlineData("birthDate", FilterOperator.After, "2015-03-03", true)]
    [InlineData("birthDate", FilterOperator.On, "2015-03-04", true)]
    [InlineData("birthDate", FilterOperator.Between, "2015-03-04|2015-03-04", true)]
    [InlineData("birthDate", FilterOperator.Past, "", true)]
    [InlineData("birthDate", FilterOperator.Future, "", false)]
    [InlineData("metadata.counselor", FilterOperator.Contains, "rivera", true)]
    [InlineData("metadata.counselor", FilterOperator.Empty, "", false)]
    [InlineData("metadata.nothing", FilterOperator.Empty, "", true)]
    [InlineData("sisId", FilterOperator.Equal, "u1", true)]
    public async Task A_condition_lets_pass_what_meets_it(string attribute, FilterOperator comparison, string values, bool? passes)
    {
        var condition = new RuleCondition(attribute, comparison, values.Length == 0 ? [] : values.Split('|'));
        (FilterRules.Refuse(Kinds.Of(Kind.Student), condition) is null).ShouldBe(passes is not null);
        if (passes is not { } expected)
        {
            return;
        }

        (await RunAsync(Rule(condition)) is not null).ShouldBe(expected);
        import.Report.Filtered.ShouldBe(expected ? new Dictionary<Kind, long>() : new Dictionary<Kind, long> { [Kind.Student] = 1 });
        import.Report.Skipped.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_conditions_of_a_rule_must_hold_and_of_several_rules_any_may()
    {
        var (yes, no) = (new RuleCondition("phone", FilterOperator.NotEmpty, []), new RuleCondition("phone", FilterOperator.Empty, []));
        (await RunAsync(Rule(yes, no))).ShouldBeNull();
        (await RunAsync(Rule(no), Rule(yes, yes))).ShouldNotBeNull();
        (await RunAsync(Rule(yes), Rule(yes, no))).ShouldNotBeNull();
        (await RunAsync(Rule(no))).ShouldBeNull();
        (await RunAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_filter_looks_at_what_requirements_made_of_a_record()
    {
        import.Student["email"] = null;
        var requirements = new Dictionary<string, Requirement> { ["email"] = new(RequirementRule.Default, "office@riverside.example") };
        var rule = Rule(new RuleCondition("email", FilterOperator.Contains, ["riverside"]));
        (await import.RunAsync([], requirements: requirements, filters: [rule])).ShouldNotBeNull();
        requirements = new Dictionary<string, Requirement> { ["email"] = new(RequirementRule.Report) };
        (await import.RunAsync([], requirements: requirements, filters: [rule])).ShouldBeNull();
        import.Report.Reported.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pattern_takes_no_longer_than_a_record_is_long()
    {
        import.Student["phone"] = new string('a', 50_000) + "!";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        (await RunAsync(Rule(new RuleCondition("phone", FilterOperator.Matches, ["^(a+)+$"])))).ShouldNotBeNull();
        (await RunAsync(Rule(new RuleCondition("phone", FilterOperator.Matches, ["^(a|aa|a?)+b$"])))).ShouldBeNull();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private static FilterRule Rule(params RuleCondition[] conditions) => new() { Kind = "student", Where = conditions };

    private Task<Row?> RunAsync(params FilterRule[] rules) => import.RunAsync([], filters: rules);
}
