using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>
/// The way of a data manager who follows School Passport's article on Synergy word by word: each of its steps in order, from a district without an app to a
/// published roster.
/// </summary>
public sealed class ArticleTests(ConsoleSite site)
{
    /// <summary>Gallery, Activate, terms, Next, Auto Mapping, Next, Finish Configuration, Run Import: as many as the article's steps have.</summary>
    private const int ShortestWay = 8;

    private int clicks;

    [Theory]
    [InlineData(true, 1280)]
    [InlineData(false, 1280)]
    [InlineData(true, 320)]
    public async Task The_shortest_way_is_eight_clicks_and_under_five_minutes(bool scripts, int width)
    {
        await using var program = await NewProgram.StartAsync();
        await using var manager = await DataManager.ArriveAsync(site, program, scripts, width);
        await manager.TakeRoleAsync();
        var clock = Stopwatch.StartNew();
        await ActivateAsync(manager, program, scripts);
        await DeliverAsync(manager, program);
        await MapSchoolsAsync(manager);
        await Expect(manager.Heading("Attributes Mapping")).ToBeVisibleAsync();
        await manager.LookAsync("Attributes Mapping");
        await ClickAsync(manager.Button("Finish Configuration"));
        await ImportAsync(manager, program);
        clicks.ShouldBe(ShortestWay);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(5));
        TestContext.Current.TestOutputHelper?.WriteLine($"{clicks} clicks, {clock.Elapsed.TotalSeconds:0} s of the program's and the browser's time");
        await manager.ShouldNeverHaveMetTheSecretAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_step_of_the_wizard_in_its_order(bool scripts)
    {
        await using var program = await NewProgram.StartAsync();
        await using var manager = await DataManager.ArriveAsync(site, program, scripts);
        await manager.TakeRoleAsync();
        await ActivateAsync(manager, program, scripts);
        await manager.Page.GetByText("Advanced Settings").ClickAsync();
        await manager.Page.GetByLabel("SIS ID prefix").FillAsync("R-");
        await FillAsync(manager, program);
        await manager.Button("Test Connection").ClickAsync();
        await Expect(manager.Page.GetByText("Connection is OK")).ToBeVisibleAsync();
        if (!scripts)
        {
            // A page never shows a secret, so it is entered again after a page that was built anew.
            await manager.Page.GetByLabel("Client Secret").FillAsync(program.Sis.ClientSecret);
        }

        await manager.LookAsync("Test Connection");
        await manager.Page.GetByRole(AriaRole.Checkbox, new() { Name = "I accept" }).CheckAsync();
        await manager.Button("Next").ClickAsync();
        await MapSchoolsAsync(manager);
        foreach (
            var step in new[] { "Attributes Mapping", "Data Requirements", "Filter Rules", "Domains of Uniqueness", "Master Fields", "Schedule" }
        )
        {
            await Expect(manager.Heading(step)).ToBeVisibleAsync();
            await Expect(manager.Button("Finish Configuration")).ToBeVisibleAsync();
            await Expect(manager.Button("Back")).ToBeVisibleAsync();
            await manager.Button("Next").ClickAsync();
        }

        await Expect(manager.Heading("Done")).ToBeVisibleAsync();
        await Expect(manager.Page.GetByText("SIS ID prefix: R-")).ToBeVisibleAsync();

        // What the first import would create is what it then creates.
        var table = manager.Page.GetByRole(AriaRole.Table, new() { Name = "What would be created, by entity type" });
        await Expect(table).ToBeVisibleAsync(new() { Timeout = 60_000 });
        var row = table
            .GetByRole(AriaRole.Row)
            .Filter(new() { Has = manager.Page.GetByRole(AriaRole.Rowheader, new() { Name = "Students", Exact = true }) });
        await Expect(row.GetByRole(AriaRole.Cell).Nth(1)).ToHaveTextAsync("200");
        await Expect(manager.Page.GetByRole(AriaRole.Table, new() { Name = "What would be created, by school" })).ToBeVisibleAsync();
        await manager.LookAsync("Done with its preview");
        await manager.Button("Finish").ClickAsync();
        await ImportAsync(manager, program);

        var (status, file) = await program.RunAsync("config", "--district", NewProgram.District);
        status.ShouldBe(0, file);
        file.ShouldContain("sisIdPrefix: R-");
        file.ShouldContain("${env:SYNERGY_CLIENT_SECRET}");
        file.ShouldNotContain(program.Sis.ClientSecret);
        await DeactivateAsync(manager, program);
        await manager.ShouldNeverHaveMetTheSecretAsync();
    }

    /// <summary>Deactivating shows first what it would remove, and removes it.</summary>
    private static async Task DeactivateAsync(DataManager manager, NewProgram program)
    {
        await manager.Page.GotoAsync($"/d/{NewProgram.District}/apps/synergy/settings/app");
        var remove = manager.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Deactivate and remove [\\d,]+ records$") });
        await Expect(manager.Page.GetByText("200 students")).ToBeVisibleAsync();
        await manager.LookAsync("deactivating");
        await remove.ClickAsync();
        await Expect(manager.Heading("Data Sync History")).ToBeVisibleAsync();
        for (var tries = 0; tries < 60 && (await program.RunAsync("config")).Output.Contains("synergy", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(500);
        }

        (await program.RunAsync("config")).Output.ShouldNotContain("synergy");
        (await program.RunAsync("records", "student", "--json")).Output.Trim().ShouldBeEmpty();
        (await manager.Page.GotoAsync($"/d/{NewProgram.District}/apps/synergy"))!.Status.ShouldBe(404);
    }

    private async Task ActivateAsync(DataManager manager, NewProgram program, bool scripts)
    {
        await manager.Page.GotoAsync($"/d/{NewProgram.District}");
        if (manager.Page.ViewportSize!.Width < 720)
        {
            await manager.Page.GetByText("Menu").ClickAsync();
        }

        await ClickAsync(manager.Page.GetByRole(AriaRole.Link, new() { Name = "Application Gallery" }).Locator("visible=true").First);
        await Expect(manager.Heading("Application Gallery")).ToBeVisibleAsync();
        await manager.Page.GetByRole(AriaRole.Searchbox).PressSequentiallyAsync("Synergy");
        if (!scripts)
        {
            await manager.Page.Keyboard.PressAsync("Enter");
        }

        await Expect(manager.Page).ToHaveURLAsync(new Regex("q=Synergy$"));

        await manager.LookAsync("Application Gallery");
        await ClickAsync(
            manager.Page.GetByRole(AriaRole.Article, new() { Name = "Synergy" }).GetByRole(AriaRole.Button, new() { Name = "Activate" })
        );
        await Expect(manager.Heading("Delivery Config")).ToBeVisibleAsync();
        await manager.LookAsync("Delivery Config");
    }

    private async Task DeliverAsync(DataManager manager, NewProgram program)
    {
        await FillAsync(manager, program);
        await ClickAsync(manager.Page.GetByRole(AriaRole.Checkbox, new() { Name = "I accept" }));
        await ClickAsync(manager.Button("Next"));
    }

    private static async Task FillAsync(DataManager manager, NewProgram program)
    {
        await manager.Page.GetByLabel("API URL").FillAsync(program.Sis.ApiUrl.ToString());
        await manager.Page.GetByLabel("Token URL").FillAsync(program.Sis.TokenUrl.ToString());
        await manager.Page.GetByLabel("Client ID").FillAsync(program.Sis.ClientId);
        await manager.Page.GetByLabel("Client Secret").FillAsync(program.Sis.ClientSecret);
    }

    private async Task MapSchoolsAsync(DataManager manager)
    {
        await Expect(manager.Heading("Schools Mapping")).ToBeVisibleAsync();
        await Expect(manager.Page.GetByRole(AriaRole.Switch).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await ClickAsync(manager.Button("Auto Mapping"));
        await Expect(manager.Page.GetByRole(AriaRole.Switch).First).ToBeCheckedAsync();
        await manager.LookAsync("Schools Mapping");
        await ClickAsync(manager.Button("Next"));
    }

    /// <summary>The dashboard, the run, and the roster as the SIS has it.</summary>
    private async Task ImportAsync(DataManager manager, NewProgram program)
    {
        await Expect(manager.Heading("Synergy")).ToBeVisibleAsync();
        await Expect(manager.Page.GetByText("The set-up is finished and in force.")).ToBeVisibleAsync();
        await manager.LookAsync("the dashboard before the first import");
        await ClickAsync(manager.Button("Run Import"));
        await Expect(manager.Page).ToHaveURLAsync(new Regex("/history/1$"));
        await manager.ShouldEndAsync("Published");
        await Expect(manager.Figures("Students").Nth(1)).ToHaveTextAsync("200");
        await manager.LookAsync("the first import");
    }

    private Task ClickAsync(ILocator control)
    {
        clicks++;
        return control.ClickAsync();
    }
}
