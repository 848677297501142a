using CsCheck;
using Rollbook.Model;
using static Rollbook.Storage.FilterCondition;

namespace Rollbook.Storage.Tests;

/// <summary>The roster as it would be after a run that waits: whatever one asks of it is what one is answered once the run is accepted.</summary>
public abstract class WaitingCompliance(TestBed bed)
{
    private const int Ids = 14;

    private static readonly Kind[] SomeKinds = [Kind.School, Kind.Course, Kind.Student, Kind.Enrollment];

    private static readonly RollbookId[] Schools = [.. Enumerable.Range(0, 3).Select(i => Records.Id(Kind.School, $"o{i}"))];

    private static readonly string[] Texts = ["Ada", "ada", "Adams", "Bob", "Zoe", "Éva", "日本", "p1", "a%_b"];

    private static readonly string[] Searches = ["ad", "p1", "é", "p", "none"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_list_of_what_waits_is_page_by_page_the_list_after_accepting() =>
        await Gen.Int.SampleAsync(CheckAsync, iter: 3, threads: 1);

    [Fact]
    public async Task What_is_left_out_is_as_the_roster_has_it()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Student("u1", "Amy"), Student("u2", "Bo"), Student("u3", "Cy"));
        var run = await KeepAsync(
            store,
            Student("u1", "Amara") with
            {
                Operation = Operation.Update,
            },
            Student("u3", "Cyrus") with
            {
                Operation = Operation.Update,
            },
            Records.Delete(Kind.Student, "u2"),
            Student("u4", "Di")
        );
        (await NamesAsync()).ShouldBe("Amara, Cyrus, Di");
        foreach (var id in new[] { "u1", "u2", "u4" })
        {
            await store.Staged.LeaveAsync(run, new StagedSelection(Kind.Student, Id: Id(id)), isLeft: true, Token);
        }

        (await NamesAsync()).ShouldBe("Amy, Bo, Cyrus");
        (await store.Roster.GetAsync(Kind.Student, Id("u1"), AsOf.After(run), Token))!.Since.ShouldBe(1);
        (await store.Roster.GetAsync(Kind.Student, Id("u3"), AsOf.After(run), Token))!.Since.ShouldBe(0);
        (await store.Roster.GetAsync(Kind.Student, Id("u4"), AsOf.After(run), Token)).ShouldBeNull();
        RollbookId[] asked = [Id("u1"), Id("u3"), Id("u5")];
        (await store.Staged.OperationsAsync(run, Kind.Student, asked, Token)).ShouldBe([new(Id("u3"), Operation.Update)]);
        await store.Staged.LeaveAsync(run, StagedSelection.All, isLeft: false, Token);
        (await store.Staged.OperationsAsync(run, Kind.Student, [.. asked, Id("u2")], Token)).Keys.ShouldBe(
            [Id("u1"), Id("u2"), Id("u3")],
            ignoreOrder: true
        );
        (await store.Staged.OperationsAsync(run + 1, Kind.Student, asked, Token)).ShouldBeEmpty();

        async Task<string> NamesAsync()
        {
            var page = await store.Roster.PageAsync(new RecordQuery(Kind.Student, AsOf.After(run)), Token);
            return string.Join(", ", page.Records.Select(record => record.Row["familyName"]));
        }
    }

    [Fact]
    public async Task What_one_run_would_bring_is_none_of_anothers_and_goes_with_its_change_set()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Student("u1", "Amy"));
        var (first, second) = (await KeepAsync(store, Student("u2", "Bo")), await KeepAsync(store, Records.Delete(Kind.Student, "u1")));
        (await CountAsync(first), await CountAsync(second)).ShouldBe((2, 0));
        var again = new MemoryChangeSet(Student("u3", "Cy"), Student("u4", "Di"));
        (await store.Staged.KeepAsync(first, "held", "waiting", again, "{}", Token)).ShouldBeTrue();
        (await CountAsync(first), await CountAsync(second)).ShouldBe((3, 0));

        // Another app publishes meanwhile: what waits is laid over that.
        await store.PublishAsync(Student("u5", "Eve"));
        (await CountAsync(first), await CountAsync(second)).ShouldBe((4, 1));
        await store.Staged.RemoveAsync(first, Token);
        (await CountAsync(first), await CountAsync(second)).ShouldBe((2, 1));
        (await store.Staged.HasRosterAsync(first, Token)).ShouldBeTrue();

        async Task<int> CountAsync(long run) => await store.Roster.ReadAsync(Kind.Student, AsOf.After(run), Token).CountAsync(Token);
    }

    private static RollbookId Id(string sisId) => Records.Id(Kind.Student, sisId);

    private static StagedChange Student(string sisId, string name) => Records.Create(Kind.Student, sisId, ("familyName", name));

    private static async Task<long> KeepAsync(IDistrictStore store, params StagedChange[] changes)
    {
        var run = await store.StartRunAsync();
        (await store.Staged.KeepAsync(run, "publishing", "held", new MemoryChangeSet(changes), "{}", Token)).ShouldBeTrue();
        return run;
    }

    private async Task CheckAsync(int seed)
    {
        var random = new Random(seed);
        var store = await bed.NewDistrictAsync();
        var there = new HashSet<(Kind, int)>();
        for (var version = random.Next(3); version > 0; version--)
        {
            await store.PublishAsync(Changes(random, there));
        }

        var changes = Changes(random, there);
        var run = await KeepAsync(store, [.. changes]);
        (await store.Staged.HasRosterAsync(run, Token)).ShouldBeTrue();
        var questions = SomeKinds.SelectMany(kind => Questions(random, kind)).ToList();
        var waiting = new List<List<string>>();
        foreach (var question in questions)
        {
            waiting.Add(await WalkAsync(store, question with { AsOf = AsOf.After(run) }));
        }

        var read = await ReadAsync(AsOf.After(run));
        var ids = SomeKinds.SelectMany(kind => Enumerable.Range(0, Ids).Select(i => Records.Id(kind, $"{i}"))).ToList();
        var many = await ManyAsync(AsOf.After(run));

        (await store.Runs.MoveAsync(run, "held", "publishing", null, null, Token)).ShouldBeTrue();
        var latest = (await store.Roster.LatestAsync(Token))?.Number ?? 0;
        var accepted = (
            await store.Roster.PublishAsync(Publishing.Publication(run, latest, new MemoryChangeSet(changes)), Token)
        ).ShouldBeOfType<PublishResult.Published>();
        foreach (var (question, before) in questions.Zip(waiting))
        {
            before.ShouldBe(await WalkAsync(store, question), $"{question} of {seed}");
            before.ShouldBe(await WalkAsync(store, question with { AsOf = accepted.Version }));
        }

        read.ShouldBe(await ReadAsync(AsOf.Newest));
        many.ShouldBe(await ManyAsync(AsOf.Newest), ignoreOrder: true);

        async Task<List<string>> ReadAsync(AsOf asOf)
        {
            var all = new List<string>();
            foreach (var kind in SomeKinds)
            {
                await foreach (var record in store.Roster.ReadAsync(kind, asOf, Token))
                {
                    all.Add(Text(record));
                    (await store.Roster.GetAsync(kind, record.Id, asOf, Token))!.ShouldBe(record);
                }
            }

            return all;
        }

        async Task<List<string>> ManyAsync(AsOf asOf)
        {
            var all = new List<string>();
            foreach (var family in Enum.GetValues<Family>())
            {
                all.AddRange((await store.Roster.GetManyAsync(family, ids, asOf, Token)).Values.Select(Text));
            }

            return all;
        }
    }

    /// <summary>Every sort, every attribute under every condition that it can be filtered by, searches: each once, the rest of the question at random.</summary>
    private static IEnumerable<RecordQuery> Questions(Random random, Kind kind)
    {
        var attributes = Kinds.Of(kind).Attributes;
        string[] sorts =
        [
            .. attributes
                .Where(attribute => attribute.Type is not (AttributeType.ReferenceList or AttributeType.Metadata))
                .Select(attribute => attribute.Name),
        ];
        RecordFilter[] filters =
        [
            .. attributes.SelectMany(attribute =>
                Conditions(attribute).Select(condition => new RecordFilter(attribute.Name, condition, Value(attribute)))
            ),
        ];
        foreach (var sort in sorts)
        {
            yield return Any() with
            {
                Sort = sort,
            };
        }

        foreach (var filter in filters)
        {
            yield return Any() with
            {
                Filters = random.Next(3) == 0 ? [filter, filters[random.Next(filters.Length)]] : [filter],
            };
        }

        foreach (var search in Searches)
        {
            yield return Any() with
            {
                Search = search,
                Filters = null,
            };
            yield return Any() with
            {
                Search = search,
            };
        }

        RecordQuery Any() =>
            new(
                kind,
                Search: random.Next(4) == 0 ? Searches[random.Next(Searches.Length)] : null,
                Filters: random.Next(3) == 0 ? [filters[random.Next(filters.Length)]] : null,
                Sort: random.Next(2) == 0 ? null : sorts[random.Next(sorts.Length)],
                Descending: random.Next(2) == 0,
                Backwards: random.Next(2) == 0,
                Limit: 1 + random.Next(6)
            );

        string Value(Model.Attribute attribute) =>
            attribute.Type switch
            {
                AttributeType.Date => new DateOnly(2012, 1, 1 + random.Next(3)).ToString("yyyy-MM-dd"),
                AttributeType.Boolean => random.Next(2) == 0 ? "true" : "false",
                AttributeType.Reference or AttributeType.ReferenceList => Schools[random.Next(Schools.Length)].ToString(),
                _ => Texts[random.Next(Texts.Length)],
            };
    }

    private static FilterCondition[] Conditions(Model.Attribute attribute) =>
        attribute.Type switch
        {
            AttributeType.Metadata => [Empty, NotEmpty],
            AttributeType.Boolean or AttributeType.Reference or AttributeType.ReferenceList => [Equal, Empty, NotEmpty],
            _ => [Equal, Contains, StartsWith, Empty, NotEmpty],
        };

    private static List<StagedChange> Changes(Random random, HashSet<(Kind, int)> there)
    {
        var changes = new List<StagedChange>();
        foreach (var kind in SomeKinds)
        {
            // Sometimes all of a kind, sometimes few.
            var often = 1 + random.Next(4);
            foreach (var i in Enumerable.Range(0, Ids).Where(_ => random.Next(often) == 0))
            {
                var id = Records.Id(kind, $"{i}");
                var row = Records.Row(kind, random.Next(4) == 0 ? $"p1{i}" : $"{i}", Values(random, kind));
                if (there.Add((kind, i)))
                {
                    changes.Add(new StagedChange(Operation.Create, kind, id, row, Consequence: false));
                }
                else if (random.Next(3) == 0)
                {
                    there.Remove((kind, i));
                    changes.Add(new StagedChange(Operation.Delete, kind, id, default, Consequence: false));
                }
                else
                {
                    changes.Add(new StagedChange(random.Next(2) == 0 ? Operation.Update : Operation.Rekey, kind, id, row, Consequence: false));
                }
            }
        }

        return changes.Count > 0 ? changes : Changes(random, there);
    }

    private static (string, object)[] Values(Random random, Kind kind)
    {
        return
        [
            .. Kinds
                .Of(kind)
                .Attributes.Where(attribute => attribute.Name != "sisId" && random.Next(3) > 0)
                .Select(attribute =>
                    (
                        attribute.Name,
                        (object)(
                            attribute.Type switch
                            {
                                AttributeType.Date => new DateOnly(2012, 1, 1 + random.Next(3)),
                                AttributeType.Boolean => random.Next(2) == 0,
                                AttributeType.Reference => Schools[random.Next(Schools.Length)],
                                AttributeType.ReferenceList => Schools.Take(1 + random.Next(3)).ToArray(),
                                AttributeType.TextList => Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Any()).ToArray(),
                                AttributeType.Metadata => new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = Any() },
                                _ => Any(),
                            }
                        )
                    )
                ),
        ];

        string Any() => Texts[random.Next(Texts.Length)];
    }

    private static string Text(RosterRecord record) => $"{record.Row.Kind} {record.Id} {Convert.ToHexString(record.Row.Bytes.Span)}";

    /// <summary>All pages, with where each ends.</summary>
    private static async Task<List<string>> WalkAsync(IDistrictStore store, RecordQuery query)
    {
        var all = new List<string>();
        while (true)
        {
            var page = await store.Roster.PageAsync(query, Token);
            all.AddRange(page.Records.Select(Text));
            all.Add($"page of {page.Records.Count}, {page.Previous}, {page.Next}");
            if ((query.Backwards ? page.Previous : page.Next) is not { } cursor)
            {
                return all;
            }

            query = query with { After = cursor };
        }
    }
}
