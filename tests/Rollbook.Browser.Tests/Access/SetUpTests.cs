using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Access;

public sealed class SetUpTests(ConsoleSite site)
{
    [Fact]
    public async Task The_link_makes_the_first_admin_once()
    {
        var link = await site.SetupLinkAsync();
        var page = await site.OpenAsync(account: null);
        await page.GotoAsync(link);
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Primary District Admin of Lakeside Elementary");
        await Pages.Axe.ShouldFindNothingAsync(page);
        await Pages.Pictures.TakeAsync(page, "setup");

        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link))
            .ToHaveTextAsync([
                "Enter your name.",
                "Enter an e-mail address, such as name@district.example.",
                "Choose a password of at least 12 characters.",
            ]);

        await Pages.Axe.ShouldFindNothingAsync(page);
        await Pages.Pictures.TakeAsync(page, "setup-errors");

        await page.GetByLabel("Your name").FillAsync("Dolores Eze");
        await page.GetByLabel("E-mail address").FillAsync("dolores@lakeside.example");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("teal otters juggle");
        await page.GetByLabel("Password again").FillAsync("teal otters juggled");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Enter the same password twice.");
        await Expect(page.GetByLabel("Your name")).ToHaveValueAsync("Dolores Eze");
        await Expect(page.GetByLabel("Password", new() { Exact = true })).ToHaveValueAsync("");

        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("teal otters juggle");
        await page.GetByLabel("Password again").FillAsync("teal otters juggle");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Home" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Primary District Admin").Last).ToBeVisibleAsync();

        await page.GotoAsync(link);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This link was used already" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Someone_with_an_account_takes_the_role_with_their_own_password()
    {
        var page = await site.OpenAsync(account: null);
        await page.GotoAsync(await site.SetupLinkAsync());
        await FillAsync(page, "not the password");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is an account with this e-mail address already.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with it", Exact = true }).ClickAsync();
        await ConsoleSite.SignInAsync(page, "spare@riverside.example", ConsoleSite.Password);
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Primary District Admin of Lakeside Elementary");
        await Pages.Axe.ShouldFindNothingAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Home" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Change district" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    private static async Task FillAsync(IPage page, string password)
    {
        await page.GetByLabel("Your name").FillAsync("Another name");
        await page.GetByLabel("E-mail address").FillAsync("spare@riverside.example");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByLabel("Password again").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
    }
}
