using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Testing;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Access;

/// <summary>An authenticator app from the picture to the sign-in, by someone who looks at the pages.</summary>
public sealed class AuthenticatorTests(ConsoleSite site)
{
    private const string Account = "factor@riverside.example";

    [Fact]
    public async Task Is_set_up_and_asked_for()
    {
        var page = await site.OpenAsync(account: null);
        await page.GotoAsync("/sign-in?return=/account/authenticator");
        await ConsoleSite.SignInAsync(page, Account, ConsoleSite.Password);
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "A picture of the key" })).ToBeVisibleAsync();
        await LookAsync(page, "authenticator");
        var key = await page.GetByText("Type this key").Locator("code").InnerTextAsync();

        await page.GetByLabel("Code").FillAsync("12");
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await Expect(page.GetByLabel("Code")).ToHaveAttributeAsync("aria-invalid", "true");
        await LookAsync(page, "authenticator-wrong");

        await page.GetByLabel("Code").FillAsync(Totp.Code(key, TimeProvider.System.GetUtcNow()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Keep your recovery codes" })).ToBeVisibleAsync();
        await LookAsync(page, "recovery-codes");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        var file = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        var shown = await page.Locator(".codes code").AllInnerTextsAsync();
        shown.Count.ShouldBe(10);
        shown.ShouldAllBe(code => file.Contains(code));

        await page.GotoAsync("/account");
        await Expect(page.GetByText("On, 10 recovery codes left")).ToBeVisibleAsync();
        await LookAsync(page, "account-on");
        await page.GotoAsync("/account/authenticator");
        await LookAsync(page, "authenticator-on");

        await page.GotoAsync("/d/riverside");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await ConsoleSite.SignInAsync(page, Account, ConsoleSite.Password);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Enter your code" })).ToBeVisibleAsync();
        await LookAsync(page, "code");
        await page.GetByLabel("Code").FillAsync(shown[0]);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Home" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    private static async Task LookAsync(IPage page, string name)
    {
        await Pages.Axe.ShouldFindNothingAsync(page, name);
        await Pages.Pictures.TakeAsync(page, name);
        await page.SetViewportSizeAsync(320, 640);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320, name);
        await page.SetViewportSizeAsync(1280, 800);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Pages.Axe.ShouldHaveContrastAsync(page, $"{name} dark");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }
}
