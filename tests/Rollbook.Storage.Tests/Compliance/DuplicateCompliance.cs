using Rollbook.Model;
using Rollbook.Testing;

namespace Rollbook.Storage.Tests;

/// <summary>Decisions about duplicates, and what a search found.</summary>
public abstract class DuplicateCompliance(TestBed bed)
{
    private static readonly DateTimeOffset At = new(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);
    private static readonly SourceRecord Ann = RecordOf("synergy", "u1");
    private static readonly SourceRecord Anna = RecordOf("synergy", "u2");
    private static readonly SourceRecord Anne = RecordOf("directory", "d1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_decision_is_remembered_until_it_is_undone()
    {
        var store = (await bed.NewDistrictAsync()).Duplicates;
        (await store.DecisionsAsync(Token)).ShouldBeEmpty();
        var merge = new DuplicateDecision(Kind.Student, Ann, Anna, DuplicateVerdict.Merge, "amira", At);
        var apart = new DuplicateDecision(Kind.Student, Ann, Anne, DuplicateVerdict.KeepSeparate, "amira", At.AddMinutes(1));
        var before = await store.RevisionAsync(Token);
        await store.DecideAsync([merge, apart], Token);
        (await store.DecisionsAsync(Token)).ShouldBe([apart, merge]);
        var decided = await store.RevisionAsync(Token);
        decided.ShouldBeGreaterThan(before);

        (await store.UndoAsync(Anna.Key, Ann.Key, Token)).ShouldBeTrue();
        (await store.DecisionsAsync(Token)).ShouldBe([apart]);
        (await store.RevisionAsync(Token)).ShouldBeGreaterThan(decided);
        (await store.UndoAsync(Anna.Key, Ann.Key, Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_decides_with_older_decisions_in_mind_is_told()
    {
        var store = (await bed.NewDistrictAsync()).Duplicates;
        var revision = await store.RevisionAsync(Token);
        var merge = new DuplicateDecision(Kind.Student, Ann, Anna, DuplicateVerdict.Merge, "amira", At);
        var apart = merge with { Verdict = DuplicateVerdict.KeepSeparate, DecidedBy = "ben" };
        (await store.DecideAsync(revision, [merge], Token)).ShouldBeTrue();
        (await store.DecideAsync(revision, [apart], Token)).ShouldBeFalse();
        (await store.DecisionsAsync(Token)).ShouldBe([merge]);
        (await store.DecideAsync(await store.RevisionAsync(Token), [apart], Token)).ShouldBeTrue();
        (await store.DecisionsAsync(Token)).ShouldBe([apart]);
    }

    [Fact]
    public async Task Of_two_records_there_is_one_decision_the_latest()
    {
        var store = (await bed.NewDistrictAsync()).Duplicates;
        await store.DecideAsync([new DuplicateDecision(Kind.Student, Ann, Anna, DuplicateVerdict.Merge, "amira", At)], Token);
        var later = new DuplicateDecision(Kind.Student, Anna, Ann, DuplicateVerdict.KeepSeparate, "ben", At.AddDays(1));
        await store.DecideAsync([later], Token);
        (await store.DecisionsAsync(Token)).ShouldBe([later]);
    }

    [Fact]
    public async Task What_a_search_found_takes_the_place_of_what_the_one_before_found_of_its_sort()
    {
        var store = (await bed.NewDistrictAsync()).Duplicates;
        (await store.SearchAsync(suggestions: false, Token)).ShouldBeNull();
        var search = new DuplicateSearch(Suggestions: false, 3, 2, 7, At, ["12 students have the same e-mail."]);
        var exact = Enumerable.Range(0, 5).Select(i => Case(10 - i, i / 2, ["email"])).ToList();
        var teacher = Case(20, 0, ["stateId"]) with { Kind = Kind.Teacher };
        var alike = Case(30, 12, domain: null) with { Reasons = """[{"attribute":"givenName"}]""" };
        await store.ReplaceAsync(search, [.. exact, teacher], Token);
        await store.ReplaceAsync(search with { Suggestions = true, Version = 4, Notices = [] }, [alike], Token);

        (await store.SearchAsync(suggestions: false, Token))!.Notices.ShouldBe(search.Notices);
        (await store.SearchAsync(suggestions: true, Token))!.Version.ShouldBe(4);
        (await store.CountAsync(Token))
            .Select(count => (count.Kind, count.Domain?[0], count.Count))
            .ShouldBe([(Kind.Student, "email", 5), (Kind.Student, null, 1), (Kind.Teacher, "stateId", 1)]);
        ShouldBeSame((await store.GetAsync(30, Token))!, alike);
        (await store.GetAsync(31, Token)).ShouldBeNull();

        await store.ReplaceAsync(search with { Version = 5 }, [exact[0]], Token);
        (await store.CountAsync(Token)).Sum(count => count.Count).ShouldBe(2);
        await store.CloseAsync(exact[0].Number, Token);
        (await store.CountAsync(Token)).ShouldHaveSingleItem().Domain.ShouldBeNull();
    }

    [Fact]
    public async Task Finds_are_paged_by_rank_each_once()
    {
        var store = (await bed.NewDistrictAsync()).Duplicates;
        var cases = Enumerable.Range(0, 25).Select(i => Case(1000 - (i * 7), i / 4, ["email"])).ToList();
        await store.ReplaceAsync(new DuplicateSearch(Suggestions: false, 1, 1, 0, At, []), cases, Token);
        var seen = new List<DuplicateCase>();
        while (await store.PageAsync(new DuplicateQuery(Kind.Student, Suggestions: false, seen.LastOrDefault(), 4), Token) is { Count: > 0 } page)
        {
            page.Count.ShouldBeLessThanOrEqualTo(4);
            seen.AddRange(page);
        }

        seen.Select(found => found.Number).ShouldBe(cases.OrderBy(found => found.Rank).ThenBy(found => found.Number).Select(found => found.Number));
    }

    [Fact]
    public async Task With_an_app_go_the_decisions_and_finds_that_name_it()
    {
        var store = (await bed.NewDistrictAsync()).Duplicates;
        var inside = new DuplicateDecision(Kind.Student, Ann, Anna, DuplicateVerdict.Merge, "amira", At);
        await store.DecideAsync([inside, new DuplicateDecision(Kind.Student, Ann, Anne, DuplicateVerdict.KeepSeparate, "amira", At)], Token);
        var search = new DuplicateSearch(Suggestions: false, 1, 1, 0, At, []);
        await store.ReplaceAsync(search, [Case(1, 0, ["email"]), Case(2, 0, ["email"]) with { Records = [Anna, Anne] }], Token);
        (await store.RemoveAsync("directory", Token)).ShouldBe(["synergy"]);
        (await store.RemoveAsync("directory", Token)).ShouldBeEmpty();
        (await store.DecisionsAsync(Token)).ShouldBe([inside]);
        (await store.PageAsync(new DuplicateQuery(Kind.Student, Suggestions: false), Token)).ShouldHaveSingleItem().Number.ShouldBe(1);
    }

    private static SourceRecord RecordOf(string app, string sisId) =>
        new(app, RollbookId.Derive(new IdScope("riverside", app, Family.Person), sisId));

    private static DuplicateCase Case(long number, int rank, IReadOnlyList<string>? domain) => new(number, Kind.Student, domain, rank, [Ann, Anna]);

    private static void ShouldBeSame(DuplicateCase found, DuplicateCase expected)
    {
        found.Records.ShouldBe(expected.Records);
        found.Domain.ShouldBe(expected.Domain);
        (found with { Records = [], Domain = null }).ShouldBe(expected with { Records = [], Domain = null });
    }
}
