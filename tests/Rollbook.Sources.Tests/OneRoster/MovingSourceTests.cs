using Rollbook.Model;
using Rollbook.Sources.Tests.Contract;

namespace Rollbook.Sources.Tests.OneRoster;

/// <summary>
/// People work in the SIS while it is read. A record that goes moves all behind it one offset down, so that one slips through between two pages;
/// whoever believes the pages would delete it.
/// </summary>
public sealed class MovingSourceTests
{
    [Theory]
    [InlineData(300, 1, 0, true)]
    [InlineData(300, 1, 0, false)]
    [InlineData(300, 30, 0, true)]
    [InlineData(300, 120, 0, true)]
    [InlineData(300, 120, 0, false)]
    [InlineData(300, 0, 3, true)]
    [InlineData(300, 0, 3, false)]
    [InlineData(300, 0, 130, true)]
    [InlineData(300, 5, 2, true)]
    [InlineData(700, 1, 0, true)]
    [InlineData(700, 1, 0, false)]
    [InlineData(730, 1, 0, false)]
    [InlineData(730, 1, 0, true)]
    [InlineData(730, 0, 1, true)]
    [InlineData(730, 0, 1, false)]
    [InlineData(730, 40, 0, true)]
    public async Task Nothing_that_stays_is_lost(int beforeOffset, int gone, int come, bool sendsTotal)
    {
        await using var sis = await FakeSis.StartAsync();
        sis.SendsTotal = sendsTotal;
        var stays = sis.Records["users"].Skip(10 + gone).Concat(sis.Records["users"].Take(10)).ToList();
        var changed = 0;
        sis.Intercept = context =>
        {
            if (
                context.Request.Path.Value!.EndsWith("/users", StringComparison.Ordinal)
                && context.Request.Query["offset"] == $"{beforeOffset}"
                && Interlocked.Exchange(ref changed, 1) == 0
            )
            {
                var users = sis.Records["users"].ToList();
                users.RemoveRange(10, gone);
                users.InsertRange(5, Enumerable.Range(0, come).Select(i => $$"""{"sourcedId":"users-000004-new{{i:000}}"}"""));
                sis.Records["users"] = users;
            }

            return Task.FromResult(false);
        };
        var reading = await ReadingTests.ReadAsync(sis);
        reading.Failure.ShouldBeNull(reading.Everything());
        changed.ShouldBe(1);
        reading.Complete(Collection.Users).ShouldNotBeNull();
        var read = reading.Records[Collection.Users].Keys.ToHashSet();
        stays.Select(Id).Count(id => !read.Contains(id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_source_that_never_stands_still_is_not_called_whole()
    {
        await using var sis = await FakeSis.StartAsync();
        sis.LargestPage = 20;
        sis.Intercept = context =>
        {
            if (context.Request.Path.Value!.EndsWith("/users", StringComparison.Ordinal))
            {
                var users = sis.Records["users"].ToList();
                users.RemoveRange(0, Math.Min(15, users.Count));
                users.InsertRange(
                    users.Count / 2,
                    Enumerable.Range(0, 15).Select(i => $$"""{"sourcedId":"users-{{Random.Shared.Next(1_000_000):000000}}-{{i}}"}""")
                );
                sis.Records["users"] = users;
            }

            return Task.FromResult(false);
        };
        var reading = await ReadingTests.ReadAsync(sis);
        (reading.SourceFailure is not null || reading.Complete(Collection.Users)?.Expected > reading.Complete(Collection.Users)!.Read).ShouldBeTrue();
    }

    private static RollbookId Id(string record) =>
        RollbookId.Derive(Reading.Ids(Family.Person), System.Text.Json.JsonDocument.Parse(record).RootElement.GetProperty("sourcedId").GetString()!);
}
