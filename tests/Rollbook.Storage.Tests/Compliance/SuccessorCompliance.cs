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
        (await store.Successors.DecideAsync(App, [pairs[3].Key, Records.Id(Kind.Student, "nobody")], isSeparate: true, Token)).ShouldBe(1);
        (await store.Successors.SeparateAsync(App, Token).ToListAsync(Token)).ShouldHaveSingleItem().Key.ShouldBe(pairs[3].Key);
        (await store.Successors.GetAsync(App, pairs[4].Key, Token)).ShouldBe(pairs[4]);
        (await store.Successors.OfAsync(App, [pairs[5].Id, pairs[3].Id, pairs[3].Key], Token))
            .Select(pair => pair.Key)
            .ShouldBe([pairs[3].Key, pairs[5].Key], ignoreOrder: true);
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

        // What was accepted with a publication is nobody's question any more; what was left out of it is.
        await PublishAsync(store, accepted: null);
        (await store.Successors.CountAsync(App, Token)).ShouldAllBe(count => count.State != SuccessorState.Accepted);
        await PublishAsync(store, new SuccessorAcceptance([.. pairs.Select(pair => pair.Id)], [pairs[8].Id]));
        (await store.Successors.DecideAsync(App, [pairs[0].Key], isSeparate: true, Token)).ShouldBe(0);
        (await store.Successors.GetAsync(App, pairs[0].Key, Token)).ShouldBeNull();
        (await store.Successors.GetAsync(App, pairs[8].Key, Token)).ShouldBe(pairs[8]);

        // Another record keeps the same Rollbook ID later: that it is left out says nothing of the first.
        await store.Successors.ProposeAsync(App, [Pair(1_000, "email") with { Id = pairs[0].Id }], Token);
        await PublishAsync(store, new SuccessorAcceptance([pairs[8].Id], [pairs[0].Id]));

        // Pairs of an earlier run that one does not bring are forgotten, and never accepted with it.
        await store.Successors.ProposeAsync(App, [Pair(2_000, "email")], Token);
        await PublishAsync(store, new SuccessorAcceptance([], []));
        (await store.Successors.GetAsync(App, Pair(2_000, "email").Key, Token)).ShouldBeNull();
        await store.Successors.ForgetAsync(App, Token);
        (await InForceAsync(store)).Select(pair => pair.Key).ShouldBe(pairs.Where((_, at) => at != 3).Select(pair => pair.Key));
        (await store.Successors.PageAsync(App, Kind.Student, null, 10, Token)).ShouldBeEmpty();

        await store.Successors.RemoveAsync(App, Token);
        (await InForceAsync(store)).ShouldBeEmpty();
        (await store.Successors.CountAsync("other", Token)).ShouldHaveSingleItem();
    }

    private static async Task PublishAsync(IDistrictStore store, SuccessorAcceptance? accepted)
    {
        var latest = (await store.Roster.LatestAsync(Token))?.Number ?? 0;
        var publication = Publishing.Publication(await store.StartRunAsync(), latest, new MemoryChangeSet()) with { Successors = accepted };
        (await store.Roster.PublishAsync(publication, Token)).ShouldBeOfType<PublishResult.Unchanged>();
    }

    private static SuccessorPair Pair(int number, string domain) =>
        new(Kind.Student, Records.Id(Kind.Student, $"new{number}"), Records.Id(Kind.Student, $"old{number}"), domain);

    private static async Task<List<SuccessorPair>> InForceAsync(IDistrictStore store) =>
        await store.Successors.InForceAsync(App, Token).ToListAsync(Token);
}
