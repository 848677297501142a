using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary><c>rollbook demo</c>: the program as people start it first, and the simulated SIS that it reads.</summary>
internal sealed class DemoProgram : RollbookProgram
{
    private readonly HttpClient http = new();

    private DemoProgram(int students)
        : base(NewFolder(), "demo", "--students", $"{students}") { }

    private Uri Control => new(Find(@"takes scenarios at (\S+)\. ") + "/");

    internal static Task<DemoProgram> StartAsync(int students = 300) => ReadyAsync(new DemoProgram(students));

    /// <summary>Something happens in the SIS; the answer tells exactly which records came, changed and went.</summary>
    internal async Task<Effects> PlayAsync(string scenario, object? arguments = null)
    {
        var answer = await http.PostAsJsonAsync(new Uri(Control, $"scenarios/{scenario}"), arguments ?? new { });
        answer.EnsureSuccessStatusCode();
        return new Effects((await answer.Content.ReadFromJsonAsync<JsonObject>())!["effects"]!.AsObject());
    }

    /// <summary>The SIS behaves as the switches say; all others stand as at the start.</summary>
    internal async Task BehaveAsync(object switches) => (await http.PutAsJsonAsync(new Uri(Control, "faults"), switches)).EnsureSuccessStatusCode();

    /// <summary>What the SIS knows of its users, by sourcedId.</summary>
    internal async Task<Dictionary<string, SisUser>> UsersAsync() =>
        (await http.GetFromJsonAsync<Dictionary<string, SisUser>>(new Uri(Control, "truth/users/records")))!;

    public override async ValueTask DisposeAsync()
    {
        http.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>A user of the SIS, as far as tests look.</summary>
    internal sealed record SisUser(string Role, string FamilyName, string GivenName);

    /// <summary>What a scenario did, by collection and word: <c>created</c>, <c>updated</c>, <c>deleted</c>.</summary>
    internal sealed class Effects(JsonObject collections)
    {
        internal string[] On(string collection, string word) =>
            [.. (collections[collection]?[word]?.AsArray() ?? []).Select(id => id!.GetValue<string>())];
    }
}
