using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Records that several sources have together.</summary>
public abstract class UnitedCompliance(TestBed bed)
{
    private static readonly Member Amara = MemberOf("synergy", "u1", "u1", "Amara");
    private static readonly Member AmaraToo = MemberOf("directory", "d1", "u1", "Amara L.");
    private static readonly Member Bo = MemberOf("synergy", "u2", "u2", "Bo");
    private static readonly Member BoToo = MemberOf("csv", "c2", "u2", "Bo");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_come_change_and_go_with_a_publication()
    {
        var store = await bed.NewDistrictAsync();
        await ChangeAsync(store, new MemberChanges([], [Amara, AmaraToo, Bo]));
        await ShouldHaveAsync(store, AmaraToo, Amara, Bo);

        var moved = AmaraToo with { Id = Bo.Id, Row = Bo.Row };
        await ChangeAsync(store, new MemberChanges([("synergy", Amara.Key), ("directory", Bo.Key)], [moved]));
        await ShouldHaveAsync(store, moved, Bo);
        (await store.United.OfAsync([Bo.Id, Amara.Id], Token)).Select(member => member.Key).ShouldBe([moved.Key, Bo.Key]);
        (await store.United.OfAsync([Amara.Id], Token)).ShouldBeEmpty();
        (await store.United.OfAsync([], Token)).ShouldBeEmpty();
        (await store.United.WithKeysAsync([moved.Key, Amara.Key], Token)).ShouldBe([moved]);
    }

    [Fact]
    public async Task A_publication_that_does_not_count_changes_no_member()
    {
        var store = await bed.NewDistrictAsync();
        await ChangeAsync(store, new MemberChanges([], [Amara]));
        var run = await store.StartRunAsync();
        var publication = Publishing.Publication(run, 7, new MemberChanges([("synergy", Amara.Key)], [Bo]));
        (await store.Roster.PublishAsync(publication, Token)).ShouldBeOfType<PublishResult.Outdated>();
        await ShouldHaveAsync(store, Amara);
    }

    [Fact]
    public async Task Many_members_are_written_and_found()
    {
        var store = await bed.NewDistrictAsync();
        var members = Enumerable.Range(0, 12_000).Select(i => MemberOf("directory", $"d{i}", $"u{i}", $"Name {i}")).ToList();
        await ChangeAsync(store, new MemberChanges([], members));
        (await store.United.OfAsync([.. members.Select(member => member.Id)], Token)).Count.ShouldBe(members.Count);
        await ChangeAsync(store, new MemberChanges([.. members.Select(member => (member.App, member.Key))], []));
        await ShouldHaveAsync(store);
    }

    [Fact]
    public async Task Whoever_had_a_record_together_with_an_app_keeps_its_ID()
    {
        var store = await bed.NewDistrictAsync();
        await ChangeAsync(store, new MemberChanges([], [Amara, AmaraToo, Bo, BoToo, MemberOf("csv", "c3", "c9", "Cy")]));
        (await store.United.KeptIdsAsync(Token)).ShouldBeEmpty();
        (await store.United.CountSharedAsync("synergy", Token)).ShouldBe(2);
        (await store.United.CountSharedAsync("csv", Token)).ShouldBe(1);
        (await store.United.CountSharedAsync("other", Token)).ShouldBe(0);
        for (var i = 0; i < 2; i++)
        {
            (await store.United.KeepIdsAsync("synergy", Token)).ShouldBe(2);
            (await store.United.KeptIdsAsync(Token)).ShouldBe(
                new Dictionary<RollbookId, RollbookId> { [AmaraToo.Key] = Amara.Id, [BoToo.Key] = Bo.Id },
                ignoreOrder: true
            );
        }

        (await store.United.KeepIdsAsync("other", Token)).ShouldBe(0);
    }

    private static Member MemberOf(string app, string key, string id, string name) =>
        new(app, Records.Id(Kind.Student, key), Records.Id(Kind.Student, id), Records.Create(Kind.Student, key, ("givenName", name)).Row);

    private static async Task ChangeAsync(IDistrictStore store, MemberChanges changes)
    {
        var run = await store.StartRunAsync();
        (await store.Roster.PublishAsync(Publishing.Publication(run, 0, changes), Token)).ShouldBeOfType<PublishResult.Unchanged>();
    }

    private static async Task ShouldHaveAsync(IDistrictStore store, params Member[] members) =>
        (await store.United.ReadAsync(Token).ToListAsync(Token)).ShouldBe(members, ignoreOrder: true);
}
