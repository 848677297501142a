using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Look;

public sealed class ThemeTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_switch_works_with_and_without_scripts_and_comes_back(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Viewer, new() { JavaScriptEnabled = scripts, ColorScheme = ColorScheme.Light });
        await page.GotoAsync("/d/riverside/history?state=failed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(site.Address, "/d/riverside/history?state=failed").ToString());
        await Expect(page.Locator("html")).ToHaveCSSAsync("color-scheme", "dark");
        await Expect(page.Locator("body")).ToHaveCSSAsync("color", "rgb(232, 233, 235)");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Dark" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GetByRole(AriaRole.Button, new() { Name = "System" }).ClickAsync();
        await Expect(page.Locator("body")).ToHaveCSSAsync("color", "rgb(27, 28, 31)");
        await page.Context.CloseAsync();
    }
}
