using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Who refers to whom.</summary>
public abstract class ReferenceCompliance(TestBed bed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Referrers_are_found_through_references_and_lists_of_them()
    {
        var store = await bed.NewDistrictAsync();
        RollbookId[] people = [.. Enumerable.Range(0, 4).Select(i => Records.Id(Kind.Student, $"p{i}"))];
        await store.PublishAsync(
            Records.Create(Kind.Enrollment, "e0", ("person", people[0])),
            Records.Create(Kind.Enrollment, "e1", ("person", people[1])),
            Records.Create(Kind.Enrollment, "e2", ("person", people[1])),
            Records.Create(Kind.Enrollment, "e3"),
            Records.Create(Kind.Contact, "c0", ("students", new[] { people[0], people[1] })),
            Records.Create(Kind.Contact, "c1", ("students", new[] { people[2] })),
            Records.Create(Kind.Contact, "c2")
        );
        await store.PublishAsync(Records.Delete(Kind.Enrollment, "e2"));

        (await ReferrersAsync(store, Kind.Enrollment, "person", people[1], people[3])).ShouldBe([Records.Id(Kind.Enrollment, "e1")]);
        (await ReferrersAsync(store, Kind.Contact, "students", people[1], people[2])).ShouldBe(
            [Records.Id(Kind.Contact, "c0"), Records.Id(Kind.Contact, "c1")],
            ignoreOrder: true
        );
        (await ReferrersAsync(store, Kind.Contact, "students", people[3])).ShouldBeEmpty();
        (await ReferrersAsync(store, Kind.Contact, "students")).ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(() => ReferrersAsync(store, Kind.Contact, "role", people[0]));
    }

    [Fact]
    public async Task Many_are_found_whatever_their_kind_and_what_is_missing_is_left_out()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.Student, "p0"), Records.Create(Kind.Teacher, "p1"), Records.Create(Kind.Contact, "p2"));
        await store.PublishAsync(Records.Delete(Kind.Contact, "p2"), Records.Create(Kind.Admin, "p3"));
        RollbookId[] ids = [.. Enumerable.Range(0, 5).Select(i => Records.Id(Kind.Student, $"p{i}"))];
        (await store.Roster.GetManyAsync(Family.Person, [.. ids, ids[0]], null, Token))
            .ToDictionary(found => found.Key, found => found.Value.Row.Kind)
            .ShouldBe(
                new Dictionary<RollbookId, Kind>
                {
                    [ids[0]] = Kind.Student,
                    [ids[1]] = Kind.Teacher,
                    [ids[3]] = Kind.Admin,
                },
                ignoreOrder: true
            );
        (await store.Roster.GetManyAsync(Family.Person, ids, 1, Token)).Keys.ShouldBe([ids[0], ids[1], ids[2]], ignoreOrder: true);
        (await store.Roster.GetManyAsync(Family.Org, ids, null, Token)).ShouldBeEmpty();
        (await store.Roster.GetManyAsync(Family.Person, [], null, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_are_counted_by_the_schools_that_they_are_at_and_the_apps_they_come_from()
    {
        var store = await bed.NewDistrictAsync();
        var (north, south) = (Records.Id(Kind.School, "north"), Records.Id(Kind.School, "south"));
        string[] app = ["synergy"];
        await store.PublishAsync(
            Records.Create(Kind.Student, "p0", ("sources", app), ("schools", new[] { north })),
            Records.Create(Kind.Student, "p1", ("sources", app), ("schools", new[] { north })),
            Records.Create(Kind.Student, "p2", ("sources", app), ("schools", new[] { north, south })),
            Records.Create(Kind.Student, "p3", ("sources", new[] { "other" }), ("schools", new[] { north })),
            Records.Create(Kind.Student, "p4"),
            Records.Create(Kind.Class, "c0", ("sources", app), ("school", south))
        );
        await store.PublishAsync(Records.Delete(Kind.Student, "p1"));
        (await CountsAsync(store, Kind.Student)).ShouldBe(
            [$"synergy at {north}: 1", $"synergy at {north} {south}: 1", $"other at {north}: 1", " at : 1"],
            ignoreOrder: true
        );
        (await CountsAsync(store, Kind.Class)).ShouldBe([$"synergy at {south}: 1"]);
        await Should.ThrowAsync<ArgumentException>(() => store.Roster.CountBySchoolsAsync(Kind.Calendar, Token));
    }

    private static async Task<IEnumerable<string>> CountsAsync(IDistrictStore store, Kind kind) =>
        (await store.Roster.CountBySchoolsAsync(kind, Token)).Select(group =>
            $"{string.Join(' ', group.Sources)} at {string.Join(' ', group.Schools)}: {group.Count}"
        );

    private static Task<IReadOnlyCollection<RollbookId>> ReferrersAsync(
        IDistrictStore store,
        Kind kind,
        string attribute,
        params RollbookId[] targets
    ) => store.Roster.ReferrersAsync(kind, Kinds.Of(kind)[attribute], targets, Token);
}
