using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Runs;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Quality;

/// <summary>What the pages and the file of Data Quality say of what is kept, to whom.</summary>
public abstract class DataQualityTests(ConsoleBed bed)
{
    private const string Page = "/d/riverside/data-quality";
    private const int Students = 120;

    private static readonly MissingTarget East = new(Family.Org, Id(Family.Org, "east"), "east", Absence.NotInSource);

    private static readonly RunReport Quality = new()
    {
        Quality = new Dictionary<Kind, QualityCounts>
        {
            [Kind.Student] = new(Imported: 100, Error: 100, Skipped: 20),
            [Kind.Enrollment] = new(Imported: 300, Skipped: 60),
        },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_the_causes_the_score_and_its_formula()
    {
        await FillAsync();
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var main = (await admin.GetAsync(Page)).Main;
        main.ShouldContain("62.5 of 100");
        main.ShouldContain("(400 imported − 100 with an Error) ÷ (400 imported + 80 Skipped) = 300 ÷ 480");
        main.ShouldContain("School east is not in the source, and 80 records need it");
        main.ShouldContain("Not imported: 20 students and 60 enrollments.");
        main.ShouldContain("E-mail is missing for 100 students");
        main.IndexOf("School east", StringComparison.Ordinal).ShouldBeLessThan(main.IndexOf("E-mail is missing", StringComparison.Ordinal));
        (await admin.GetAsync("/d/riverside/apps/synergy")).Main.ShouldContain("Open issues 180 records");
        (await admin.GetAsync("/d/riverside")).Main.ShouldContain("Open issues 180 records");
    }

    [Fact]
    public async Task Lists_issues_with_their_filters_page_by_page_without_a_sis_id_in_any_address()
    {
        await FillAsync();
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var seen = new List<string>();
        for (string? path = $"{Page}/my-rules?type=error&kind=student&attribute=email"; path is not null; )
        {
            var text = (await admin.GetAsync(path)).Text;
            seen.AddRange(System.Text.RegularExpressions.Regex.Matches(text, "Student (u[0-9]{3})").Select(match => match.Groups[1].Value));
            path = System.Net.WebUtility.HtmlDecode(
                System.Text.RegularExpressions.Regex.Match(text, "rel=\"next\" href=\"([^\"]+)\"").Groups[1].Value
            )
                is { Length: > 0 } next
                ? next
                : null;
            path?.ShouldNotContain("u0");
        }

        seen.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 100).Select(i => $"u{i:000}"));
        var skipped = (await admin.GetAsync($"{Page}/my-rules?type=skipped&kind=enrollment")).Main;
        skipped.ShouldContain("60 issues");
        skipped.ShouldContain("School east is not in the source");
        (await admin.GetAsync($"{Page}/my-rules?app=synergy&cause={East.Id}&kind=student")).Main.ShouldContain("Student u119");
        (await admin.GetAsync($"{Page}/my-rules?kind=admin")).Main.ShouldContain("No issue matches");
        foreach (var strange in new[] { "kind=nonsense", "school=1", "cause=x", "rule=9", "app=%00", "type=a&problem=b&attribute=c" })
        {
            (await admin.GetAsync($"{Page}/my-rules?{strange}")).Status.ShouldBe(200, strange);
        }

        (await admin.GetAsync($"{Page}/my-rules?after=nonsense")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Gives_all_issues_that_the_filters_let_through_as_a_file_and_tells_of_it()
    {
        await FillAsync();
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var lines = await LinesAsync(admin, $"{Page}/issues.csv");
        lines[0].ShouldBe("app,type,kind,attribute,rule,problem,sisId,rollbookId,school,lacks,lacksSisId,why");
        lines.Length.ShouldBe(181);
        lines.ShouldContain(
            $"synergy,Skipped,enrollment,school,Always required,Not valid,'=e00,{Id(Family.Enrollment, "=e00")},,school,east,not in the source"
        );
        (await LinesAsync(admin, $"{Page}/issues.csv?type=error")).Length.ShouldBe(101);
        (await admin.GetAsync("/d/riverside/administration/audit-log?what=data.downloaded")).Main.ShouldContain("Records downloaded Issues");
    }

    [Fact]
    public async Task Shows_a_viewer_what_is_wrong_by_sis_id_as_the_records_pages_do()
    {
        await FillAsync();
        using var viewer = await bed.SignInAsync(ConsoleBed.Riverside, Role.Viewer);
        (await viewer.GetAsync(Page)).Main.ShouldContain("School east is not in the source, and 80 records need it");
        (await viewer.GetAsync(Page + "/my-rules?type=error")).Main.ShouldMatch("Student u[0-9]{3}");
        (await LinesAsync(viewer, $"{Page}/issues.csv")).ShouldContain(line => line.Contains(",u000,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Goes_by_the_last_accepted_runs_however_many_failed_since()
    {
        var store = await FillAsync(
            new RunReport
            {
                Findings = [new FileFinding("date-format", "users.csv", 3, [])],
                NotMapped = new Dictionary<Kind, long> { [Kind.School] = 4 },
            }
        );
        var schools = new NotMappedSchools(4, ["Ash", "Birch", "Cedar"]);
        await PublishAsync(
            store,
            "synergy",
            Quality with
            {
                Purpose = RunPurpose.Uniting,
                NotMapped = new Dictionary<Kind, long> { [Kind.School] = 4 },
                NotMappedSchools = schools,
            },
            IssueChanges.None
        );
        for (var i = 0; i < 31; i++)
        {
            var failed = await store.Runs.AddAsync("synergy", "schedule", "test", 1, bed.Time.GetUtcNow(), Token);
            (await store.Runs.MoveAsync(failed.Number, "queued", "failed", null, bed.Time.GetUtcNow(), Token)).ShouldBeTrue();
        }

        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var main = (await admin.GetAsync(Page)).Main;
        main.ShouldContain("School east is not in the source, and 80 records need it");
        main.ShouldContain("users.csv breaks the rule date-format 3 times");
        main.ShouldContain("4 schools are not mapped: Ash, Birch, Cedar and 1 more");
        (await admin.GetAsync("/d/riverside/apps/synergy")).Main.ShouldContain("Open issues 180 records");
        (await admin.GetAsync("/d/riverside")).Main.ShouldContain("Open issues 180 records");
    }

    [Fact]
    public async Task Tells_nothing_of_an_app_that_was_taken_out_without_its_data()
    {
        var store = await FillAsync();
        await PublishAsync(store, "retired", new RunReport(), new IssueChanges(ClearAll: true, [], [Of(Collection.Users, Kind.Contact, "r000")]));
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        (await admin.GetAsync($"{Page}/my-rules?kind=contact")).Main.ShouldContain("No issue matches");
        (await admin.GetAsync($"{Page}/my-rules?app=retired")).Main.ShouldContain("No issue matches");
        (await LinesAsync(admin, $"{Page}/issues.csv")).Length.ShouldBe(181);
    }

    [Fact]
    public async Task Has_nothing_of_another_district_and_says_why_it_is_empty()
    {
        await FillAsync();
        using var admin = await bed.SignInAsync(ConsoleBed.Lakeside, Role.DistrictAdmin);
        (await admin.GetAsync("/d/lakeside/data-quality")).Main.ShouldContain("Nothing was imported yet");
        (await admin.GetAsync("/d/lakeside/data-quality/my-rules")).Main.ShouldContain("No issue");
        (await LinesAsync(admin, "/d/lakeside/data-quality/issues.csv")).Length.ShouldBe(1);
        (await admin.GetAsync(Page)).Status.ShouldBe(404);
    }

    private static async Task<string[]> LinesAsync(Visitor visitor, string path) =>
        (await visitor.GetAsync(path)).Text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    private static RollbookId Id(Family family, string sisId) => RollbookId.Derive(new IdScope(ConsoleBed.Riverside, "synergy", family), sisId);

    /// <summary>An import of students of whom a hundred have no e-mail address, and twenty are of a school that is not there.</summary>
    private async Task<IDistrictStore> FillAsync(RunReport? more = null)
    {
        var installation = (IInstallationStore)bed.Services.GetService(typeof(IInstallationStore))!;
        var store = (await installation.OpenAsync(ConsoleBed.Riverside, Token))!;
        if (await store.Configuration.LatestAsync(Token) is null)
        {
            var configuration = new DistrictConfiguration
            {
                Id = ConsoleBed.Riverside,
                Name = "Riverside Unified",
                TimeZone = "America/Los_Angeles",
                Apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
                {
                    ["synergy"] = new() { Type = "synergy", Name = "Synergy" },
                },
            };
            await store.Configuration.AddAsync(0, configuration.ToDocument(), "test", bed.Time.GetUtcNow(), Token);
        }

        var report = (more ?? new RunReport()) with { Quality = Quality.Quality };
        await PublishAsync(store, "synergy", report, new IssueChanges(ClearAll: true, [], [.. Issues()]));
        return store;
    }

    private async Task PublishAsync(IDistrictStore store, string app, RunReport report, IssueChanges issues)
    {
        var run = await store.Runs.AddAsync(app, "command", "test", 1, bed.Time.GetUtcNow(), Token);
        (await store.Runs.MoveAsync(run.Number, "queued", "publishing", null, null, Token)).ShouldBeTrue();
        var publication = new Publication(
            run.Number,
            app,
            BaseVersion: 0,
            1,
            "test",
            "test",
            bed.Time.GetUtcNow,
            Reason: null,
            NoChanges.Instance,
            new UnresolvedChanges(ClearAll: true, [], []),
            [],
            (_, _) => report.ToJson()
        )
        {
            Issues = issues,
        };
        (await store.Roster.PublishAsync(publication, Token)).ShouldBeOfType<PublishResult.Unchanged>();
    }

    private static IEnumerable<Issue> Issues() =>
        Enumerable
            .Range(0, Students)
            .Select(i => Of(Collection.Users, Kind.Student, $"u{i:000}"))
            .Select(
                (issue, i) =>
                    i < 100 ? issue with { Attribute = "email", Rule = IssueRule.Report, Target = null, Problem = IssueProblem.Missing } : issue
            )
            .Concat(Enumerable.Range(0, 60).Select(i => Of(Collection.Enrollments, Kind.Enrollment, $"=e{i:00}")));

    private static Issue Of(Collection collection, Kind kind, string sisId) =>
        new(
            collection,
            Id(Kinds.Of(kind).Family, sisId),
            kind,
            kind == Kind.Student ? "schools" : "school",
            IssueRule.Required,
            IssueProblem.Invalid,
            sisId,
            School: null
        )
        {
            Target = East,
        };

    private sealed class NoChanges : IChangeSet
    {
        internal static NoChanges Instance { get; } = new();

        public IReadOnlyDictionary<Kind, ChangeCounts> Counts { get; } = new Dictionary<Kind, ChangeCounts>();

        public IEnumerable<StagedChange> Read(Kind kind) => [];
    }
}

public sealed class DataQualityTestsOnSqlite(ConsoleBed bed) : DataQualityTests(bed), IClassFixture<ConsoleBed>;

public sealed class DataQualityTestsOnPostgres(PostgresBed bed) : DataQualityTests(bed), IClassFixture<PostgresBed>;
