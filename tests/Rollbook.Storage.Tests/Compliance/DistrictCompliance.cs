using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Districts, their separation, their schema and their locks.</summary>
public abstract class DistrictCompliance(TestBed bed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_district_is_found_again_under_its_newest_name()
    {
        await bed.Installation.CreateAsync(new DistrictInfo("old-town", "Old Town", "America/Denver"), Token);
        await bed.Installation.CreateAsync(new DistrictInfo("old-town", "Old Town Unified", "America/New_York"), Token);
        await using var other = bed.OpenInstallation();
        (await other.OpenAsync("old-town", Token))!.District.ShouldBe(new DistrictInfo("old-town", "Old Town Unified", "America/New_York"));
        (await other.ListAsync(Token)).ShouldContain(new DistrictInfo("old-town", "Old Town Unified", "America/New_York"));
        (await bed.Installation.ListAsync(Token)).Select(district => district.Id).ShouldBeInOrder();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nowhere")]
    [InlineData("../etc")]
    [InlineData("Riverside")]
    public async Task A_district_that_is_not_there_is_not_opened_nor_made(string id)
    {
        (await bed.Installation.OpenAsync(id, Token)).ShouldBeNull();
        (await bed.Installation.ListAsync(Token)).ShouldNotContain(district => district.Id == id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../etc")]
    [InlineData("Riverside")]
    [InlineData("a\"b")]
    [InlineData("a234567890123456789012345678901234567890x")]
    public async Task A_name_that_could_be_a_path_or_sql_is_refused(string id) =>
        await Should.ThrowAsync<ArgumentException>(() => bed.Installation.CreateAsync(new DistrictInfo(id, "X", "UTC"), Token));

    [Fact]
    public async Task Nothing_of_one_district_is_seen_from_another()
    {
        var (one, two) = (await bed.NewDistrictAsync(), await bed.NewDistrictAsync());
        await one.PublishAsync(Records.Create(Kind.School, "s1", ("name", "Lincoln High")));
        (await two.Roster.LatestAsync(Token)).ShouldBeNull();
        (await two.Roster.GetAsync(Kind.School, Records.Id(Kind.School, "s1"), null, Token)).ShouldBeNull();
        (await two.Runs.ListAsync(null, null, 10, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Opening_again_keeps_everything_and_runs_no_migration()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.School, "s1", ("name", "Lincoln High")));
        var before = await bed.SqlAsync(store.District.Id, "SELECT max(applied_at) FROM schema_migration");
        await using var other = bed.OpenInstallation();
        var again = (await other.OpenAsync(store.District.Id, Token))!;
        (await again.Roster.LatestAsync(Token))!.Number.ShouldBe(1);
        (await bed.SqlAsync(store.District.Id, "SELECT max(applied_at) FROM schema_migration")).ShouldBe(before);
    }

    [Fact]
    public async Task Many_that_create_a_district_at_once_get_the_same_one()
    {
        var installations = Enumerable.Range(0, 6).Select(_ => bed.OpenInstallation()).ToList();
        var stores = await Task.WhenAll(
            installations.Select(installation => Task.Run(() => installation.CreateAsync(new DistrictInfo("crowd", "Crowd", "UTC"), Token), Token))
        );
        await stores[0].PublishAsync(Records.Create(Kind.School, "s1"));
        foreach (var store in stores)
        {
            (await store.Roster.LatestAsync(Token))!.Number.ShouldBe(1);
        }

        foreach (var installation in installations)
        {
            await installation.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_and_left_alone()
    {
        var store = await bed.NewDistrictAsync();
        await bed.SqlAsync(store.District.Id, "INSERT INTO schema_migration (number, applied_at) VALUES (9999, '2030-01-01T00:00:00.000000Z')");
        await using var other = bed.OpenInstallation();
        var refusal = await Should.ThrowAsync<NewerSchemaException>(() => other.OpenAsync(store.District.Id, Token));
        refusal.Message.ShouldContain("9999");
        await bed.SqlAsync(store.District.Id, "DELETE FROM schema_migration WHERE number = 9999");
    }

    [Fact]
    public async Task Every_attribute_has_its_column_in_both_tables_of_its_kind()
    {
        var store = await bed.NewDistrictAsync();
        foreach (var kind in Kinds.All)
        {
            var columns = string.Join(", ", kind.Attributes.Select(attribute => $"\"{attribute.Column}\""));
            await bed.SqlAsync(store.District.Id, $"SELECT id, since, hash, {columns} FROM \"{kind.Name}\"");
            await bed.SqlAsync(store.District.Id, $"SELECT id, born, died, hash, {columns} FROM \"{kind.Name}_history\"");
        }
    }

    [Fact]
    public async Task A_lock_has_one_holder_until_it_lets_go()
    {
        var store = await bed.NewDistrictAsync();
        await using var installation = bed.OpenInstallation();
        var other = (await installation.OpenAsync(store.District.Id, Token))!;
        var held = (await store.TryLockAsync("import/synergy", Token)).ShouldNotBeNull();
        (await store.TryLockAsync("import/synergy", Token)).ShouldBeNull();
        (await other.TryLockAsync("import/synergy", Token)).ShouldBeNull();
        await using (var another = await other.TryLockAsync("import/csv", Token))
        {
            another.ShouldNotBeNull();
        }

        var elsewhere = await bed.NewDistrictAsync();
        await using (var same = await elsewhere.TryLockAsync("import/synergy", Token))
        {
            same.ShouldNotBeNull();
        }

        await held.DisposeAsync();
        // Given back means free, at once and not when the database has noticed.
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async task =>
                {
                    for (var round = 0; round < 40; round++)
                    {
                        await (await store.TryLockAsync($"again/{task}", Token)).ShouldNotBeNull($"round {round}").DisposeAsync();
                    }
                })
        );

        await using var next = await other.TryLockAsync("import/synergy", Token);
        next.ShouldNotBeNull();
    }
}
