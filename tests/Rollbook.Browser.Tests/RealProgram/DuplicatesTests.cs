using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>Duplicates are found by a domain, merged, kept separate, and given back, through the console of the real program.</summary>
public sealed class DuplicatesTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Duplicates_are_merged_kept_separate_and_undone(bool scripts)
    {
        await using var program = await NewProgram.StartAsync();
        await using var person = await SchoolsPerson.ArriveAsync(site, program, scripts);
        await person.SetUpAsync(program.Sis, isOneOfSeveral: true);
        await person.SaveAsync("Auto Mapping");
        await person.FinishAsync();
        await person.ImportAsync("published");
        var page = person.Page;
        await GoAsync(page);
        await Expect(page.GetByText("No two records agree on a Domain of Uniqueness")).ToBeVisibleAsync();

        // Among two hundred students some have the same family name, which is no good domain, and does here.
        await person.OpenAsync("domains", "Domains of Uniqueness");
        await page.GetByLabel("Attribute 1 of domain 1", new() { Exact = true }).SelectOptionAsync("Family name");
        await person.SaveAsync("Save");
        await person.ImportAsync("unchanged");
        await GoAsync(page);
        var found = await CountAsync(page, "Agreeing");
        found.ShouldBeGreaterThan(1);
        var students = await person.IdsAsync("student");
        await person.LookAsync("duplicates found");

        await Find(page).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Compare \\d+ students") })).ToBeVisibleAsync();
        var row = page.GetByRole(AriaRole.Row)
            .Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = "Family name", Exact = true }) });
        await Expect(row).ToContainTextAsync("Agree");
        var joins = await page.GetByText("leaves the roster").CountAsync();
        await person.LookAsync("side by side");
        await person.PressAsync("Merge");
        await Expect(page.Locator(".notice.good")).ToContainTextAsync("Merged. Run ");
        await person.SettleAsync();
        (await person.IdsAsync("student")).Count.ShouldBe(students.Count - joins);
        await GoAsync(page);
        (await CountAsync(page, "Agreeing")).ShouldBe(found - 1);

        await Find(page).First.ClickAsync();
        await person.PressAsync("Keep separate");
        await Expect(page.Locator(".notice.good")).ToContainTextAsync("Kept separate.");
        await person.SettleAsync();
        await GoAsync(page);
        (await CountAsync(page, "Agreeing")).ShouldBe(found - 2);
        (await person.IdsAsync("student")).Count.ShouldBe(students.Count - joins);

        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Decided") }).ClickAsync();
        var decided = await CountAsync(page, "Decided");
        await person.LookAsync("decided");
        for (var left = decided; left > 0; left--)
        {
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Undo") }).First.ClickAsync();
            await Expect(page.Locator(".notice.good")).ToContainTextAsync("Undone.");
            await person.SettleAsync();
        }

        (await person.IdsAsync("student")).ShouldBe(students, ignoreOrder: true);
        for (var tries = 0; tries < 40 && await CountAsync(page, "Agreeing") < found; tries++)
        {
            // The search follows the run.
            await Task.Delay(250);
            await GoAsync(page);
        }

        (await CountAsync(page, "Agreeing")).ShouldBe(found);

        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Suggestions") }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Search for suggestions" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Search for suggestions again" })).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await person.LookAsync("suggestions");
    }

    private static Task GoAsync(IPage page) => page.GotoAsync($"/d/{NewProgram.District}/data-quality/duplicates");

    private static ILocator Find(IPage page) => page.GetByRole(AriaRole.Rowheader).GetByRole(AriaRole.Link);

    private static async Task<int> CountAsync(IPage page, string tab)
    {
        var text = await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex($"^{tab} \\(") }).InnerTextAsync();
        return int.Parse(
            Regex.Match(text, "[\\d,]+").Value,
            System.Globalization.NumberStyles.AllowThousands,
            System.Globalization.CultureInfo.InvariantCulture
        );
    }
}
