using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Rollbook.Simulator.Tests;

/// <summary>Tokens are given to the right client, carry scopes, and run out.</summary>
public sealed class TokenTests
{
    private const string Scope = "https://purl.imsglobal.org/spec/or/v1p1/scope/";

    [Fact]
    public async Task The_token_endpoint_is_not_below_the_api()
    {
        await using var simulator = await StartAsync(Profile.SynergyLike);

        simulator.TokenUrl.AbsolutePath.ShouldNotStartWith(simulator.ApiUrl.AbsolutePath);
        simulator.ApiUrl.AbsolutePath.ShouldEndWith("/ims/oneroster/v1p1");
    }

    [Fact]
    public async Task A_wrong_secret_is_an_invalid_client()
    {
        await using var simulator = await StartAsync(Profile.SynergyLike);
        using var client = await SynergyClient.ConnectAsync(simulator);

        using var answer = await client.AskTokenAsync(secret: "wrong");

        ((int)answer.StatusCode).ShouldBe(401);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"invalid_client\"");
    }

    [Fact]
    public async Task An_unknown_scope_is_an_invalid_scope()
    {
        await using var simulator = await StartAsync(Profile.SynergyLike);
        using var client = await SynergyClient.ConnectAsync(simulator);

        using var answer = await client.AskTokenAsync(scope: "everything");

        ((int)answer.StatusCode).ShouldBe(400);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"invalid_scope\"");
    }

    [Theory]
    [InlineData(Profile.Clean11, 200)]
    [InlineData(Profile.SynergyLike, 401)]
    public async Task Credentials_in_the_form_are_accepted_by_the_book_only(Profile profile, int status)
    {
        await using var simulator = await StartAsync(profile);
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = simulator.ClientId,
                ["client_secret"] = simulator.ClientSecret,
            }
        );

        using var answer = await http.PostAsync(simulator.TokenUrl, form, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Parameters_in_the_query_do_not_count()
    {
        await using var simulator = await StartAsync(Profile.SynergyLike);
        using var client = await SynergyClient.ConnectAsync(simulator);
        using var request = new HttpRequestMessage(HttpMethod.Post, simulator.TokenUrl + "?grant_type=client_credentials");
        request.Headers.Authorization = new(
            "Basic",
            Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{simulator.ClientId}:{simulator.ClientSecret}"))
        );

        using var answer = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(400);
    }

    [Theory]
    [InlineData("roster-core.readonly", "users", 200)]
    [InlineData("roster-core.readonly", "demographics", 403)]
    [InlineData("roster-core.readonly", "schools/x/classes", 403)]
    [InlineData("roster.readonly", "schools/x/classes", 200)]
    [InlineData("roster.readonly", "demographics", 403)]
    [InlineData("roster-demographics.readonly", "demographics", 200)]
    [InlineData("roster-demographics.readonly", "users", 403)]
    [InlineData("gradebook.readonly", "users", 403)]
    public async Task A_scope_allows_its_reads(string scope, string path, int status)
    {
        await using var simulator = await StartAsync(Profile.Clean11);
        using var client = await SynergyClient.ConnectAsync(simulator, Scope + scope);

        using var answer = await client.GetAsync(path);

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task A_token_runs_out()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
        await using var simulator = await SimulatedSynergy.StartAsync(
            new SimulatorOptions { Students = 20, Time = time },
            TestContext.Current.CancellationToken
        );
        using var client = await SynergyClient.ConnectAsync(simulator);
        (await StatusAsync(client, "orgs")).ShouldBe(200);

        time.Advance(TimeSpan.FromSeconds(3601));

        (await StatusAsync(client, "orgs")).ShouldBe(401);
        await client.RenewTokenAsync();
        (await StatusAsync(client, "orgs")).ShouldBe(200);
    }

    [Fact]
    public async Task Without_a_token_there_is_a_401_with_a_status_info()
    {
        await using var simulator = await StartAsync(Profile.Clean11);
        using var http = new HttpClient();

        using var answer = await http.GetAsync($"{simulator.ApiUrl}/orgs", TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(401);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        body["statusInfoSet"]![0]!["imsx_codeMinor"]!.GetValue<string>().ShouldBe("unauthorized");
    }

    [Theory]
    [InlineData(Affinity.Unauthorized, 401)]
    [InlineData(Affinity.Forbidden, 403)]
    [InlineData(Affinity.WrongNode, 401)]
    [InlineData(Affinity.Off, 200)]
    public async Task The_token_answer_s_cookie_must_be_replayed(Affinity affinity, int status)
    {
        await using var simulator = await StartAsync(Profile.SynergyLike);
        simulator.Faults = simulator.Faults with { Affinity = affinity };
        using var client = await SynergyClient.ConnectAsync(simulator);
        using var forgetful = new HttpClient(new HttpClientHandler { UseCookies = false });
        forgetful.DefaultRequestHeaders.Authorization = client.Http.DefaultRequestHeaders.Authorization;

        using var answer = await forgetful.GetAsync($"{simulator.ApiUrl}/orgs", TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(status);
        (await StatusAsync(client, "orgs")).ShouldBe(200);
    }

    [Theory]
    [InlineData(TokenFault.InvalidClient, 401, "invalid_client")]
    [InlineData(TokenFault.InvalidScope, 400, "invalid_scope")]
    [InlineData(TokenFault.Html, 200, "<html>")]
    [InlineData(TokenFault.ServerError, 500, "server_error")]
    [InlineData(TokenFault.ExpiresInText, 200, "\"expires_in\":\"3600\"")]
    public async Task The_token_endpoint_can_fail(TokenFault fault, int status, string text)
    {
        await using var simulator = await StartAsync(Profile.SynergyLike);
        using var client = await SynergyClient.ConnectAsync(simulator);
        simulator.Faults = simulator.Faults with { Token = fault };

        using var answer = await client.AskTokenAsync(Scope + "roster.readonly");

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(text);
    }

    [Theory]
    [InlineData(TokenFault.NoExpiresIn, "expires_in")]
    [InlineData(TokenFault.NoTokenType, "token_type")]
    public async Task The_token_answer_can_lack_a_property(TokenFault fault, string property)
    {
        await using var simulator = await StartAsync(Profile.SynergyLike);
        using var client = await SynergyClient.ConnectAsync(simulator);
        simulator.Faults = simulator.Faults with { Token = fault };

        using var answer = await client.AskTokenAsync();

        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain(property);
    }

    private static async Task<int> StatusAsync(SynergyClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return (int)answer.StatusCode;
    }

    private static Task<SimulatedSynergy> StartAsync(Profile profile) =>
        SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20, Profile = profile }, TestContext.Current.CancellationToken);
}
