using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Look;

public sealed class KeyboardTests(ConsoleSite site)
{
    /// <summary>The article's way, from the gallery to the dashboard; the SIS can't be reached, which keeps nobody from finishing.</summary>
    [Fact]
    public async Task From_the_gallery_to_the_dashboard_without_a_mouse()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}");
        await Keys.FollowAsync(page, "Application Gallery");
        await HeadingAsync(page, "Application Gallery");
        await Keys.TabToAsync(page, "Search apps");
        await page.Keyboard.TypeAsync("Synergy");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=Synergy$"));
        await Keys.FollowAsync(page, "Activate");
        await HeadingAsync(page, "Delivery Config");
        foreach (
            var (field, value) in new[]
            {
                ("API URL", "https://sis.hillside.example"),
                ("Token URL", "https://sis.hillside.example/token"),
                ("Client ID", "rollbook"),
                ("Client Secret", "unused"),
            }
        )
        {
            await Keys.TabToAsync(page, field);
            await page.Keyboard.TypeAsync(value);
        }

        await Keys.TabToAsync(page, "I accept the Terms of Use and the Privacy Policy");
        await page.Keyboard.PressAsync("Space");
        await Keys.FollowAsync(page, "Next");
        await HeadingAsync(page, "Schools Mapping");
        await Keys.FollowAsync(page, "Next");
        await HeadingAsync(page, "Attributes Mapping");
        foreach (var step in new[] { "Data Requirements", "Filter Rules", "Domains of Uniqueness", "Master Fields", "Schedule" })
        {
            await Keys.FollowAsync(page, "Next");
            await HeadingAsync(page, step);
        }

        await Keys.TabToAsync(page, "Sync Schedule");
        await page.Keyboard.PressAsync("Space");
        await Keys.TabToAsync(page, "Time 1");
        await page.Keyboard.TypeAsync("0330AM");
        await Keys.FollowAsync(page, "Next");
        await HeadingAsync(page, "Done");
        await Expect(page.GetByText("Every day at 03:30, America/Chicago.")).ToBeVisibleAsync();
        await Keys.FollowAsync(page, "Finish");
        await Expect(page.GetByText("The set-up is finished and in force.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Run Import" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task From_sign_in_to_a_record_without_a_mouse()
    {
        var page = await site.OpenAsync(account: null);
        await page.GotoAsync("/");
        await Keys.TabToAsync(page, "E-mail address");
        await page.Keyboard.TypeAsync(ConsoleSite.Admin);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(ConsoleSite.Password);
        await page.Keyboard.PressAsync("Enter");
        await HeadingAsync(page, "Home");

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Keys.FollowAsync(page, "Synergy");
        await HeadingAsync(page, "Synergy");
        await Keys.FollowAsync(page, "Run 40");
        await HeadingAsync(page, "Run 40");
        await Keys.FollowAsync(page, "4 students updated");
        await HeadingAsync(page, "Changes of run 40");
        await Keys.FollowAsync(page, "Kealoha, Keiko");
        await HeadingAsync(page, "Kealoha, Keiko");
        await Keys.FollowAsync(page, "Students");
        await HeadingAsync(page, "Data Browsing");
        await Keys.TabToAsync(page, "Columns");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Columns to show" })).ToBeVisibleAsync();
        await Pages.Axe.ShouldFindNothingAsync(page);
        await Pages.Pictures.TakeAsync(page, "data-columns");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Columns to show" })).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_menu_of_a_narrow_window_opens_without_scripts()
    {
        var page = await site.OpenAsync(
            ConsoleSite.Viewer,
            new()
            {
                JavaScriptEnabled = false,
                ViewportSize = new ViewportSize { Width = 320, Height = 640 },
            }
        );
        await page.GotoAsync("/d/riverside");
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "District" })).ToHaveCountAsync(0);
        await page.GetByText("Menu", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Data Browsing" }).ClickAsync();
        await HeadingAsync(page, "Data Browsing");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_open_menu_meets_the_guidelines_and_closes_with_escape()
    {
        var page = await site.OpenAsync(
            ConsoleSite.Admin,
            new()
            {
                ViewportSize = new ViewportSize { Width = 320, Height = 640 },
            }
        );
        await page.GotoAsync("/d/riverside/data/student");
        await page.GetByText("Menu", new() { Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "District" })).ToBeVisibleAsync();
        await Pages.Axe.ShouldFindNothingAsync(page);
        await Pages.Pictures.TakeAsync(page, "menu");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "District" })).ToHaveCountAsync(0);
        await Expect(page.Locator("details.menu > summary")).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    private static Task HeadingAsync(IPage page, string text) => Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(text);
}
