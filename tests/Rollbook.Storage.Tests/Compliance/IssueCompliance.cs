using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Issues: kept with the publication that found them, forgotten by record or all at once.</summary>
public abstract class IssueCompliance(TestBed bed)
{
    private static readonly RollbookId North = Records.Id(Kind.School, "north");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Issues_are_kept_with_a_publication_and_forgotten_by_record()
    {
        var store = await bed.NewDistrictAsync();
        Issue[] all =
        [
            Student("u1", "email", IssueRule.Report, IssueProblem.Missing),
            Student("u1", "phone", IssueRule.Report, IssueProblem.Missing),
            Student("u2", "email", IssueRule.Skip, IssueProblem.Invalid) with
            {
                School = null,
            },
            Student("u3", "email", IssueRule.Report, IssueProblem.Missing),
            new(Collection.Classes, Records.Id(Kind.Class, "c1"), Kind.Class, "calendars", IssueRule.Skip, IssueProblem.Invalid, "c1", North),
        ];
        await PublishAsync(store, new IssueChanges(ClearAll: true, [], all));
        await PublishAsync(store, new IssueChanges(ClearAll: true, [], [all[0]]), "csv");

        (await store.Issues.RecordsAsync("synergy", Collection.Users, Token)).ShouldBe(
            [
                new IssueRecord(all[0].Record, Kind.Student, IsReported: true),
                new IssueRecord(all[2].Record, Kind.Student, IsReported: false),
                new IssueRecord(all[3].Record, Kind.Student, IsReported: true),
            ],
            ignoreOrder: true
        );
        (await ReadAsync(store, new IssueQuery(["synergy"]))).ShouldBe([.. InOrder(all[0], all[3]), all[1], all[4], all[2]]);
        (await ReadAsync(store, new IssueQuery(["synergy"], Kind.Student, "email", [IssueRule.Report]))).ShouldBe(InOrder(all[0], all[3]));
        (await ReadAsync(store, new IssueQuery(["synergy"], Rules: [IssueRule.Skip, IssueRule.Required]))).ShouldBe([all[4], all[2]]);
        (await ReadAsync(store, new IssueQuery(["synergy"], Rules: []))).ShouldBeEmpty();
        (await ReadAsync(store, new IssueQuery(["synergy"], School: North, Problem: IssueProblem.Invalid))).ShouldBe([all[4]]);
        (await store.Issues.CountAsync("synergy", Token)).Sum(count => count.Count).ShouldBe(5);
        (await store.Issues.CountAsync(null, Token)).ShouldContain(
            new IssueCount("csv", Kind.Student, "email", IssueRule.Report, IssueProblem.Missing, North, 1)
        );

        await PublishAsync(
            store,
            new IssueChanges(ClearAll: false, [(Collection.Users, all[0].Record), (Collection.Users, all[2].Record)], [all[2]])
        );
        (await ReadAsync(store, new IssueQuery(["synergy"]))).ShouldBe([all[3], all[4], all[2]]);
        await PublishAsync(store, IssueChanges.None);
        (await ReadAsync(store, new IssueQuery(["synergy"]))).Count.ShouldBe(3);
        await PublishAsync(store, new IssueChanges(ClearAll: true, [], []));
        (await ReadAsync(store, new IssueQuery())).ShouldBe([all[0]]);
    }

    [Fact]
    public async Task Of_a_publication_that_is_refused_no_issue_is_kept()
    {
        var store = await bed.NewDistrictAsync();
        var issues = new IssueChanges(ClearAll: true, [], [Student("u1", "email", IssueRule.Report, IssueProblem.Missing)]);
        var publication = Publishing.Publication(await store.StartRunAsync(), 7, new MemoryChangeSet()) with { Issues = issues };
        (await store.Roster.PublishAsync(publication, Token)).ShouldBe(new PublishResult.Outdated(0));
        (await ReadAsync(store, new IssueQuery())).ShouldBeEmpty();
    }

    private static Issue Student(string sisId, string attribute, IssueRule rule, IssueProblem problem) =>
        new(Collection.Users, Records.Id(Kind.Student, sisId), Kind.Student, attribute, rule, problem, sisId, North);

    [Fact]
    public async Task Pages_follow_one_another_without_a_gap_and_tell_no_sis_id()
    {
        var store = await bed.NewDistrictAsync();
        Issue[] all =
        [
            .. Enumerable
                .Range(0, 23)
                .Select(i =>
                    Student($"u{i % 9:000}", i % 2 == 0 ? "email" : "phone", (IssueRule)(i % 3), (IssueProblem)(i % 2)) with
                    {
                        Target = i % 3 == 2 ? Class($"c{i % 2}", Absence.NotInSource) : null,
                    }
                ),
        ];
        await PublishAsync(store, new IssueChanges(ClearAll: true, [], all));
        await PublishAsync(store, new IssueChanges(ClearAll: true, [], all[..5]), "csv");
        var whole = await store.Issues.PageAsync(new IssueQuery(), Token);
        whole.Next.ShouldBeNull();
        whole.Issues.Count.ShouldBe(28);

        var read = new List<KeptIssue>();
        for (var query = new IssueQuery(Limit: 5); ; )
        {
            var page = await store.Issues.PageAsync(query, Token);
            read.AddRange(page.Issues);
            if (page.Next is null)
            {
                break;
            }

            page.Issues.Count.ShouldBe(5);
            System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(page.Next)).ShouldNotContain("u00");
            query = query with { After = page.Next };
        }

        read.ShouldBe(whole.Issues);
        foreach (var damaged in new[] { "", "x", "AAAA", whole.Issues[0].Issue.SisId })
        {
            await Should.ThrowAsync<RefusedValueException>(() => store.Issues.PageAsync(new IssueQuery(After: damaged), Token));
        }
    }

    [Fact]
    public async Task What_is_lacked_is_counted_by_target_with_the_issue_of_what_is_left_out()
    {
        var store = await bed.NewDistrictAsync();
        var school = new MissingTarget(Family.Org, Records.Id(Kind.School, "east"), "east", Absence.NotInSource);
        Issue[] all =
        [
            Lacking(Kind.Class, Collection.Classes, "c1", "school", school),
            Lacking(Kind.Class, Collection.Classes, "c2", "school", school),
            Lacking(Kind.Enrollment, Collection.Enrollments, "e1", "class", Class("c1", Absence.LeftOut)),
            Lacking(Kind.Enrollment, Collection.Enrollments, "e2", "class", Class("c1", Absence.LeftOut)),
            Lacking(Kind.Enrollment, Collection.Enrollments, "e3", "class", target: null),
            Student("u1", "phone", IssueRule.Report, IssueProblem.Missing),
        ];
        (await store.Issues.TargetsAsync("synergy", Token)).Counts.ShouldBeEmpty();
        await PublishAsync(store, new IssueChanges(ClearAll: true, [], all));
        await PublishAsync(store, new IssueChanges(ClearAll: true, [], [all[1]]), "csv");

        var targets = await store.Issues.TargetsAsync("synergy", Token);
        targets.Counts.ShouldBe([new TargetCount(school, Kind.Class, 2), new TargetCount(all[2].Target!, Kind.Enrollment, 2)], ignoreOrder: true);
        targets.LeftOut.ShouldBe(new Dictionary<RollbookId, Issue> { [all[0].Record] = all[0] });
        (await ReadAsync(store, new IssueQuery(["synergy"], Targets: [school.Id]))).ShouldBe(InOrder(all[0], all[1]));
        (await store.Issues.RecordsAsync("synergy", Collection.Classes, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_report_is_told_what_is_lacked_after_its_own_publication()
    {
        var store = await bed.NewDistrictAsync();
        var issue = Lacking(Kind.Enrollment, Collection.Enrollments, "e1", "class", Class("c1", Absence.Filtered));
        IssueTargets? told = null;
        var publication = Publishing.Publication(await store.StartRunAsync(), 0, new MemoryChangeSet()) with
        {
            Issues = new IssueChanges(ClearAll: true, [], [issue]),
            Report = (_, targets) =>
            {
                told = targets;
                return "{}";
            },
        };
        await store.Roster.PublishAsync(publication, Token);
        told.ShouldNotBeNull().Counts.ShouldBe([new TargetCount(issue.Target!, Kind.Enrollment, 1)]);
    }

    private static MissingTarget Class(string sisId, Absence absence) => new(Family.Class, Records.Id(Kind.Class, sisId), sisId, absence);

    private static Issue Lacking(Kind kind, Collection collection, string sisId, string attribute, MissingTarget? target) =>
        new(
            collection,
            Records.Id(kind, sisId),
            kind,
            attribute,
            IssueRule.Required,
            target is null ? IssueProblem.Missing : IssueProblem.Invalid,
            sisId,
            School: null
        )
        {
            Target = target,
        };

    private static IReadOnlyList<Issue> InOrder(params IEnumerable<Issue> issues) => [.. issues.OrderBy(issue => issue.Record)];

    private static async Task<IReadOnlyList<Issue>> ReadAsync(IDistrictStore store, IssueQuery query) =>
        [.. (await store.Issues.PageAsync(query, Token)).Issues.Select(kept => kept.Issue)];

    private static async Task PublishAsync(IDistrictStore store, IssueChanges issues, string app = "synergy") =>
        (
            await store.Roster.PublishAsync(
                Publishing.Publication(await store.StartRunAsync(app), 0, new MemoryChangeSet(), app: app) with
                {
                    Issues = issues,
                },
                Token
            )
        ).ShouldBeOfType<PublishResult.Unchanged>();
}
