namespace Rollbook.Simulator.Tests;

/// <summary>Faults that begin after some pages, or end after some times.</summary>
public sealed class CountedFaultTests
{
    [Fact]
    public async Task A_breakage_spoils_so_many_answers_and_then_all_is_well()
    {
        await using var simulator = await StartAsync();
        using var client = await SynergyClient.ConnectAsync(simulator);
        simulator.Faults = simulator.Faults with { Breakage = Breakage.ServerError, SkipPages = 1, Times = 2 };

        (await StatusesAsync(client, "orgs", 5)).ShouldBe([200, 500, 500, 200, 200]);
    }

    [Fact]
    public async Task A_breakage_can_be_limited_to_a_collection()
    {
        await using var simulator = await StartAsync();
        using var client = await SynergyClient.ConnectAsync(simulator);
        simulator.Faults = simulator.Faults with { Breakage = Breakage.BadGateway, Only = "enrollments" };

        (await StatusesAsync(client, "orgs", 1)).ShouldBe([200]);
        (await StatusesAsync(client, "enrollments", 1)).ShouldBe([502]);
    }

    [Fact]
    public async Task A_token_is_revoked_after_some_pages_and_a_new_one_works()
    {
        await using var simulator = await StartAsync();
        using var client = await SynergyClient.ConnectAsync(simulator);
        simulator.Faults = simulator.Faults with { RevokeTokenAfterPages = 2 };

        (await StatusesAsync(client, "orgs", 4)).ShouldBe([200, 200, 401, 401]);
        await client.RenewTokenAsync();
        (await StatusesAsync(client, "orgs", 3)).ShouldBe([200, 200, 401]);
    }

    [Fact]
    public async Task More_requests_than_allowed_in_a_minute_are_too_many()
    {
        await using var simulator = await StartAsync();
        using var client = await SynergyClient.ConnectAsync(simulator);
        simulator.Faults = simulator.Faults with { RequestsPerMinute = 3, RetryAfterSeconds = 60 };

        (await StatusesAsync(client, "orgs", 4)).ShouldContain(429);
    }

    [Fact]
    public async Task A_token_can_live_for_a_moment_only()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
        await using var simulator = await SimulatedSynergy.StartAsync(
            new SimulatorOptions { Students = 20, Time = time },
            TestContext.Current.CancellationToken
        );
        simulator.Faults = simulator.Faults with { TokenLifetimeSeconds = 1 };
        using var client = await SynergyClient.ConnectAsync(simulator);
        time.Advance(TimeSpan.FromSeconds(2));

        (await StatusesAsync(client, "orgs", 1)).ShouldBe([401]);
    }

    [Fact]
    public async Task An_emptied_collection_fills_again_with_other_faults()
    {
        await using var simulator = await StartAsync();
        using var client = await SynergyClient.ConnectAsync(simulator);

        simulator.Scenarios.EmptyCollection("users").Effects.ShouldBeEmpty();

        (await client.PageAsync("users")).ShouldBeEmpty();
        simulator.GetTruth().Counts["users"].ShouldBeGreaterThan(0);
        simulator.Faults = FaultSwitches.For(Profile.SynergyLike);
        (await client.PageAsync("users")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_log_tells_what_was_asked()
    {
        await using var simulator = await StartAsync();
        using var client = await SynergyClient.ConnectAsync(simulator);
        await client.AllAsync("orgs", 2);

        simulator.Log.Count("orgs").ShouldBe(4);
        simulator.Log.Count("oauth/token").ShouldBe(1);
        simulator.Log.PagesServed.ShouldBe(4);
        simulator.Log.RowsServed.ShouldBe(5);
        simulator.Log.Requests.Select(request => request.Rows).ShouldBe([0, 2, 2, 1, 0]);
    }

    private static async Task<List<int>> StatusesAsync(SynergyClient client, string path, int times)
    {
        var statuses = new List<int>();
        for (var i = 0; i < times; i++)
        {
            using var answer = await client.GetAsync(path);
            statuses.Add((int)answer.StatusCode);
        }

        return statuses;
    }

    private static Task<SimulatedSynergy> StartAsync() =>
        SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20 }, TestContext.Current.CancellationToken);
}
