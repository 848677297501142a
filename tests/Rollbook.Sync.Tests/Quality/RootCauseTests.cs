using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Quality;

/// <summary>Many issues have few causes: each is found once, with all its consequences, and the score counts what the district did not choose.</summary>
public sealed class RootCauseTests
{
    private const int Pupils = 60;

    private readonly ScriptedSource source = TwoSchools.Source();

    [Fact]
    public async Task A_school_that_the_source_does_not_have_is_one_cause_with_all_its_consequences()
    {
        AddPupils("south", Pupils);
        source.Records[Collection.Orgs].Remove("south");
        await using var district = await TestDistrict.StartAsync(source);
        var (report, causes) = await ImportAsync(district);

        var missing = causes.ShouldHaveSingleItem().ShouldBeOfType<RootCause.Missing>();
        missing.Target.ShouldBe(new MissingTarget(Family.Org, TwoSchools.IdOf("south"), "south", Absence.NotInSource));
        missing.Skipped.ShouldBe(
            new Dictionary<Kind, long>
            {
                [Kind.Class] = 1,
                [Kind.Student] = Pupils + 1,
                [Kind.Enrollment] = Pupils + 2,
            },
            ignoreOrder: true
        );
        report.Skipped.ShouldBe(missing.Skipped, ignoreOrder: true);
        Score(report).ShouldBe(new QualityCounts(Imported: 8, Skipped: (2 * Pupils) + 4));

        var targets = await district.Store.Issues.TargetsAsync(TestDistrict.App, default);
        var behind = RootCauses.Behind(missing.Target.Id, targets);
        var page = await district.Store.Issues.PageAsync(new IssueQuery([TestDistrict.App], Targets: behind, Limit: 1000), default);
        page.Issues.Count.ShouldBe((2 * Pupils) + 4);

        source.Records[Collection.Orgs]["south"] = TwoSchools.Organisation("south", "South", "school");
        (report, causes) = await ImportAsync(district);
        causes.ShouldBeEmpty();
        Score(report).Score.ShouldBe(100);
    }

    [Fact]
    public async Task A_missing_class_is_the_cause_of_what_needs_it_through_others()
    {
        source.Records[Collection.Courses].Remove("south-math");
        await using var district = await TestDistrict.StartAsync(source);
        var (_, causes) = await ImportAsync(district);
        var missing = causes.ShouldHaveSingleItem().ShouldBeOfType<RootCause.Missing>();
        missing.Target.SisId.ShouldBe("south-math");
        missing.Skipped.ShouldBe(new Dictionary<Kind, long> { [Kind.Class] = 1, [Kind.Enrollment] = 2 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_school_that_is_not_mapped_is_a_choice_and_does_not_count()
    {
        AddPupils("south", Pupils);
        await using var district = await TestDistrict.StartAsync(source);
        await district.ConfigureAsync(new AppConfiguration { Type = source.Type, Schools = SchoolsMapping.Automatic with { LeftOut = ["south"] } });
        var (report, causes) = await ImportAsync(district);
        var chosen = causes.ShouldHaveSingleItem().ShouldBeOfType<RootCause.NotMapped>();
        chosen.IsChosen.ShouldBeTrue();
        chosen.Skipped.ShouldBe(report.Skipped, ignoreOrder: true);
        Score(report).ShouldBe(new QualityCounts(Imported: 7, LeftOut: (2 * Pupils) + 6));
        Score(report).Score.ShouldBe(100);
    }

    [Fact]
    public async Task What_a_skipped_record_takes_along_is_a_consequence_of_what_it_lacks()
    {
        AddPupils("north", Pupils);
        source.Records[Collection.Users]["anna"]["email"] = "anna@x.example";
        await using var district = await TestDistrict.StartAsync(source);
        await RequireAsync(district, new Requirement(RequirementRule.Skip));
        var (report, causes) = await ImportAsync(district);
        var value = causes.ShouldHaveSingleItem().ShouldBeOfType<RootCause.Value>();
        (value.Kind, value.Attribute, value.Rule, value.Problem, value.Count).ShouldBe(
            (Kind.Student, "email", IssueRule.Skip, IssueProblem.Missing, Pupils + 2)
        );
        value.Schools.ShouldBe([(TwoSchools.IdOf("north"), Pupils + 1), (TwoSchools.IdOf("south"), 1)]);
        value.Skipped.ShouldBe(new Dictionary<Kind, long> { [Kind.Student] = Pupils + 2, [Kind.Enrollment] = Pupils + 3 }, ignoreOrder: true);
        report.Skipped.ShouldBe(value.Skipped, ignoreOrder: true);
    }

    [Fact]
    public async Task A_reported_value_lets_records_in_and_takes_from_the_score()
    {
        await using var district = await TestDistrict.StartAsync(source);
        await RequireAsync(district, new Requirement(RequirementRule.Report));
        var (report, causes) = await ImportAsync(district);
        causes.ShouldHaveSingleItem().Errors.ShouldBe(3);
        report.Quality[Kind.Student].ShouldBe(new QualityCounts(Imported: 3, Error: 3));
        report.Quality[Kind.Student].Score.ShouldBe(0);
        Score(report).ShouldBe(new QualityCounts(Imported: 13, Error: 3));
        Score(report).Score.ShouldBe(76.9m);
    }

    [Fact]
    public async Task What_filter_rules_leave_out_is_a_choice_with_what_cannot_stand_without_it()
    {
        await using var district = await TestDistrict.StartAsync(source);
        await district.ConfigureAsync(
            new AppConfiguration
            {
                Type = source.Type,
                Filters =
                [
                    new FilterRule
                    {
                        Kind = "student",
                        Where = [new RuleCondition("givenName", FilterOperator.NotEqual, ["ben"])],
                        IncludeLinked = [],
                    },
                ],
            }
        );
        var (report, causes) = await ImportAsync(district);
        causes.ShouldHaveSingleItem().ShouldBeOfType<RootCause.Filtered>().Skipped.ShouldBe(new Dictionary<Kind, long> { [Kind.Enrollment] = 1 });
        Score(report).ShouldBe(new QualityCounts(Imported: 11, LeftOut: 2));
    }

    [Fact]
    public async Task A_role_that_is_none_and_a_reference_that_is_not_given_are_told()
    {
        source.Records[Collection.Users]["ben"]["role"] = "janitor";
        source.Records[Collection.Enrollments]["north-both"].Remove("user");
        await using var district = await TestDistrict.StartAsync(source);
        var (_, causes) = await ImportAsync(district);
        causes
            .OfType<RootCause.Value>()
            .Select(value => (value.Kind, value.Attribute, value.Rule, value.Problem, value.Skipped.Values.Sum()))
            .ShouldBe([
                (Kind.Student, "role", IssueRule.Required, IssueProblem.Invalid, 2),
                (Kind.Enrollment, "person", IssueRule.Required, IssueProblem.Missing, 1),
            ]);
    }

    [Fact]
    public void A_score_is_never_rounded_up()
    {
        new QualityCounts(Imported: 1_000_000, Error: 1).Score.ShouldBe(99.9m);
        new QualityCounts(Imported: 1_000_000).Score.ShouldBe(100);
        new QualityCounts(LeftOut: 3).Score.ShouldBe(100);
        new QualityCounts(Skipped: 3).Score.ShouldBe(0);
    }

    private void AddPupils(string school, int count)
    {
        for (var i = 0; i < count; i++)
        {
            source.Records[Collection.Users][$"p{i}"] = TwoSchools.Pupil($"p{i}", school);
            source.Records[Collection.Enrollments][$"e{i}"] = TwoSchools.Referring(
                $"e{i}",
                "role",
                ("user", $"p{i}"),
                ("class", school + "-class"),
                ("school", school)
            );
        }
    }

    private Task RequireAsync(TestDistrict district, Requirement requirement) =>
        district.ConfigureAsync(
            new AppConfiguration
            {
                Type = source.Type,
                Requirements = new Dictionary<string, IReadOnlyDictionary<string, Requirement>>(StringComparer.Ordinal)
                {
                    ["student"] = new Dictionary<string, Requirement>(StringComparer.Ordinal) { ["email"] = requirement },
                },
            }
        );

    private static QualityCounts Score(RunReport report) => QualityCounts.Sum(report.Quality.Values);

    private static async Task<(RunReport Report, IReadOnlyList<RootCause> Causes)> ImportAsync(TestDistrict district)
    {
        var report = RunReport.FromJson((await district.ImportAsync()).Report);
        report.Failure.ShouldBeNull();
        var issues = district.Store.Issues;
        return (
            report,
            RootCauses.Of(await issues.CountAsync(TestDistrict.App, default), await issues.TargetsAsync(TestDistrict.App, default), report)
        );
    }
}
