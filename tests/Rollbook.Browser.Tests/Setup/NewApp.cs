using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Simulator;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>An app that a test has just activated, at its first step.</summary>
internal static class NewApp
{
    internal static readonly string Gallery = $"/d/{ConsoleSite.SetupDistrict}/gallery";

    /// <summary>Activates an app, a Synergy one unless another is named, and returns its ID.</summary>
    internal static async Task<string> ActivateAsync(IPage page, string name = "Synergy")
    {
        await page.GotoAsync(Gallery);
        await page.GetByRole(AriaRole.Article, new() { Name = name, Exact = true })
            .GetByRole(AriaRole.Button, new() { Name = "Activate" })
            .ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Delivery Config" })).ToBeVisibleAsync();
        return Regex.Match(page.Url, "/apps/([a-z0-9-]+)/setup/delivery").Groups[1].Value;
    }

    internal static string Step(string app, string step) => $"/d/{ConsoleSite.SetupDistrict}/apps/{app}/setup/{step}";

    internal static async Task FillAsync(IPage page, SimulatedSynergy sis)
    {
        await page.GetByLabel("API URL").FillAsync(sis.ApiUrl.ToString());
        await page.GetByLabel("Token URL").FillAsync(sis.TokenUrl.ToString());
        await page.GetByLabel("Client ID").FillAsync(sis.ClientId);
        await page.GetByLabel("Client Secret").FillAsync(sis.ClientSecret);
    }

    /// <summary>Presses a button and waits for the answer: until it is there the page takes no other press.</summary>
    internal static async Task PressAsync(IPage page, string name)
    {
        await Button(page, name).ClickAsync();
        await AnswerAsync(page);
    }

    /// <summary>Waits until the form that was sent has its answer.</summary>
    internal static Task AnswerAsync(IPage page) => Expect(page.Locator("button[aria-busy]")).ToHaveCountAsync(0);

    internal static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
