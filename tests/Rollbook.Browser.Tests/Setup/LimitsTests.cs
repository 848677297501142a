using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>Customize limits and planned change windows of an app in force, with scripts and without.</summary>
public sealed class LimitsTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Limits_are_customized_refused_and_restored(bool scripts)
    {
        var app = new AppInForce(site);
        var page = await app.OpenAsync("delivery", scripts);
        await page.GetByText("Advanced Settings").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Customize limits" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Customize limits" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Percent of limit 1")).ToHaveValueAsync("10");
        await Expect(page.GetByLabel("Entity type of limit 6")).ToHaveValueAsync("enrollment");
        for (var number = 6; number > 0; number--)
        {
            await NewApp.Button(page, $"Remove limit {number}").ClickAsync();
            await Expect(page.GetByLabel($"Percent of limit {number}")).ToHaveCountAsync(0);
        }

        await NewApp.Button(page, "Add limit").ClickAsync();
        await page.GetByLabel("Entity type of limit 1").SelectOptionAsync("calendar");
        await page.GetByLabel("Scope of limit 1").SelectOptionAsync("school");
        await page.GetByLabel("Count of limit 1").FillAsync("7");

        // Enter saves, and what is wrong is said at its field.
        await page.GetByLabel("Count of limit 1").PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Calendars are not at a school");
        await Expect(page.GetByLabel("Scope of limit 1")).ToHaveAttributeAsync("aria-invalid", "true");
        await LookAsync(page, scripts, "limits");
        await page.GetByLabel("Entity type of limit 1").SelectOptionAsync("student");
        await AppInForce.SaveAsync(page);
        (await app.SavedAsync()).Advanced.Limits.ShouldBe([new SyncLimit(Operation.Delete, LimitScope.School) { Kind = "student", Count = 7 }]);

        await NewApp.Button(page, "Restore defaults").ClickAsync();
        await Expect(page.GetByLabel("Percent of limit 1")).ToHaveValueAsync("10");
        await AppInForce.SaveAsync(page);
        (await app.SavedAsync()).Advanced.Limits.ShouldBeNull();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_planned_change_window_is_added_told_and_ended(bool scripts)
    {
        var app = new AppInForce(site);
        var page = await app.OpenAsync("change-windows", scripts);
        await page.GetByLabel("Last day").FillAsync("2099-06-30");
        await page.GetByLabel("Sync hold threshold").FillAsync("60");
        await NewApp.Button(page, "Customize limits").ClickAsync();
        await Expect(page.GetByLabel("Sync hold threshold")).ToHaveValueAsync("60");
        await page.GetByLabel("Percent of limit 1").FillAsync("55.5");
        await NewApp.Button(page, "Add window").ClickAsync();
        await Expect(page.GetByText("In force")).ToBeVisibleAsync();
        await LookAsync(page, scripts, "change-window");
        var window = (await app.SavedAsync()).Advanced.ChangeWindows.ShouldHaveSingleItem();
        (window.Until, window.SyncHoldThreshold, window.Limits![0].Percent).ShouldBe((new DateOnly(2099, 6, 30), 60, 55.5m));

        await app.OpenAgainAsync(page, "delivery");
        await Expect(page.GetByText("A planned change window is in force until Jun 30, 2099")).ToBeVisibleAsync();
        await app.OpenAgainAsync(page, "change-windows");
        await page.GetByRole(AriaRole.Button, new() { Name = "End now" }).ClickAsync();
        await Expect(page.GetByText("No window is planned")).ToBeVisibleAsync();
        (await app.SavedAsync()).Advanced.ChangeWindows.ShouldBeNull();
        await page.Context.CloseAsync();
    }

    /// <summary>Looks at what the page has become, in both themes and narrow; the rules need scripts.</summary>
    private static async Task LookAsync(IPage page, bool scripts, string name)
    {
        if (!scripts)
        {
            return;
        }

        await Pictures.TakeAsync(page, name);
        await Axe.ShouldFindNothingAsync(page, name);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Axe.ShouldHaveContrastAsync(page, "dark");
        await Pictures.TakeAsync(page, $"{name}-dark");
        await page.SetViewportSizeAsync(320, 640);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await Pictures.TakeAsync(page, $"{name}-narrow");
        await page.SetViewportSizeAsync(1280, 800);
    }
}
