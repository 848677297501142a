using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Notifications;

/// <summary>Email Notifications and the list, by someone who uses them.</summary>
public sealed class EmailNotificationsTests(ConsoleSite site)
{
    [Fact]
    public async Task A_person_chooses_by_keyboard_and_a_webhook_that_is_none_is_refused()
    {
        var page = await site.OpenAsync(ConsoleSite.Bo);
        await page.GotoAsync("/d/hillside");
        await page.GetByRole(AriaRole.Link, new() { Name = "Email Notifications" }).First.ClickAsync();
        var held = page.GetByRole(AriaRole.Switch, new() { Name = "Held sync" });
        await Expect(held).Not.ToBeCheckedAsync();
        await held.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Saved.")).ToBeVisibleAsync();
        await Expect(held).ToBeCheckedAsync();

        await page.GetByLabel("Webhook URL").FillAsync("https://user@hooks.hillside.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save webhook" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Enter a signing secret");
        await Axe.ShouldFindNothingAsync(page, "refused");
        await Pictures.TakeAsync(page, "email-notifications-refused");

        await page.GetByRole(AriaRole.Link, new() { Name = "Notifications", Exact = true }).First.ClickAsync();
        await Expect(page.GetByText("Nothing to tell yet")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
