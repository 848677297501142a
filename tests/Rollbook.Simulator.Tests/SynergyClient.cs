using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rollbook.Simulator.Tests;

/// <summary>A plain OneRoster client for the tests: asks for a token with Basic and form, keeps cookies, and reads pages.</summary>
internal sealed class SynergyClient : IDisposable
{
    private readonly SimulatedSynergy simulator;
    private readonly HttpClient http = new(new HttpClientHandler());

    private SynergyClient(SimulatedSynergy simulator) => this.simulator = simulator;

    public HttpClient Http => http;

    public static async Task<SynergyClient> ConnectAsync(SimulatedSynergy simulator, string? scope = null)
    {
        var client = new SynergyClient(simulator);
        await client.RenewTokenAsync(scope);
        return client;
    }

    public async Task RenewTokenAsync(string? scope = null)
    {
        using var answer = await AskTokenAsync(scope);
        answer.EnsureSuccessStatusCode();
        var token = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token["access_token"]!.GetValue<string>());
    }

    public Task<HttpResponseMessage> AskTokenAsync(string? scope = null, string? secret = null)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal) { ["grant_type"] = "client_credentials" };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        var request = new HttpRequestMessage(HttpMethod.Post, simulator.TokenUrl) { Content = new FormUrlEncodedContent(form) };
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{simulator.ClientId}:{secret ?? simulator.ClientSecret}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? fault = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{simulator.ApiUrl}/{path}");
        if (fault is not null)
        {
            request.Headers.Add("X-Simulator-Fault", fault);
        }

        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement> JsonAsync(string path, string? fault = null)
    {
        using var answer = await GetAsync(path, fault);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>The records of one page.</summary>
    public async Task<List<JsonElement>> PageAsync(string path, string? fault = null) =>
        [
            .. (await JsonAsync(path, fault))
                .EnumerateObject()
                .First(property => property.Value.ValueKind == JsonValueKind.Array)
                .Value.EnumerateArray(),
        ];

    /// <summary>The records of every page, until an empty one.</summary>
    public async Task<List<JsonElement>> AllAsync(string path, int limit)
    {
        var all = new List<JsonElement>();
        for (var join = path.Contains('?', StringComparison.Ordinal) ? '&' : '?'; ; )
        {
            var page = await PageAsync($"{path}{join}limit={limit}&offset={all.Count}");
            if (page.Count == 0)
            {
                return all;
            }

            all.AddRange(page);
        }
    }

    public void Dispose() => http.Dispose();
}
