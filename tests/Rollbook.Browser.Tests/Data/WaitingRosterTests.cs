using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Look;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Data;

/// <summary>The roster as it would be after run 42, which waits: two students and a school would be new, four students would change and thirty be deleted.</summary>
public sealed class WaitingRosterTests(ConsoleSite site)
{
    private const string Banner = "You see the roster as it would be after run 42";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task From_the_review_to_the_roster_and_back(bool scripts)
    {
        var page = await OpenAsync("history/42", new() { JavaScriptEnabled = scripts });
        await Link(page, "Browse the roster as it would be").ClickAsync();
        await Expect(page.GetByText(Banner)).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Data Browsing");
        await Expect(Marks(page, "New")).ToHaveTextAsync(new Regex("Mary Seacole Middle"));

        await Tab(page, "Students").ClickAsync();
        await Expect(page.GetByText("2 would be new, 4 would change and 30 would be deleted")).ToBeVisibleAsync();
        await Expect(page.GetByText("213 in all")).ToBeVisibleAsync();
        await Link(page, "30 would be deleted").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Changes of run 42");
        await page.GoBackAsync();
        await Expect(page.GetByText("As of", new() { Exact = true })).ToHaveCountAsync(0);
        await Link(page, "show the published roster").ClickAsync();
        await Expect(page.GetByText("241 in all")).ToBeVisibleAsync();
        await Expect(page.GetByText(Banner)).ToHaveCountAsync(0);
        await page.GoBackAsync();
        await Link(page, "Review run 42").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Run 42");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Records_say_what_would_become_of_them_and_search_filter_and_pages_stay_in_the_roster_that_waits(bool scripts)
    {
        var page = await OpenAsync("data/student?waiting=42", new() { JavaScriptEnabled = scripts });
        await page.GetByRole(AriaRole.Searchbox).FillAsync("Newcomer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Expect(page.GetByText("2 on this page")).ToBeVisibleAsync();
        await Expect(Marks(page, "New")).ToHaveCountAsync(2);
        await StaysAsync(page);
        await Link(page, "Remove the search").ClickAsync();
        await Expect(page.GetByText("213 in all")).ToBeVisibleAsync();
        await StaysAsync(page);

        await page.GetByText("Add filter").ClickAsync();
        await page.GetByLabel("Attribute").SelectOptionAsync("E-mail");
        await page.GetByLabel("Condition").SelectOptionAsync("contains");
        await page.GetByLabel("Value").FillAsync("moved");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply filter" }).ClickAsync();
        await Expect(page.GetByText("4 on this page")).ToBeVisibleAsync();
        await Expect(Marks(page, "Changed")).ToHaveCountAsync(4);
        await Expect(Row(page, "moved61@riverside.example")).ToBeVisibleAsync();
        await StaysAsync(page);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Remove the filter") }).ClickAsync();
        await Expect(page.GetByText("213 in all")).ToBeVisibleAsync();

        await Link(page, "Student number").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Student number" })).ToHaveAttributeAsync("aria-sort", "ascending");
        await StaysAsync(page);
        var seen = 0;
        for (var number = 1; number <= 5; number++)
        {
            // Whoever would be deleted is on no page.
            await Expect(page.GetByText(number < 5 ? "50 on this page" : "13 on this page")).ToBeVisibleAsync();
            seen += await page.GetByRole(AriaRole.Rowheader).CountAsync();
            await Expect(page.GetByText("s00110@riverside.example")).ToHaveCountAsync(0);
            await StaysAsync(page);
            if (number < 5)
            {
                var first = await page.GetByRole(AriaRole.Rowheader).First.TextContentAsync();
                await Link(page, "Next page").ClickAsync();
                await Expect(page.GetByRole(AriaRole.Rowheader).First).Not.ToHaveTextAsync(first!);
            }
        }

        seen.ShouldBe(213);
        await Link(page, "Previous page").ClickAsync();
        await Expect(page.GetByText("50 on this page")).ToBeVisibleAsync();
        await StaysAsync(page);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_record_that_would_be_deleted_or_change_says_so_and_leads_to_the_published_one()
    {
        var page = await OpenAsync($"data/student/{Sample.Student(110)}?waiting=42");
        await Expect(Badge(page)).ToContainTextAsync("Would be deleted");
        await Expect(page.GetByText(Banner)).ToBeVisibleAsync();
        await page.GotoAsync($"/d/riverside/data/student/{Sample.Student(61)}?waiting=42");
        await Expect(Badge(page)).ToContainTextAsync("Changed");
        await Expect(page.GetByRole(AriaRole.Insertion).Filter(new() { HasText = "moved61@riverside.example" })).ToBeVisibleAsync();
        await Link(page, "show the record as it is published").ClickAsync();
        await Expect(page.GetByText("s00061@riverside.example")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Insertion)).ToHaveCountAsync(0);
        await Expect(page.GetByText(Banner)).ToHaveCountAsync(0);

        await page.GotoAsync("/d/riverside/data/student?waiting=43");
        await Expect(page.GetByText("The roster as it would be after run 43 can't be shown")).ToBeVisibleAsync();
        await Expect(page.GetByText("Only the roster after a run that waits can be looked at.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Table)).ToHaveCountAsync(0);
        (await page.GotoAsync("/d/riverside/data/student?waiting=4711"))!.Status.ShouldBe(404);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task From_the_review_to_a_changed_record_without_a_mouse_and_in_a_narrow_window()
    {
        var page = await OpenAsync("history/42");
        await Keys.FollowAsync(page, "Browse the roster as it would be");
        await Expect(page.GetByText(Banner)).ToBeVisibleAsync();
        await Keys.FollowAsync(page, "Students");
        await Expect(page.GetByText("213 in all")).ToBeVisibleAsync();
        await LookAsync(page, "waiting-roster");
        await Keys.TabToAsync(page, "Search students");
        await page.Keyboard.TypeAsync("Newcomer");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Marks(page, "New")).ToHaveCountAsync(2);
        await Keys.FollowAsync(page, "Newcomer");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Newcomer");
        await Expect(Badge(page)).ToHaveTextAsync(new Regex("New$"));
        await LookAsync(page, "waiting-record");
        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync(string path, BrowserNewContextOptions? options = null)
    {
        var page = await site.OpenAsync(ConsoleSite.Admin, options);
        await page.GotoAsync($"/d/riverside/{path}");
        return page;
    }

    /// <summary>Each step keeps to the run, in the address and in words.</summary>
    private static async Task StaysAsync(IPage page)
    {
        await Expect(page).ToHaveURLAsync(new Regex("[?&]waiting=42(&|$)"));
        await Expect(page.GetByText(Banner)).ToBeVisibleAsync();
    }

    /// <summary>Looks at a page with axe, in both themes and as narrow as a page is useful.</summary>
    private static async Task LookAsync(IPage page, string name)
    {
        await Pictures.TakeAsync(page, name);
        await Axe.ShouldFindNothingAsync(page, name);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Axe.ShouldHaveContrastAsync(page, $"{name} dark");
        await page.SetViewportSizeAsync(320, 640);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await Axe.ShouldFindNothingAsync(page, $"{name} narrow");
        await Pictures.TakeAsync(page, $"{name}-narrow");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(1280, 800);
    }

    private static ILocator Link(IPage page, string name) => page.GetByRole(AriaRole.Link, new() { Name = name });

    private static ILocator Tab(IPage page, string name) => page.GetByRole(AriaRole.Navigation, new() { Name = "Entity types" }).GetByText(name);

    private static ILocator Row(IPage page, string text) => page.GetByRole(AriaRole.Row).Filter(new() { HasText = text });

    /// <summary>The records of the list that have this mark.</summary>
    private static ILocator Marks(IPage page, string mark) => page.GetByRole(AriaRole.Rowheader, new() { NameRegex = new Regex($" {mark}$") });

    private static ILocator Badge(IPage page) => page.GetByRole(AriaRole.Main).Locator(".badge");
}
