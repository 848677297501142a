using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Web.Features.Access;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Access;

/// <summary>Passkeys, with Chromium's virtual authenticator in place of a fingerprint.</summary>
public sealed class PasskeyTests(ConsoleSite site)
{
    private const string Account = "passkey@riverside.example";

    // A passkey belongs to a name, and an IP address is none.
    private string Home => $"http://localhost:{site.Address.Port}";

    [Fact]
    public async Task Is_added_named_used_and_removed()
    {
        var page = await site.OpenAsync(account: null);
        await GiveAuthenticatorAsync(page);
        await page.GotoAsync(Home + "/sign-in?return=/account/passkeys");
        await ConsoleSite.SignInAsync(page, Account, ConsoleSite.Password);
        await page.GetByLabel("Name of the new passkey").FillAsync("Office laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Expect(page.GetByText("Office laptop was added.")).ToBeVisibleAsync();
        await Pages.Axe.ShouldFindNothingAsync(page);
        await Pages.Pictures.TakeAsync(page, "passkeys");

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Blue key");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename Office laptop" }).ClickAsync();
        await Expect(page.GetByText("The passkey is called Blue key now.")).ToBeVisibleAsync();

        await SignOutAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Home" })).ToBeVisibleAsync();

        await page.GotoAsync(Home + "/account/passkeys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Blue key" }).ClickAsync();
        await Expect(page.GetByText("Blue key was removed.")).ToBeVisibleAsync();
        await SignOutAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("The passkey was not accepted.");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Alone_makes_an_account_at_an_invitation_and_signs_in_to_it()
    {
        var page = await site.OpenAsync(account: null);
        await GiveAuthenticatorAsync(page);
        await page.GotoAsync(Home + await site.SetupLinkAsync());
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey instead of a password" });
        await button.ClickAsync();
        await Expect(page.GetByText("Enter a name of at most 200 characters.")).ToBeVisibleAsync();
        await page.GetByLabel("Your name").FillAsync("Mary O'Brien");
        await page.GetByLabel("E-mail address").FillAsync("mary.o'brien@lakeside.example");
        await Pages.Axe.ShouldFindNothingAsync(page);
        await button.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Home" })).ToBeVisibleAsync();

        await page.GotoAsync(Home + "/account");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Password None" })).ToBeVisibleAsync();
        await page.GotoAsync(Home + "/d/lakeside");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        for (var i = 0; i < PasswordRules.AttemptsBeforeLock; i++)
        {
            await page.GotoAsync(Home + "/sign-in");
            await ConsoleSite.SignInAsync(page, "mary.o'brien@lakeside.example", "wrong password");
            await Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("is not right");
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Home" })).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_scripts_the_pages_say_what_they_can_not_do()
    {
        var page = await site.OpenAsync(ConsoleSite.Viewer, new() { JavaScriptEnabled = false });
        await page.GotoAsync("/account/passkeys");
        await Expect(page.GetByText("To add a passkey, switch scripts on")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" })).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Who_gives_none_is_told_what_to_do()
    {
        var page = await site.OpenAsync(account: null);
        await GiveAuthenticatorAsync(page, verified: false);
        await page.GotoAsync(Home + "/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("use your password");
        await Pages.Axe.ShouldFindNothingAsync(page);
        await page.Context.CloseAsync();
    }

    private async Task SignOutAsync(IPage page)
    {
        await page.GotoAsync(Home + "/d/riverside");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    private static async Task GiveAuthenticatorAsync(IPage page, bool verified = true)
    {
        var browser = await page.Context.NewCDPSessionAsync(page);
        await browser.SendAsync("WebAuthn.enable");
        await browser.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new()
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = verified,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
    }
}
