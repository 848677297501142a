using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>Two people at the same set-up: they are told, and nothing is lost silently.</summary>
public sealed class TogetherTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_one_who_saves_later_is_told_and_decides(bool scripts)
    {
        var ada = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        var app = await NewApp.ActivateAsync(ada);
        var bo = await site.OpenAsync(ConsoleSite.Bo, new() { JavaScriptEnabled = scripts });
        await bo.GotoAsync(NewApp.Step(app, "delivery"));
        await FillAsync(ada, "ada");
        await FillAsync(bo, "bo");
        await NewApp.Button(ada, "Next").ClickAsync();
        await Expect(ada.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Schools Mapping" })).ToBeVisibleAsync();

        await NewApp.Button(bo, "Next").ClickAsync();
        await Expect(bo.GetByRole(AriaRole.Alert)).ToContainTextAsync($"{ConsoleSite.Ada} saved this step while you were at it");
        await Expect(bo.GetByLabel("Client ID")).ToHaveValueAsync("bo");
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(bo, "conflict");
        }

        await ada.GotoAsync(NewApp.Step(app, "delivery"));
        await Expect(ada.GetByLabel("Client ID")).ToHaveValueAsync("ada");

        // Seen and decided: what bo entered replaces it now. The secret is entered again, since a page never shows one.
        await bo.GetByLabel("Client Secret").FillAsync("bo");
        await NewApp.Button(bo, "Next").ClickAsync();
        await Expect(bo.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Schools Mapping" })).ToBeVisibleAsync();
        await ada.ReloadAsync();
        await Expect(ada.GetByLabel("Client ID")).ToHaveValueAsync("bo");
        await ada.Context.CloseAsync();
        await bo.Context.CloseAsync();
    }

    private static async Task FillAsync(IPage page, string name)
    {
        await page.GetByLabel("API URL").FillAsync($"https://{name}.hillside.example");
        await page.GetByLabel("Client ID").FillAsync(name);
        await page.GetByLabel("Client Secret").FillAsync(name);
        if (name == "ada")
        {
            // Accepting is a Primary District Admin's part.
            await page.GetByRole(AriaRole.Checkbox, new() { Name = "I accept" }).CheckAsync();
        }
    }
}
