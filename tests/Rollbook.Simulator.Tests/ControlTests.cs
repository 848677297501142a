using System.Net;
using System.Net.Http.Json;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Rollbook.Simulator.Tests;

/// <summary>What can be done in process can be done by HTTP.</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task A_scenario_answers_with_what_it_did()
    {
        await using var simulator = await StartAsync();
        using var http = new HttpClient();
        var student = simulator.GetTruth().UserIds("student")[3];

        var answer = await SendAsync(http, simulator, HttpMethod.Post, "scenarios/withdrawal", new JsonObject { ["student"] = student });

        answer["effects"]!["users"]!["deleted"]!
            .AsArray()
            .Select(id => id!.GetValue<string>())
            .Contains(student, StringComparer.Ordinal)
            .ShouldBeTrue();
        simulator.GetTruth().Students.ShouldBe(59);
        var truth = await SendAsync(http, simulator, HttpMethod.Get, "truth");
        truth["students"]!.GetValue<int>().ShouldBe(59);
        truth["counts"]!["users"]!.GetValue<int>().ShouldBe(simulator.GetTruth().Counts["users"]);
    }

    [Fact]
    public async Task Every_scenario_can_be_called()
    {
        await using var simulator = await StartAsync();
        using var http = new HttpClient();

        var names = (await SendAsync(http, simulator, HttpMethod.Get, "scenarios")).Select(scenario => scenario.Key).ToList();

        names.Count.ShouldBe(23);
        foreach (var name in names)
        {
            var answer = await SendAsync(http, simulator, HttpMethod.Post, "scenarios/reset");
            answer["scenario"]!.GetValue<string>().ShouldBe("reset");
            var arguments = name is "massWipe" or "removeDemographics" ? new JsonObject { ["share"] = 0.5 } : null;
            answer = await SendAsync(http, simulator, HttpMethod.Post, "scenarios/" + name, arguments);
            answer["scenario"]!.GetValue<string>().ShouldBe(name);
        }
    }

    [Theory]
    [InlineData("withdrawal", """{"pupil":"x"}""", "has no argument 'pupil'")]
    [InlineData("withdrawal", """{"student":"x"}""", "'x' is no active student")]
    [InlineData("withdrawal", "[1]", "must be a JSON object")]
    [InlineData("idReKey", """{"kinds":["toys"]}""", "no collection 'toys'")]
    public async Task A_bad_call_says_what_is_wrong(string scenario, string body, string problem)
    {
        await using var simulator = await StartAsync();
        using var http = new HttpClient();
        using var content = new StringContent(body);

        using var answer = await http.PostAsync($"{simulator.ControlUrl}/scenarios/{scenario}", content, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(400);
        var text = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["problem"]!.GetValue<string>();
        text.ShouldContain(problem);
    }

    [Fact]
    public async Task Faults_can_be_read_changed_and_taken_back()
    {
        await using var simulator = await StartAsync();
        using var http = new HttpClient();

        await SendAsync(http, simulator, HttpMethod.Patch, "faults", new JsonObject { ["pageCap"] = 7, ["total"] = "missing" });
        simulator.Faults.PageCap.ShouldBe(7);
        simulator.Faults.Total.ShouldBe(TotalStyle.Missing);
        simulator.Faults.Affinity.ShouldBe(Affinity.Unauthorized);

        await SendAsync(http, simulator, HttpMethod.Put, "faults", new JsonObject { ["breakage"] = "serverError", ["times"] = 2 });
        simulator.Faults.PageCap.ShouldBe(5000);
        simulator.Faults.Breakage.ShouldBe(Breakage.ServerError);

        var now = await SendAsync(http, simulator, HttpMethod.Delete, "faults");
        now["breakage"]!.GetValue<string>().ShouldBe("none");
        simulator.Faults.Breakage.ShouldBe(Breakage.None);
    }

    [Fact]
    public async Task Truth_lists_ids_and_records()
    {
        await using var simulator = await StartAsync();
        using var http = new HttpClient();

        var ids = await http.GetFromJsonAsync<string[]>($"{simulator.ControlUrl}/truth/orgs", TestContext.Current.CancellationToken);
        var records = await SendAsync(http, simulator, HttpMethod.Get, "truth/orgs/records");

        ids.ShouldBe(simulator.GetTruth().Ids(Kind.Orgs));
        records[ids![0]]!["type"]!.GetValue<string>().ShouldBe("district");
    }

    [Fact]
    public async Task The_log_and_the_tokens_can_be_cleared()
    {
        await using var simulator = await StartAsync();
        using var http = new HttpClient();
        using var client = await SynergyClient.ConnectAsync(simulator);
        await client.PageAsync("orgs");
        (await SendAsync(http, simulator, HttpMethod.Get, "log"))["pagesServed"]!.GetValue<int>().ShouldBe(1);

        await SendAsync(http, simulator, HttpMethod.Delete, "log");
        await SendAsync(http, simulator, HttpMethod.Delete, "tokens");

        simulator.Log.PagesServed.ShouldBe(0);
        using var answer = await client.GetAsync("orgs");
        ((int)answer.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task A_caller_from_elsewhere_is_refused()
    {
        var outside = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(outside is null, "This machine has no address but the loopback one.");
        await using var simulator = await SimulatedSynergy.StartAsync(
            new SimulatorOptions { Students = 20, Url = "http://0.0.0.0:0" },
            TestContext.Current.CancellationToken
        );
        using var http = new HttpClient();

        using var answer = await http.GetAsync(
            new UriBuilder(simulator.ControlUrl + "/truth") { Host = outside.ToString() }.Uri,
            TestContext.Current.CancellationToken
        );

        ((int)answer.StatusCode).ShouldBe(403);
    }

    private static async Task<JsonObject> SendAsync(
        HttpClient http,
        SimulatedSynergy simulator,
        HttpMethod method,
        string path,
        JsonObject? body = null
    )
    {
        using var request = new HttpRequestMessage(method, $"{simulator.ControlUrl}/{path}");
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!.AsObject();
    }

    private static Task<SimulatedSynergy> StartAsync() =>
        SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 60 }, TestContext.Current.CancellationToken);
}
