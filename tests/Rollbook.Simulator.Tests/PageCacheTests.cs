namespace Rollbook.Simulator.Tests;

/// <summary>Pre-rendered pages are the pages that would have been rendered, and are not served once they are out of date.</summary>
public sealed class PageCacheTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rollbook-pages-").FullName;

    [Fact]
    public async Task A_cached_page_is_the_rendered_page()
    {
        await using var cached = await StartAsync(folder);
        await using var rendered = await StartAsync(null);
        using var fromCache = await SynergyClient.ConnectAsync(cached);
        using var fresh = await SynergyClient.ConnectAsync(rendered);

        foreach (var kind in Kinds.All)
        {
            for (var offset = 0; offset < 200; offset += 50)
            {
                var path = $"{kind.CollectionName()}?limit=50&offset={offset}&sort=sourcedId&orderBy=asc";
                using var one = await fromCache.GetAsync(path);
                using var other = await fresh.GetAsync(path);
                (await one.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(
                    await other.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
                );
                one.Headers.GetValues("X-Total-Count").ShouldBe(other.Headers.GetValues("X-Total-Count"));
            }
        }

        cached.Log.Requests.Count(request => request.FromCache).ShouldBeGreaterThan(15);
        rendered.Log.Requests.ShouldAllBe(request => !request.FromCache);
    }

    [Fact]
    public async Task A_scenario_takes_its_collections_out_of_the_cache_until_they_are_rendered_again()
    {
        await using var simulator = await StartAsync(folder);
        using var client = await SynergyClient.ConnectAsync(simulator);

        var deleted = simulator.Scenarios.Withdrawal().Deleted(Kind.Users);

        (await FromCacheAsync(simulator, client, "users")).ShouldBeFalse();
        (await FromCacheAsync(simulator, client, "orgs")).ShouldBeTrue();
        await simulator.PrerenderAsync(TestContext.Current.CancellationToken);
        (await FromCacheAsync(simulator, client, "users")).ShouldBeTrue();
        var users = (await client.AllAsync("users?sort=sourcedId", 50)).ConvertAll(user => user.GetProperty("sourcedId").GetString()!);
        users.Count.ShouldBe(simulator.GetTruth().Counts["users"]);
        users.Intersect(deleted, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_next_start_finds_the_pages_of_the_generated_district()
    {
        await using (var first = await StartAsync(folder))
        {
            first.Scenarios.MassWipe(0.5);
            await first.PrerenderAsync(TestContext.Current.CancellationToken);
        }

        var written = Directory
            .GetFiles(folder, "*.json", SearchOption.AllDirectories)
            .ToDictionary(file => file, File.GetLastWriteTimeUtc, StringComparer.Ordinal);
        await using var second = await StartAsync(folder);
        using var client = await SynergyClient.ConnectAsync(second);

        (await client.AllAsync("users?sort=sourcedId", 50)).Count.ShouldBe(second.GetTruth().Counts["users"]);
        Directory
            .GetFiles(folder, "*.json", SearchOption.AllDirectories)
            .ToDictionary(file => file, File.GetLastWriteTimeUtc, StringComparer.Ordinal)
            .ShouldBe(written);
    }

    [Theory]
    [InlineData("users?limit=49&sort=sourcedId")]
    [InlineData("users?limit=50&offset=7&sort=sourcedId")]
    [InlineData("users?limit=50&sort=familyName")]
    [InlineData("users?limit=50&fields=sourcedId")]
    [InlineData("users?limit=50&filter=role='student'")]
    [InlineData("students?limit=50")]
    public async Task Any_other_read_is_rendered(string path)
    {
        await using var simulator = await StartAsync(folder);
        using var client = await SynergyClient.ConnectAsync(simulator);

        (await client.PageAsync(path)).ShouldNotBeEmpty();

        simulator.Log.Requests.ShouldAllBe(request => !request.FromCache);
    }

    [Fact]
    public async Task The_active_filter_is_served_from_the_cache_while_all_are_active()
    {
        await using var simulator = await StartAsync(folder);
        using var client = await SynergyClient.ConnectAsync(simulator);

        await client.PageAsync("users?limit=50&sort=sourcedId&filter=status='active'");

        simulator.Log.Requests.Last().FromCache.ShouldBeTrue();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task<bool> FromCacheAsync(SimulatedSynergy simulator, SynergyClient client, string collection)
    {
        await client.PageAsync($"{collection}?limit=50&offset=0&sort=sourcedId");
        return simulator.Log.Requests.Last().FromCache;
    }

    private static Task<SimulatedSynergy> StartAsync(string? folder) =>
        SimulatedSynergy.StartAsync(
            new SimulatorOptions
            {
                Students = 120,
                PageCache = folder,
                PageCacheLimit = 50,
                HrefBase = "http://sis.internal/ims/oneroster/v1p1",
            },
            TestContext.Current.CancellationToken
        );
}
