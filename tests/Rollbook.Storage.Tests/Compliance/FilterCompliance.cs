using Rollbook.Model;
using static Rollbook.Storage.FilterCondition;

namespace Rollbook.Storage.Tests;

/// <summary>Search and filters.</summary>
public abstract class FilterCompliance(TestBed bed)
{
    private static readonly RollbookId Lincoln = Records.Id(Kind.School, "lincoln");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("by", "a,b")]
    [InlineData("BYR", "a,b")]
    [InlineData("a", "a")]
    [InlineData("100%", "d")]
    [InlineData("100_", "")]
    [InlineData("É", "c")]
    [InlineData("é", "")]
    [InlineData("", "a,b,c,d")]
    [InlineData("nobody", "")]
    public async Task Search_is_for_the_start_of_the_name_or_the_sis_id(string search, string expected) =>
        (await FoundAsync(new RecordQuery(Kind.Student, Search: search))).ShouldBe(expected);

    [Theory]
    [InlineData("givenName", Equal, "ADA", "a")]
    [InlineData("givenName", Contains, "d", "a")]
    [InlineData("givenName", Contains, "%", "")]
    [InlineData("givenName", StartsWith, "GE", "b")]
    [InlineData("givenName", Empty, null, "c,d")]
    [InlineData("givenName", NotEmpty, null, "a,b")]
    [InlineData("birthDate", Equal, "2010-12-10", "a")]
    [InlineData("birthDate", StartsWith, "2010-", "a,b")]
    [InlineData("birthDate", Contains, "-12-", "a")]
    [InlineData("enabled", Equal, "true", "a")]
    [InlineData("enabled", Equal, "false", "b")]
    [InlineData("enabled", Empty, null, "c,d")]
    [InlineData("grades", Equal, "kg", "a")]
    [InlineData("grades", StartsWith, "0", "a,b")]
    [InlineData("grades", Contains, "g", "a")]
    [InlineData("grades", Empty, null, "c,d")]
    [InlineData("metadata", Empty, null, "b,c,d")]
    [InlineData("metadata.home room", Equal, "r.1 \"X\"", "a")]
    [InlineData("metadata.home room", NotEmpty, null, "a")]
    [InlineData("metadata.none", Empty, null, "a,b,c,d")]
    [InlineData("sisId", Equal, "A", "a")]
    public async Task A_filter_is_a_condition_on_one_attribute(string attribute, FilterCondition condition, string? value, string expected) =>
        (await FoundAsync(new RecordQuery(Kind.Student, Filters: [new RecordFilter(attribute, condition, value)]))).ShouldBe(expected);

    [Fact]
    public async Task References_are_filtered_by_id()
    {
        (await FoundAsync(new RecordQuery(Kind.Student, Filters: [new RecordFilter("schools", Equal, Lincoln.ToString())]))).ShouldBe("a,b");
        (await FoundAsync(new RecordQuery(Kind.Student, Filters: [new RecordFilter("primarySchool", Equal, Lincoln.ToString())]))).ShouldBe("b");
    }

    [Fact]
    public async Task All_conditions_hold_together_and_at_any_version()
    {
        RecordFilter[] filters = [new RecordFilter("birthDate", StartsWith, "2010"), new RecordFilter("enabled", Equal, "true")];
        (await FoundAsync(new RecordQuery(Kind.Student, Search: "by", Filters: filters))).ShouldBe("a");
        (await FoundAsync(new RecordQuery(Kind.Student, AsOf: 1, Search: "by", Filters: filters))).ShouldBe("a");
    }

    [Theory]
    [InlineData("shoeSize", Equal, "42")]
    [InlineData("birthDate", Equal, "yesterday")]
    [InlineData("enabled", Equal, "yes")]
    [InlineData("enabled", Contains, "true")]
    [InlineData("primarySchool", Equal, "Lincoln")]
    [InlineData("schools", StartsWith, "a")]
    [InlineData("metadata", Equal, "x")]
    [InlineData("givenName", Equal, null)]
    [InlineData("givenName", Equal, "a\0")]
    public async Task A_filter_that_makes_no_sense_is_refused(string attribute, FilterCondition condition, string? value) =>
        await Should.ThrowAsync<ArgumentException>(() =>
            FoundAsync(new RecordQuery(Kind.Student, Filters: [new RecordFilter(attribute, condition, value)]))
        );

    private async Task<string> FoundAsync(RecordQuery query)
    {
        var store = await bed.Installation.OpenAsync("filters", Token) ?? await MakeAsync();
        var page = await store.Roster.PageAsync(query with { Sort = "sisId" }, Token);
        return string.Join(',', page.Records.Select(record => record.Row.SisId));
    }

    private async Task<IDistrictStore> MakeAsync()
    {
        var store = await bed.Installation.CreateAsync(new DistrictInfo("filters", "Filters", "UTC"), Token);
        await store.PublishAsync(
            Records.Create(
                Kind.Student,
                "a",
                ("familyName", "Byron"),
                ("givenName", "Ada"),
                ("birthDate", new DateOnly(2010, 12, 10)),
                ("enabled", true),
                ("grades", new[] { "KG", "01" }),
                ("schools", new[] { Records.Id(Kind.School, "other"), Lincoln }),
                ("metadata", new Dictionary<string, string>(StringComparer.Ordinal) { ["home room"] = "R.1 \"x\"" })
            ),
            Records.Create(
                Kind.Student,
                "b",
                ("familyName", "byron"),
                ("givenName", "George"),
                ("birthDate", new DateOnly(2010, 1, 22)),
                ("enabled", false),
                ("grades", new[] { "02" }),
                ("schools", new[] { Lincoln }),
                ("primarySchool", Lincoln)
            ),
            Records.Create(Kind.Student, "c", ("familyName", "Éva")),
            Records.Create(Kind.Student, "d", ("familyName", "100%x"))
        );
        return store;
    }
}
