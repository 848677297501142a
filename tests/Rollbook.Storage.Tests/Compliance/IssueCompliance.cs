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
        (await ReadAsync(store, new IssueQuery("synergy"))).ShouldBe([all[4], all[2], all[0], all[3], all[1]]);
        (await ReadAsync(store, new IssueQuery("synergy", Skip: 1, Limit: 2))).ShouldBe([all[2], all[0]]);
        (await ReadAsync(store, new IssueQuery("synergy", Kind.Student, "email", IssueRule.Report))).ShouldBe([all[0], all[3]]);
        (await ReadAsync(store, new IssueQuery("synergy", School: North, Problem: IssueProblem.Invalid))).ShouldBe([all[4]]);
        (await store.Issues.CountAsync("synergy", Token)).Sum(count => count.Count).ShouldBe(5);
        (await store.Issues.CountAsync(null, Token)).ShouldContain(
            new IssueCount("csv", Kind.Student, "email", IssueRule.Report, IssueProblem.Missing, North, 1)
        );

        await PublishAsync(
            store,
            new IssueChanges(ClearAll: false, [(Collection.Users, all[0].Record), (Collection.Users, all[2].Record)], [all[2]])
        );
        (await ReadAsync(store, new IssueQuery("synergy"))).ShouldBe([all[4], all[2], all[3]]);
        await PublishAsync(store, IssueChanges.None);
        (await ReadAsync(store, new IssueQuery("synergy"))).Count.ShouldBe(3);
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

    private static async Task<List<Issue>> ReadAsync(IDistrictStore store, IssueQuery query) =>
        [.. (await store.Issues.PageAsync(query, Token)).Select(kept => kept.Issue)];

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
