using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Simulator;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>A data manager who maps schools.</summary>
internal sealed class SchoolsPerson : IAsyncDisposable
{
    private readonly NewProgram program;
    private readonly DataManager person;
    private string app = "";

    private SchoolsPerson(NewProgram program, DataManager person) => (this.program, this.person) = (program, person);

    internal IPage Page => person.Page;

    /// <summary>The <b>Create New School</b> switches of the page.</summary>
    internal ILocator Switches => Page.GetByRole(AriaRole.Switch);

    internal static async Task<SchoolsPerson> ArriveAsync(ConsoleSite site, NewProgram program, bool scripts = true)
    {
        var manager = await DataManager.ArriveAsync(site, program, scripts);
        await manager.TakeRoleAsync();
        return new SchoolsPerson(program, manager);
    }

    /// <summary>Activates an app, connects it, and comes to Schools Mapping with the source's schools read; returns their names.</summary>
    /// <param name="sis">The SIS.</param>
    /// <param name="isOneOfSeveral">Whether it is said to be one of several sources of the same people.</param>
    /// <param name="name">The app's card in the gallery.</param>
    /// <param name="details">Fills in more of Delivery Config; null for nothing.</param>
    internal async Task<IReadOnlyList<string>> SetUpAsync(
        SimulatedSynergy sis,
        bool isOneOfSeveral = false,
        string name = "Synergy",
        Func<Task>? details = null
    )
    {
        await Page.GotoAsync($"/d/{NewProgram.District}/gallery");
        var card = Page.GetByRole(AriaRole.Article, new() { Name = name, Exact = true });
        await card.GetByRole(AriaRole.Button, new() { Name = "Activate" }).ClickAsync();
        await Expect(person.Heading("Delivery Config")).ToBeVisibleAsync();
        app = Regex.Match(Page.Url, "/apps/([a-z0-9-]+)/setup").Groups[1].Value;
        await Page.GetByLabel("API URL").FillAsync(sis.ApiUrl.ToString());
        await Page.GetByLabel("Token URL").FillAsync(sis.TokenUrl.ToString());
        await Page.GetByLabel("Client ID").FillAsync(sis.ClientId);
        await Page.GetByLabel("Client Secret").FillAsync(sis.ClientSecret);
        if (isOneOfSeveral)
        {
            await Page.GetByText("Advanced Settings").ClickAsync();
            await Page.GetByRole(AriaRole.Switch, new() { Name = "Data will be uploaded from multiple data sources" }).CheckAsync();
            await Page.GetByRole(AriaRole.Switch, new() { Name = "Compare records accordingly to the Domains of Uniqueness" }).CheckAsync();
        }

        if (details is not null)
        {
            await details();
        }

        await Page.GetByRole(AriaRole.Checkbox, new() { Name = "I accept" }).CheckAsync();
        await PressAsync("Next");
        await Expect(person.Heading("Schools Mapping")).ToBeVisibleAsync();
        await Expect(Switches.First).ToBeVisibleAsync();
        var names = await Page.Locator(".school-rows tbody th")
            .Filter(new() { HasNotText = "not a school" })
            .Locator(".school-name")
            .AllInnerTextsAsync();
        return names;
    }

    /// <summary>In Delivery Config, for what is not about limits: a small district reaches them soon. Guards stay.</summary>
    internal async Task SwitchLimitsOffAsync()
    {
        await Page.GetByText("Advanced Settings").ClickAsync();
        await Page.GetByLabel("Sync hold threshold").FillAsync("off");
    }

    /// <summary>From Schools Mapping to the app's dashboard.</summary>
    internal async Task FinishAsync()
    {
        await PressAsync("Next");
        await Expect(person.Heading("Attributes Mapping")).ToBeVisibleAsync();
        await PressAsync("Finish Configuration");
        await Expect(person.Button("Run Import")).ToBeVisibleAsync();
    }

    internal Task OpenAsync() => OpenAsync("schools", "Schools Mapping");

    /// <summary>Opens a tab of the app's settings.</summary>
    internal async Task OpenAsync(string slug, string title)
    {
        await Page.GotoAsync($"/d/{NewProgram.District}/apps/{app}/settings/{slug}");
        await Expect(person.Heading(title)).ToBeVisibleAsync();
    }

    internal async Task ImportAsync(string state)
    {
        var (status, output) = await program.RunAsync("import", app);
        status.ShouldBe(0, output);
        var (_, runs) = await program.RunAsync("runs", app, "--json");
        Regex.Match(runs, "\"state\":\\s*\"(\\w+)\"").Groups[1].Value.ShouldBe(state, runs);
    }

    /// <summary>Imports what a limit or a guard holds, accepts it as a person does, and comes back.</summary>
    internal async Task ImportHeldAsync()
    {
        const int Waits = 3;
        var (status, output) = await program.RunAsync("import", app);
        status.ShouldBe(Waits, output);
        var here = Page.Url;
        await Page.GotoAsync($"/d/{NewProgram.District}/history?app={app}&state=held");
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Review run") }).ClickAsync();
        await Page.GetByLabel("Reason").FillAsync("This is meant.");
        await person.Button("Accept").ClickAsync();
        await person.ShouldEndAsync("Published");
        await Page.GotoAsync(here);
    }

    /// <summary>Waits until the app's newest run has ended.</summary>
    internal async Task SettleAsync()
    {
        for (var tries = 0; tries < 120; tries++)
        {
            var (_, runs) = await program.RunAsync("runs", app, "--json");
            if (Regex.Match(runs, "\"state\":\\s*\"(\\w+)\"").Groups[1].Value is "published" or "unchanged")
            {
                return;
            }

            await Task.Delay(250);
        }

        throw new TimeoutException("The run did not end.");
    }

    internal async Task PressAsync(string name)
    {
        var filter = Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{Regex.Escape(name)}( [\\d,]+)?$") });
        await filter.First.ClickAsync();
        await Page.WaitForLoadStateAsync();
        await Setup.NewApp.AnswerAsync(Page);
    }

    /// <summary>Presses a button that saves, and waits until it is said.</summary>
    internal async Task SaveAsync(string name)
    {
        await PressAsync(name);
        await ShouldBeSavedAsync();
    }

    /// <summary>Presses a button that saves what the next import will be held for: nothing is saved before one has seen what it would do and said why.</summary>
    internal Task SaveOverLimitAsync(string name) => SaveOverLimitAsync(new Regex($"^{Regex.Escape(name)}$"));

    internal async Task SaveOverLimitAsync(Regex name)
    {
        await PressAsync(name);
        var review = Page.GetByRole(AriaRole.Group, new() { Name = "Not saved yet: the next import would be held" });
        while (await Page.GetByText("what this would change is being worked out").IsVisibleAsync())
        {
            await PressAsync("Look again and save");
        }

        await Expect(review).ToContainTextAsync("The next import would be held until a person decides");
        await LookAsync("the review before saving");
        await PressAsync("Save anyway");
        await Expect(review).ToContainTextAsync("Give a reason, or go back.");
        await review.GetByLabel("Reason").FillAsync("The board decided it.");
        await PressAsync("Save anyway");
        await ShouldBeSavedAsync();
    }

    internal async Task ShouldBeSavedAsync() => await Expect(Page.Locator(".notice.good")).ToContainTextAsync("Saved");

    internal async Task PressAsync(Regex name)
    {
        await Page.GetByRole(AriaRole.Button, new() { NameRegex = name }).First.ClickAsync();
        await Page.WaitForLoadStateAsync();
        await Setup.NewApp.AnswerAsync(Page);
    }

    internal ILocator Line(string name) =>
        Page.GetByRole(AriaRole.Row)
            .Filter(new() { Has = Page.GetByRole(AriaRole.Rowheader, new() { NameRegex = new Regex("^" + Regex.Escape(name)) }) });

    internal ILocator SwitchOf(string name) => Page.GetByRole(AriaRole.Switch, new() { Name = $"Create New School: {name}", Exact = true });

    internal ILocator NameOf(string name) => Page.GetByRole(AriaRole.Textbox, new() { Name = $"Name of the new school: {name}", Exact = true });

    internal ILocator PartOf(string name) => Page.GetByRole(AriaRole.Combobox, new() { Name = $"Existing school for {name}", Exact = true });

    /// <summary>The counts on the filters, the district office being one of the rows.</summary>
    internal async Task ShouldCountAsync(int existing, int missing, int missingData)
    {
        var office = await Page.GetByText("not a school").CountAsync();
        await Expect(Filter("Existing")).ToHaveTextAsync(new Regex($"Existing {(existing > 0 ? existing + office : 0)}$"));
        await Expect(Filter("Missing")).ToHaveTextAsync(new Regex($"Missing {(existing > 0 ? missing : missing + office)}$"));
        await Expect(Filter("Schools with missing data")).ToHaveTextAsync(new Regex($"data {missingData}$"));
    }

    /// <summary>Searches the schools by name.</summary>
    internal async Task SearchAsync(string words)
    {
        await Page.GetByLabel("Search schools").FillAsync(words);
        await Page.GetByLabel("Search schools").PressAsync("Enter");
        await Expect(Page).ToHaveURLAsync(new Regex(words.Length > 0 ? "[?&]q=" : "^[^?]*(\\?(?!.*q=).*)?$"));
        await Setup.NewApp.AnswerAsync(Page);
    }

    /// <summary>The names of the schools on the page.</summary>
    internal async Task<IReadOnlyList<string>> NamesAsync() => await Page.Locator(".school-rows tbody th .school-name").AllInnerTextsAsync();

    /// <summary>The count on one filter.</summary>
    internal Task ShouldShowAsync(string filter, int count) =>
        Expect(Filter(filter)).ToHaveTextAsync(new Regex($"{filter} {count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)}$"));

    internal Task LookAsync(string state) => person.LookAsync(state);

    /// <summary>The names of the schools in the roster, without the organisations above them.</summary>
    internal async Task<IReadOnlyList<string>> SchoolsAsync() =>
        [.. (await RecordsAsync("school")).Where(school => (string?)school["type"] is "school").Select(school => (string)school["name"]!)];

    internal async Task<IReadOnlyList<string>> IdsAsync(string kind) => [.. (await RecordsAsync(kind)).Select(record => (string)record["id"]!)];

    internal async Task<int> StudentsAsync() => (await RecordsAsync("student")).Count;

    public ValueTask DisposeAsync() => person.DisposeAsync();

    /// <summary>Deactivates an app, removes its records, and comes back when it is out.</summary>
    internal async Task DeactivateAsync(string which)
    {
        await Page.GotoAsync($"/d/{NewProgram.District}/apps/{which}/settings/app");
        await Expect(Page.GetByRole(AriaRole.Switch, new() { Name = "People whom another app has too keep their Rollbook IDs" })).ToBeCheckedAsync();
        await LookAsync("deactivating an app that shares its people");
        await PressAsync(new Regex("^Deactivate and remove [\\d,]+ records$"));
        await Expect(person.Heading("Data Sync History")).ToBeVisibleAsync();
        for (var tries = 0; tries < 120 && await IsThereAsync(); tries++)
        {
            await Task.Delay(500);
        }

        (await IsThereAsync()).ShouldBeFalse();

        async Task<bool> IsThereAsync() => (await program.RunAsync("config")).Output.Contains($"  {which}:\n", StringComparison.Ordinal);
    }

    private ILocator Filter(string name) =>
        Page.GetByRole(AriaRole.Group, new() { Name = "Filter" }).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^" + name + " ") });

    private async Task<IReadOnlyList<JsonObject>> RecordsAsync(string kind)
    {
        var (status, output) = await program.RunAsync("records", kind, "--json");
        status.ShouldBe(0, output);
        return [.. output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
