using System.Text;
using CsCheck;
using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Pages in either direction are slices of one sorted list.</summary>
public abstract class PageCompliance(TestBed bed)
{
    private static readonly string?[] Names =
    [
        "Ada",
        "ada",
        "ADA",
        "Bob",
        "bob%",
        "bob_",
        "Éva",
        "éva",
        "zoe",
        "Zoe",
        "日本",
        "\U0001F600",
        "\uFFFD",
        "a b",
        "a-b",
        "_",
        "~",
        "2",
        "10",
        null,
        null,
        null,
    ];

    private static readonly string?[] Sorts = [null, "sisId", "birthDate", "enabled", "primarySchool", "grades"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Walking_pages_gives_the_sorted_list_in_any_order_and_direction()
    {
        var store = await bed.NewDistrictAsync();
        var random = new Random(7);
        var changes = Enumerable
            .Range(0, 90)
            .Select(i => Records.Create(Kind.Student, $"S{i % 7}", AnyValues(random)) with { Id = Records.Id(Kind.Student, $"x{i}") })
            .ToList();
        await store.PublishAsync(changes);
        var all = await store.Roster.ReadAsync(Kind.Student, null, Token).ToListAsync(Token);
        await store.PublishAsync(
            changes.Take(30).Select(change => new StagedChange(Operation.Delete, Kind.Student, change.Id, default, Consequence: false))
        );

        await Gen.Select(Gen.Int[0, Sorts.Length - 1].Select(number => Sorts[number]), Gen.Bool, Gen.Bool, Gen.Int[1, 25])
            .SampleAsync(
                async (sort, descending, backwards, limit) =>
                {
                    var query = new RecordQuery(Kind.Student, AsOf: 1, Sort: sort, Descending: descending, Backwards: backwards, Limit: limit);
                    var walked = await WalkAsync(store, query);
                    walked.Select(record => record.Id).ShouldBe(Sorted(all, sort ?? "familyName", descending).Select(record => record.Id));
                    walked.ShouldBe(walked.Distinct());
                },
                iter: 60,
                threads: 1
            );
    }

    [Fact]
    public async Task A_page_leads_back_to_the_one_before()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Enumerable.Range(0, 10).Select(i => Records.Create(Kind.Course, $"c{i}", ("title", $"T{i}"))));
        var first = await store.Roster.PageAsync(new RecordQuery(Kind.Course, Limit: 4), Token);
        var second = await store.Roster.PageAsync(new RecordQuery(Kind.Course, Limit: 4, After: first.Next), Token);
        var third = await store.Roster.PageAsync(new RecordQuery(Kind.Course, Limit: 4, After: second.Next), Token);
        (first.Previous, third.Next).ShouldBe((null, null));
        third.Records.Select(record => record.Row["title"]).ShouldBe(["T8", "T9"]);
        var back = await store.Roster.PageAsync(new RecordQuery(Kind.Course, Limit: 4, After: third.Previous, Backwards: true), Token);
        back.Records.ShouldBe(second.Records);
        back = await store.Roster.PageAsync(new RecordQuery(Kind.Course, Limit: 4, After: back.Previous, Backwards: true), Token);
        back.Records.ShouldBe(first.Records);
        back.Previous.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("not base64!")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAF")]
    [InlineData("____________________________________________")]
    public async Task A_broken_cursor_is_refused(string cursor)
    {
        var store = await bed.NewDistrictAsync();
        var refusal = await Should.ThrowAsync<ArgumentException>(() => store.Roster.PageAsync(new RecordQuery(Kind.Course, After: cursor), Token));
        refusal.Message.ShouldContain("cursor");
    }

    [Fact]
    public async Task A_cursor_of_another_order_is_refused()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.Calendar, "c1", ("title", "A")), Records.Create(Kind.Calendar, "c2", ("title", "B")));
        var page = await store.Roster.PageAsync(new RecordQuery(Kind.Calendar, Limit: 1), Token);
        await Should.ThrowAsync<ArgumentException>(() =>
            store.Roster.PageAsync(new RecordQuery(Kind.Calendar, Sort: "startDate", After: page.Next), Token)
        );
    }

    [Theory]
    [InlineData("nothing", 10)]
    [InlineData("metadata", 10)]
    [InlineData("schools", 10)]
    [InlineData("familyName", 0)]
    public async Task A_question_that_makes_no_sense_is_refused(string sort, int limit)
    {
        var store = await bed.NewDistrictAsync();
        await Should.ThrowAsync<ArgumentException>(() => store.Roster.PageAsync(new RecordQuery(Kind.Student, Sort: sort, Limit: limit), Token));
    }

    [Fact]
    public async Task An_empty_roster_has_an_empty_page()
    {
        var page = await (await bed.NewDistrictAsync()).Roster.PageAsync(new RecordQuery(Kind.Student), Token);
        (page.Records.Count, page.Next, page.Previous).ShouldBe((0, null, null));
    }

    private static async Task<List<RosterRecord>> WalkAsync(IDistrictStore store, RecordQuery query)
    {
        var all = new List<RosterRecord>();
        while (true)
        {
            var page = await store.Roster.PageAsync(query, Token);
            page.Records.Count.ShouldBeLessThanOrEqualTo(query.Limit);
            all.InsertRange(query.Backwards ? 0 : all.Count, page.Records);
            if ((query.Backwards ? page.Previous : page.Next) is not { } cursor)
            {
                return all;
            }

            query = query with { After = cursor };
        }
    }

    private static IEnumerable<RosterRecord> Sorted(List<RosterRecord> records, string sort, bool descending)
    {
        var present = records
            .Where(record => record.Row[sort] is not null)
            .OrderBy(record => Key(record.Row[sort]!), Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)))
            .ThenBy(record => record.Id)
            .ToList();
        var missing = records.Where(record => record.Row[sort] is null).OrderBy(record => record.Id).ToList();
        return descending ? present.AsEnumerable().Reverse().Concat(missing.AsEnumerable().Reverse()) : present.Concat(missing);
    }

    private static byte[] Key(object value) =>
        value switch
        {
            string text => [.. Encoding.UTF8.GetBytes(text).Select(letter => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter + 32) : letter)],
            string[] texts => Key(texts[0]),
            DateOnly date => Encoding.UTF8.GetBytes(date.ToString("yyyy-MM-dd")),
            bool flag => [flag ? (byte)1 : (byte)0],
            RollbookId id => id.ToByteArray(),
            _ => throw new ArgumentException("Not sortable.", nameof(value)),
        };

    private static (string, object)[] AnyValues(Random random)
    {
        var values = new List<(string, object)>();
        if (Names[random.Next(Names.Length)] is { } name)
        {
            values.Add(("familyName", name));
            values.Add(("grades", new[] { name, "x" }));
        }

        if (random.Next(3) > 0)
        {
            values.Add(("birthDate", new DateOnly(2010 + random.Next(3), 1, 1 + random.Next(3))));
            values.Add(("enabled", random.Next(2) == 0));
            values.Add(("primarySchool", Records.Id(Kind.School, $"{random.Next(3)}")));
        }

        return [.. values];
    }
}
