using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>The way of a data manager from the first link to the history of a renamed pupil, on the real program with a simulated SIS.</summary>
public sealed class ImportsTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true, 1280)]
    [InlineData(false, 1280)]
    [InlineData(true, 320)]
    public async Task From_the_first_link_to_the_history_of_a_renamed_student(bool scripts, int width)
    {
        await using var program = await DemoProgram.StartAsync();
        await using var manager = await DataManager.ArriveAsync(site, program, scripts, width);
        await manager.TakeRoleAsync();
        await SeeTheDistrictAsync(manager);
        await ImportWithoutChangesAsync(manager, program, scripts);
        await ImportChangesAsync(manager, program);
        await manager.ShouldNeverHaveMetTheSecretAsync();
    }

    private static async Task SeeTheDistrictAsync(DataManager manager)
    {
        var tile = manager.Page.GetByRole(AriaRole.Article, new() { Name = "Synergy" });
        await Expect(tile).ToContainTextAsync("Ready");
        await Expect(tile).ToContainTextAsync("Nothing needs you.");
        await manager.LookAsync("Home");
        await tile.GetByRole(AriaRole.Link, new() { Name = "Synergy" }).ClickAsync();
        await Expect(manager.Heading("Synergy")).ToBeVisibleAsync();
        await Expect(manager.Figures("Students")).ToHaveTextAsync(["300", "300", "0", "0", "0", "0", "0"]);
        await manager.LookAsync("the dashboard");
    }

    /// <summary>The source says what the roster has already: progress by collection, then the report, on one and the same page.</summary>
    private static async Task ImportWithoutChangesAsync(DataManager manager, DemoProgram program, bool scripts)
    {
        await program.BehaveAsync(new { firstByteDelayMilliseconds = 600 });
        await manager.Button("Run Import").ClickAsync();
        await Expect(manager.Heading("Run 2")).ToBeVisibleAsync();
        var before = await manager.Heading("Run 2").BoundingBoxAsync();
        await Expect(manager.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Users" })).ToBeVisibleAsync();
        if (scripts)
        {
            await manager.Page.EvaluateAsync("window.sameDocument = true");
        }

        await Expect(manager.Page.GetByText("Complete").First).ToBeVisibleAsync();
        if (scripts)
        {
            await manager.LookAsync("an import at work");
        }

        await program.BehaveAsync(new { });
        await manager.ShouldEndAsync("Unchanged");
        await Expect(manager.Page.GetByText("There was nothing to change.")).ToBeVisibleAsync();
        await Expect(manager.Figures("Students")).ToHaveTextAsync(["300", "0", "0", "0", "300", "0", "0"]);
        (await manager.Page.EvaluateAsync<bool>("window.sameDocument === true")).ShouldBe(scripts);
        (await manager.Heading("Run 2").BoundingBoxAsync())!.Y.ShouldBe(before!.Y);
        (await manager.Page.EvaluateAsync<int>("scrollY")).ShouldBe(0);
        await manager.LookAsync("a run without changes");
    }

    /// <summary>One student leaves, another takes a new name: the report counts, the changes name, the history keeps both.</summary>
    private static async Task ImportChangesAsync(DataManager manager, DemoProgram program)
    {
        var page = manager.Page;
        var before = await program.UsersAsync();
        var students = before.Where(user => user.Value.Role == "student").Select(user => user.Key).ToArray();
        var (renamed, gone) = (students[10], students[200]);
        var withdrawal = await program.PlayAsync("withdrawal", new { student = gone });
        (await program.PlayAsync("nameChange", new { user = renamed })).On("users", "updated").ShouldBe([renamed]);
        var after = await program.UsersAsync();
        var enrollments = withdrawal.On("enrollments", "deleted").Length;
        var contacts = withdrawal.On("users", "updated").Length;

        await manager.RunImportAsync();
        await manager.ShouldEndAsync("Published");
        await Expect(manager.Figures("Students")).ToHaveTextAsync(["299", "0", "1", "1", "298", "0", "0"]);
        await Expect(manager.Figures("Contacts").Nth(2)).ToHaveTextAsync($"{contacts}");
        await Expect(manager.Figures("Enrollments").Nth(3)).ToHaveTextAsync($"{enrollments}");
        await Expect(manager.Figures("All").Nth(2)).ToHaveTextAsync($"{1 + contacts}");
        await Expect(manager.Figures("All").Nth(3)).ToHaveTextAsync($"{1 + enrollments}");
        await Expect(manager.Figures("All").Nth(1)).ToHaveTextAsync("0");
        await manager.LookAsync("a run's report");

        await manager.Link("1 student updated").ClickAsync();
        await Expect(manager.Heading("Changes of run 3")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Deletion).Filter(new() { HasText = before[renamed].FamilyName }).First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Insertion).Filter(new() { HasText = after[renamed].FamilyName }).First).ToBeVisibleAsync();
        await manager.LookAsync("the changes of a run");

        var (oldName, newName) = (NameOf(before[renamed]), NameOf(after[renamed]));
        oldName.ShouldNotBe(newName);
        await manager.Link(newName).ClickAsync();
        await Expect(manager.Heading(newName)).ToBeVisibleAsync();
        await manager.Link("History").ClickAsync();
        await Expect(manager.Link("version 2")).ToBeVisibleAsync();
        await manager.LookAsync("a record's history");
        await manager.Link("version 1").ClickAsync();
        await Expect(manager.Heading(oldName)).ToBeVisibleAsync();
        await Expect(page.GetByText("You see the record as of version 1")).ToBeVisibleAsync();
        await manager.LookAsync("a record as it was");
        await SeekTheWithdrawnAsync(manager, gone, NameOf(before[gone]));
    }

    private static async Task SeekTheWithdrawnAsync(DataManager manager, string sisId, string name)
    {
        var page = manager.Page;
        await page.GotoAsync("/d/demo/data/student");
        await page.GetByRole(AriaRole.Searchbox).FillAsync(sisId);
        await manager.Button("Search").ClickAsync();
        await Expect(page.GetByText("No students match")).ToBeVisibleAsync();
        await page.GetByLabel("As of").SelectOptionAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await Expect(page.GetByText("You see the roster as of version 1")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader)).ToHaveCountAsync(1);
        await manager.LookAsync("the roster as it was");
        await page.GetByRole(AriaRole.Rowheader).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(manager.Heading(name)).ToBeVisibleAsync();
        await manager.Link("Show the newest version").ClickAsync();
        await Expect(page.GetByText("No longer in the roster")).ToBeVisibleAsync();
        await manager.LookAsync("a record that is gone");
    }

    private static string NameOf(DemoProgram.SisUser user) => $"{user.FamilyName}, {user.GivenName}";
}
