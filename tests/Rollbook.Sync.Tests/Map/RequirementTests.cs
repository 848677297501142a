using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Map;

/// <summary>What each choice of Data Requirements does to the next import.</summary>
public sealed class RequirementTests : IAsyncLifetime
{
    private MappedImport import = null!;

    public async ValueTask InitializeAsync() => import = await MappedImport.StartAsync();

    public ValueTask DisposeAsync() => import.DisposeAsync();

    [Theory]
    [InlineData("email", "email", "", IssueProblem.Missing)]
    [InlineData("email", "email", "amara at home", IssueProblem.Invalid)]
    [InlineData("grades", "grades", "seven", IssueProblem.Invalid)]
    [InlineData("enabled", "enabledUser", "maybe", IssueProblem.Invalid)]
    [InlineData("enabled", "enabledUser", null, IssueProblem.Missing)]
    [InlineData("phone", "phone", " ", IssueProblem.Missing)]
    public async Task Report_if_missing_imports_the_record_and_notes_an_error(string attribute, string source, string? value, IssueProblem problem)
    {
        import.Student[source] = value;
        (await RunAsync(attribute, new Requirement(RequirementRule.Report))).ShouldNotBeNull();
        import.Report.Reported.ShouldBe(new Dictionary<Kind, long> { [Kind.Student] = 1 });
        import.Report.Skipped.ShouldBeEmpty();
        var issue = (await IssuesAsync()).ShouldHaveSingleItem();
        (issue.Kind, issue.Attribute, issue.Rule, issue.Problem, issue.SisId).ShouldBe((Kind.Student, attribute, IssueRule.Report, problem, "u1"));
        issue.School.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("email", "email", "amara at home")]
    [InlineData("email", "email", null)]
    [InlineData("grades", "grades", "seven")]
    public async Task Skip_if_missing_leaves_the_record_out_until_it_has_the_value(string attribute, string source, string? value)
    {
        var before = import.Student[source]?.DeepClone();
        import.Student[source] = value;
        (await RunAsync(attribute, new Requirement(RequirementRule.Skip))).ShouldBeNull();
        import.Report.Skipped.ShouldBe(new Dictionary<Kind, long> { [Kind.Student] = 1 });
        import.Report.Reported.ShouldBeEmpty();
        (await IssuesAsync()).ShouldHaveSingleItem().Rule.ShouldBe(IssueRule.Skip);

        import.Student[source] = attribute is "grades" ? "07" : before;
        (await RunAsync(attribute, new Requirement(RequirementRule.Skip))).ShouldNotBeNull();
        import.Report.Skipped.ShouldBeEmpty();
        (await IssuesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Use_default_puts_the_districts_value_where_there_is_none_that_is_valid()
    {
        import.Student["enabledUser"] = "maybe";
        import.Student["email"] = null;
        import.Student["grades"] = "seven";
        import.Demographics["birthDate"] = "2011-02-30";
        var student = (
            await RunAsync(
                ("email", new Requirement(RequirementRule.Default, "office@riverside.example")),
                ("grades", new Requirement(RequirementRule.Default, "KG,01")),
                ("enabled", new Requirement(RequirementRule.Default, "true")),
                ("birthDate", new Requirement(RequirementRule.Default, "2015-01-31")),
                ("familyName", new Requirement(RequirementRule.Default, "Nobody")),
                ("metadata.bus", new Requirement(RequirementRule.Default, "none")),
                ("metadata.locker", new Requirement(RequirementRule.Default, "12"))
            )
        )!.Value;
        student["email"].ShouldBe("office@riverside.example");
        student["grades"].ShouldBe(new[] { "KG", "01" });
        student["enabled"].ShouldBe(true);
        student["birthDate"].ShouldBe(new DateOnly(2015, 1, 31));
        student["familyName"].ShouldBe("Okafor");
        var metadata = (IReadOnlyDictionary<string, string>)student["metadata"]!;
        metadata["locker"].ShouldBe("12");
        metadata["bus"].ShouldContain("route");
        (await IssuesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Include_says_nothing()
    {
        import.Student["email"] = "amara at home";
        (await RunAsync("email", new Requirement(RequirementRule.Include)))!.Value["email"].ShouldBe("amara at home");
        import.Report.Reported.ShouldBeEmpty();
        (await IssuesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_birth_date_that_does_not_exist_is_told_from_one_that_is_missing()
    {
        import.Demographics["birthDate"] = "2011-02-30";
        await RunAsync("birthDate", new Requirement(RequirementRule.Report));
        (await IssuesAsync()).ShouldHaveSingleItem().Problem.ShouldBe(IssueProblem.Invalid);
        import.Demographics["birthDate"] = "";
        await RunAsync("birthDate", new Requirement(RequirementRule.Report));
        (await IssuesAsync()).ShouldHaveSingleItem().Problem.ShouldBe(IssueProblem.Missing);
    }

    private Task<Row?> RunAsync(string attribute, Requirement requirement) => RunAsync((attribute, requirement));

    private Task<Row?> RunAsync(params (string Attribute, Requirement Requirement)[] choices) =>
        import.RunAsync([], requirements: choices.ToDictionary(choice => choice.Attribute, choice => choice.Requirement));

    private async Task<List<Issue>> IssuesAsync() =>
        [.. (await import.Store.Issues.PageAsync(new IssueQuery(["sis"]), TestContext.Current.CancellationToken)).Issues.Select(kept => kept.Issue)];
}
