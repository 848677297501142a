using CsCheck;
using Rollbook.Model;
using static Rollbook.Storage.FilterCondition;

namespace Rollbook.Storage.Tests;

/// <summary>The records at a school, of a calendar: whatever was published in whatever order, pages of them are slices of the whole list that has them.</summary>
public abstract class LinkCompliance(TestBed bed)
{
    private const int People = 40;

    private static readonly RollbookId[] Schools = [.. Enumerable.Range(0, 4).Select(i => Records.Id(Kind.School, $"o{i}"))];

    private static readonly string?[] Names = ["Ada", "ada", "Adams", "Bob", "Zoe", "Éva", "日本", null];

    private static readonly string?[] Sorts = [null, "sisId", "birthDate", "familyName"];

    private static readonly string?[] Searches = [null, "ad", "p1", "é", "p"];

    private static readonly RecordFilter?[] Others =
    [
        null,
        new("enabled", Equal, "true"),
        new("birthDate", Empty, null),
        new("schools", Equal, Schools[1].ToString()),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_of_a_school_are_slices_of_the_whole_list_at_every_version()
    {
        var store = await bed.NewDistrictAsync();
        var random = new Random(11);
        var there = new HashSet<int>();
        const int Versions = 8;
        for (var version = 1; version <= Versions; version++)
        {
            await store.PublishAsync(Changes(random, there));
        }

        await Gen.Select(
                Gen.Int[1, Versions],
                Gen.Bool,
                Gen.Int[0, Sorts.Length - 1].Select(number => Sorts[number]),
                Gen.Bool,
                Gen.Bool,
                Gen.Int[1, 9],
                Gen.Int[0, Searches.Length - 1].Select(number => Searches[number]),
                Gen.Int[0, Others.Length - 1].Select(number => Others[number])
            )
            .SampleAsync(
                async (version, newest, sort, descending, backwards, limit, search, filter) =>
                {
                    var query = new RecordQuery(
                        Kind.Student,
                        newest ? null : version,
                        search,
                        [new("schools", Equal, Schools[0].ToString()), .. new[] { filter }.OfType<RecordFilter>()],
                        sort,
                        descending,
                        Backwards: backwards,
                        Limit: limit
                    );
                    // Without the filter on a school, no link is used.
                    var whole = await WalkAsync(store, query with { Filters = [.. query.Filters!.Skip(1)], Limit = People });
                    (await WalkAsync(store, query))
                        .Select(record => record.Id)
                        .ShouldBe(whole.Where(record => At(record, Schools[0])).Select(record => record.Id));
                },
                iter: 150,
                threads: 1
            );
    }

    [Fact]
    public async Task Who_is_at_a_school_is_found_after_every_publication()
    {
        var store = await bed.NewDistrictAsync();
        var random = new Random(12);
        var there = new HashSet<int>();
        for (var version = 0; version < 12; version++)
        {
            await store.PublishAsync(Changes(random, there));
            var all = await store.Roster.ReadAsync(Kind.Student, null, Token).ToListAsync(Token);
            foreach (var school in Schools)
            {
                (await store.Roster.ReferrersAsync(Kind.Student, Kinds.Of(Kind.Student)["schools"], [school], Token)).ShouldBe(
                    all.Where(record => At(record, school)).Select(record => record.Id),
                    ignoreOrder: true
                );
            }
        }
    }

    [Fact]
    public async Task A_first_load_of_many_and_what_changes_of_it_are_found()
    {
        var store = await bed.NewDistrictAsync();
        const int Many = 10_400;
        StagedChange Person(int i, Func<Kind, string, (string, object)[], StagedChange> make) =>
            make(
                Kind.Teacher,
                $"t{i}",
                [("familyName", $"N{i % 97:00}"), ("schools", i % 100 == 0 ? [Schools[0], Schools[1]] : new[] { Schools[1] })]
            );
        await store.PublishAsync(Enumerable.Range(0, Many).Select(i => Person(i, (kind, id, values) => Records.Create(kind, id, values))));
        (await CountAsync(store, Schools[0])).ShouldBe(104);
        await store.PublishAsync(
            Records.Update(Kind.Teacher, "t0", ("familyName", "N00"), ("schools", new[] { Schools[1] })),
            Records.Update(Kind.Teacher, "t1", ("familyName", "A"), ("schools", new[] { Schools[0] })),
            Records.Delete(Kind.Teacher, "t100")
        );
        (await CountAsync(store, Schools[0])).ShouldBe(103);
        var filter = new RecordFilter("schools", Equal, Schools[0].ToString());
        (await store.Roster.PageAsync(new RecordQuery(Kind.Teacher, Filters: [filter], Limit: 1), Token)).Records[0].Row.SisId.ShouldBe("t1");
    }

    private static async Task<int> CountAsync(IDistrictStore store, RollbookId school) =>
        (await WalkAsync(store, new RecordQuery(Kind.Teacher, Filters: [new("schools", Equal, school.ToString())], Limit: 40))).Count;

    private static bool At(RosterRecord record, RollbookId school) => record.Row["schools"] is RollbookId[] schools && schools.Contains(school);

    private static List<StagedChange> Changes(Random random, HashSet<int> there)
    {
        var changes = new List<StagedChange>();
        foreach (var person in Enumerable.Range(0, People).Where(_ => random.Next(3) == 0))
        {
            var id = Records.Id(Kind.Student, $"p{person}");
            // Another SIS ID under the same Rollbook ID, too.
            var row = Records.Row(Kind.Student, random.Next(4) == 0 ? $"q{person}" : $"p{person}", Values(random));
            if (there.Add(person))
            {
                changes.Add(new StagedChange(Operation.Create, Kind.Student, id, row, Consequence: false));
            }
            else if (random.Next(3) == 0)
            {
                there.Remove(person);
                changes.Add(new StagedChange(Operation.Delete, Kind.Student, id, default, Consequence: false));
            }
            else
            {
                changes.Add(new StagedChange(random.Next(2) == 0 ? Operation.Update : Operation.Rekey, Kind.Student, id, row, Consequence: false));
            }
        }

        return changes;
    }

    private static (string, object)[] Values(Random random)
    {
        var schools = Schools.Where(_ => random.Next(2) == 0).ToArray();
        return
        [
            .. Names[random.Next(Names.Length)] is { } name ? [("familyName", name)] : Array.Empty<(string, object)>(),
            .. schools.Length == 0 ? [] : new (string, object)[] { ("schools", schools) },
            .. random.Next(2) == 0 ? [] : new (string, object)[] { ("birthDate", new DateOnly(2012, 1, 1 + random.Next(3))) },
            ("enabled", random.Next(2) == 0),
        ];
    }

    private static async Task<List<RosterRecord>> WalkAsync(IDistrictStore store, RecordQuery query)
    {
        var all = new List<RosterRecord>();
        while (true)
        {
            var page = await store.Roster.PageAsync(query, Token);
            all.InsertRange(query.Backwards ? 0 : all.Count, page.Records);
            if ((query.Backwards ? page.Previous : page.Next) is not { } cursor)
            {
                return all;
            }

            query = query with { After = cursor };
        }
    }
}
