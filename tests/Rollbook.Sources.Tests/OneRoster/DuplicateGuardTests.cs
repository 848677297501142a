using System.Globalization;
using System.Text;
using CsCheck;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Tests.Contract;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>Telling double records from pages that overlap.</summary>
public sealed class DuplicateGuardTests
{
    [Fact]
    public void Says_no_exactly_when_a_record_comes_in_two_pages()
    {
        Gen.Int[0, 60]
            .Array[0, 6]
            .Array[1, 6]
            .Sample(pages =>
            {
                var guard = new DuplicateGuard(remember: false);
                var seen = new HashSet<int>();
                foreach (var ids in pages)
                {
                    var page = PageOf(ids);
                    var overlaps = ids.Any(seen.Contains);

                    // A page with both kinds of doubles may be taken for either.
                    if (overlaps && ids.Distinct().Count() < ids.Length)
                    {
                        return;
                    }

                    guard.Take(page).ShouldBe(!overlaps);
                    if (overlaps)
                    {
                        return;
                    }

                    page.Count.ShouldBe(ids.Distinct().Count());
                    seen.UnionWith(ids);
                }
            });
    }

    [Fact]
    public void Order_that_ends_late_asks_for_another_read_with_memory()
    {
        var guard = new DuplicateGuard(remember: false);
        const int size = 5000;
        for (var start = 0; start <= DuplicateGuard.KeptWhileOrdered; start += size)
        {
            guard.Take(PageOf([.. Enumerable.Range(start + 10, size)])).ShouldBeTrue();
        }

        guard.Take(PageOf([1])).ShouldBeFalse();
        new DuplicateGuard(remember: true).Take(PageOf([3, 2, 1])).ShouldBeTrue();
    }

    [Fact]
    public void A_set_of_keys_is_a_set()
    {
        var set = new KeySet();
        var keys = Enumerable
            .Range(0, 50_000)
            .Select(i => RollbookId.Derive(Reading.Ids(Family.Person), i.ToString(CultureInfo.InvariantCulture)))
            .ToList();
        keys.ShouldAllBe(key => set.Add(key));
        keys.ShouldAllBe(key => !set.Add(key));
    }

    private static Page PageOf(int[] ids)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"users":[{{string.Join(",", ids.Select(id => $$"""{"sourcedId":"{{id:00000000}}"}"""))}}]}""");
        var page = new Page(body, body.Length);
        new RecordScanner(body, "users"u8, Reading.Ids(Family.Person), page, 0).Scan();
        return page;
    }
}
