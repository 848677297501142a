using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Pairs of SIS Migration.</summary>
public abstract class SuccessorCompliance(TestBed bed)
{
    private const string App = "synergy";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pairs_are_proposed_kept_separate_accepted_and_forgotten()
    {
        var store = await bed.NewDistrictAsync();
        var pairs = Enumerable.Range(0, 450).Select(i => Pair(i, i % 3 == 0 ? "email" : "stateId")).OrderBy(pair => pair.Key).ToList();
        await store.Successors.ProposeAsync(App, pairs, Token);
        await store.Successors.ProposeAsync("other", [Pair(0, "email")], Token);

        (await InForceAsync(store)).ShouldBe(pairs);
        (await store.Successors.CountAsync(App, Token)).ShouldBe([
            new SuccessorCount(Kind.Student, "email", SuccessorState.Proposed, 150),
            new SuccessorCount(Kind.Student, "stateId", SuccessorState.Proposed, 300),
        ]);

        // One that is kept separate does not count, and is not proposed anew.
        (await store.Successors.SeparateAsync(App, pairs[3].Key, isSeparate: true, Token)).ShouldBeTrue();
        (await store.Successors.SeparateAsync(App, Records.Id(Kind.Student, "nobody"), isSeparate: true, Token)).ShouldBeFalse();
        await store.Successors.ProposeAsync(App, [pairs[3] with { Domain = "other" }], Token);
        (await InForceAsync(store)).ShouldBe(pairs.Where((_, at) => at != 3));
        (await store.Successors.PageAsync(App, Kind.Student, null, 4, Token)).ShouldBe([
            .. pairs.Take(3),
            pairs[3] with
            {
                State = SuccessorState.Separate,
            },
        ]);
        (await store.Successors.PageAsync(App, Kind.Student, pairs[447].Key, 10, Token)).ShouldBe(pairs[448..]);
        (await store.Successors.PageAsync(App, Kind.Teacher, null, 10, Token)).ShouldBeEmpty();

        // What was accepted is nobody's question any more.
        await store.Successors.AcceptAsync(App, Token);
        (await store.Successors.SeparateAsync(App, pairs[0].Key, isSeparate: true, Token)).ShouldBeFalse();
        await store.Successors.ProposeAsync(App, [Pair(1_000, "email")], Token);
        await store.Successors.ForgetAsync(App, Token);
        (await InForceAsync(store)).Select(pair => pair.Key).ShouldBe(pairs.Where((_, at) => at != 3).Select(pair => pair.Key));
        (await store.Successors.PageAsync(App, Kind.Student, null, 10, Token)).ShouldBeEmpty();

        await store.Successors.RemoveAsync(App, Token);
        (await InForceAsync(store)).ShouldBeEmpty();
        (await store.Successors.CountAsync("other", Token)).ShouldHaveSingleItem();
    }

    private static SuccessorPair Pair(int number, string domain) =>
        new(Kind.Student, Records.Id(Kind.Student, $"new{number}"), Records.Id(Kind.Student, $"old{number}"), domain);

    private static async Task<List<SuccessorPair>> InForceAsync(IDistrictStore store) =>
        await store.Successors.InForceAsync(App, Token).ToListAsync(Token);
}
