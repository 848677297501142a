using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Access;

public sealed class SignInTests(ConsoleSite site)
{
    [Fact]
    public async Task A_page_of_a_district_asks_to_sign_in_and_then_comes_back()
    {
        var page = await site.OpenAsync(account: null);
        await page.GotoAsync("/d/riverside/history/40");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await ConsoleSite.SignInAsync(page, ConsoleSite.Viewer, ConsoleSite.Password);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Run 40" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Never_leads_to_another_site()
    {
        foreach (var address in new[] { "https://evil.example/", "//evil.example/", "/\\evil.example/" })
        {
            var page = await site.OpenAsync(account: null);
            await page.GotoAsync("/sign-in?return=" + Uri.EscapeDataString(address));
            await ConsoleSite.SignInAsync(page, ConsoleSite.Viewer, ConsoleSite.Password);
            await Expect(page).ToHaveURLAsync(new Uri(site.Address, "/d/riverside").ToString());
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task Says_the_same_for_an_unknown_address_and_a_wrong_password()
    {
        var page = await site.OpenAsync(account: null);
        await page.GotoAsync("/sign-in");
        await ConsoleSite.SignInAsync(page, "nobody@riverside.example", "wrong password");
        var unknown = await page.GetByRole(AriaRole.Alert).InnerTextAsync();
        await ConsoleSite.SignInAsync(page, ConsoleSite.Both, "wrong password");
        (await page.GetByRole(AriaRole.Alert).InnerTextAsync()).ShouldBe(unknown);
        unknown.ShouldContain("is not right");
        await Expect(page.GetByLabel("E-mail address")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Locks_an_account_after_five_wrong_passwords()
    {
        var page = await site.OpenAsync(account: null);
        await page.GotoAsync("/sign-in");
        for (var i = 0; i < 5; i++)
        {
            await ConsoleSite.SignInAsync(page, "locked@riverside.example", "wrong password");
            await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        }

        await ConsoleSite.SignInAsync(page, "locked@riverside.example", ConsoleSite.Password);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("locked for 15 minutes");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_error_summary_is_focused_and_leads_to_the_field()
    {
        var page = await site.OpenAsync(account: null);
        await page.GotoAsync("/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Enter your password." }).ClickAsync();
        await Expect(page.GetByLabel("Password")).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        var page = await site.OpenAsync(account: null);
        await page.GotoAsync("/sign-in");
        await ConsoleSite.SignInAsync(page, ConsoleSite.Viewer, ConsoleSite.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.GotoAsync("/d/riverside");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
