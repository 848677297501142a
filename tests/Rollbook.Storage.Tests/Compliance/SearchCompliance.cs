using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>However a page is found among many records, it is what sorting all of them in memory gives.</summary>
public abstract class SearchCompliance(TestBed bed)
{
    private const int Count = 9_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("n", null)]
    [InlineData("n1", null)]
    [InlineData("n17", null)]
    [InlineData("s", null)]
    [InlineData("s12", null)]
    [InlineData("S4444", null)]
    [InlineData("n", "title")]
    [InlineData("s", "title")]
    [InlineData("s1", "sisId")]
    [InlineData("", null)]
    public async Task A_search_among_many_walks_the_sorted_matches(string search, string? sort)
    {
        var (store, all) = await ManyAsync();
        var matches = all.Where(record => Starts(record, "familyName", search) || Starts(record, "sisId", search)).ToList();
        foreach (
            var filters in new RecordFilter[]?[]
            {
                null,
                [new("email", FilterCondition.Equal, "e7")],
                [new("enabled", FilterCondition.Equal, "true")],
            }
        )
        {
            var expected = Sorted(
                filters is null
                    ? matches
                    : [.. matches.Where(record => Equals(record.Row[filters[0].Attribute]?.ToString()?.ToLowerInvariant(), filters[0].Value))],
                sort ?? "familyName"
            );
            foreach (var asOf in new int?[] { null, 1, 2 })
            {
                foreach (var backwards in new[] { false, true })
                {
                    var query = new RecordQuery(
                        Kind.Teacher,
                        AsOf: asOf,
                        Search: search,
                        Filters: filters,
                        Sort: sort,
                        Backwards: backwards,
                        Limit: 40
                    );
                    (await PagesAsync(store, query, 4)).ShouldBe(
                        (backwards ? expected.TakeLast(160) : expected.Take(160)).Select(record => record.Id)
                    );
                }
            }
        }
    }

    private static bool Starts(RosterRecord record, string attribute, string search) =>
        search.Length == 0 || (record.Row[attribute] as string)?.StartsWith(search, StringComparison.OrdinalIgnoreCase) == true;

    private static List<RosterRecord> Sorted(List<RosterRecord> records, string sort) =>
        [
            .. records
                .OrderBy(record => record.Row[sort] is null)
                .ThenBy(record => (record.Row[sort] as string)?.ToLowerInvariant(), StringComparer.Ordinal)
                .ThenBy(record => record.Id),
        ];

    private static async Task<List<RollbookId>> PagesAsync(IDistrictStore store, RecordQuery query, int pages)
    {
        var ids = new List<RollbookId>();
        for (var i = 0; i < pages; i++)
        {
            var page = await store.Roster.PageAsync(query, Token);
            ids.InsertRange(query.Backwards ? 0 : ids.Count, page.Records.Select(record => record.Id));
            if ((query.Backwards ? page.Previous : page.Next) is not { } cursor)
            {
                break;
            }

            query = query with { After = cursor };
        }

        return ids;
    }

    // Version 2 touches a third of the records without changing what is searched, so that their old values come from the history.
    private async Task<(IDistrictStore Store, List<RosterRecord> All)> ManyAsync()
    {
        if (await bed.Installation.OpenAsync("many", Token) is not { } store)
        {
            store = await bed.Installation.CreateAsync(new DistrictInfo("many", "Many", "UTC"), Token);
            await store.PublishAsync(Enumerable.Range(0, Count).Select(i => Teacher(i, Operation.Create, "old")));
            await store.PublishAsync(Enumerable.Range(0, Count).Where(i => i % 3 == 0).Select(i => Teacher(i, Operation.Update, "new")));
        }

        return (store, await store.Roster.ReadAsync(Kind.Teacher, null, Token).ToListAsync(Token));
    }

    private static StagedChange Teacher(int i, Operation operation, string phone)
    {
        var values = new List<(string, object)> { ("email", $"e{i % 900}"), ("enabled", i % 2 == 0), ("phone", phone), ("title", $"T{i % 5}") };
        if (i % 7 != 0)
        {
            values.Add(("familyName", $"{(i % 2 == 0 ? 'N' : 'n')}{i * 31 % 100}"));
        }

        return Records.Create(Kind.Teacher, i % 11 == 0 ? $"n{i}" : $"s{i}", [.. values]) with
        {
            Operation = operation,
            Id = Records.Id(Kind.Teacher, $"{i}"),
        };
    }
}
