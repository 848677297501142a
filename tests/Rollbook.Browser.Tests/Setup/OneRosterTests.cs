using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Simulator;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>The app for any SIS in the console: found in the gallery, connected with OAuth 1.0a and over OneRoster 1.2, and nothing of Synergy about it.</summary>
public sealed class OneRosterTests(ConsoleSite site)
{
    [Fact]
    public async Task It_is_found_by_what_people_call_it_and_speaks_of_no_vendor()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        await page.GotoAsync(NewApp.Gallery);
        var card = page.GetByRole(AriaRole.Article, new() { Name = "OneRoster", Exact = true });
        foreach (var words in new[] { "oneroster api", "1edtech", "student information system", "oauth" })
        {
            await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search apps" }).FillAsync(words);
            await Expect(page)
                .ToHaveURLAsync(new Regex("q=" + Uri.EscapeDataString(words).Replace("%20", "(%20|\\+)", StringComparison.Ordinal) + "$"));
            await Expect(card).ToBeVisibleAsync();
        }

        (await card.InnerTextAsync()).ShouldNotContain("Synergy");
        await NewApp.ActivateAsync(page, "OneRoster");
        await page.GetByText("Advanced Settings").ClickAsync();
        var main = page.GetByRole(AriaRole.Main);
        await Expect(main).ToContainTextAsync("OAuth 1.0a signs each request");
        (await main.InnerTextAsync()).ShouldNotContain("Synergy");
        await Axe.ShouldFindNothingAsync(page, "Delivery Config of OneRoster");
        await Pictures.TakeAsync(page, "setup-oneroster-delivery");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("OneRoster", true)]
    [InlineData("OneRoster", false)]
    [InlineData("Synergy", true)]
    public async Task With_OAuth_1_0a_no_token_url_is_needed(string app, bool scripts)
    {
        await using var sis = await StartAsync(Profile.Clean11);
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        await NewApp.ActivateAsync(page, app);
        await NewApp.FillAsync(page, sis);
        await page.GetByLabel("Token URL").FillAsync("");
        await page.GetByText("Advanced Settings").ClickAsync();
        await page.GetByLabel("OAuth", new() { Exact = true }).SelectOptionAsync("1.0a");
        await NewApp.PressAsync(page, "Test Connection");
        await Expect(page.GetByText("requests are signed with HMAC-SHA256")).ToBeVisibleAsync();
        await Expect(page.GetByText("Connection is OK")).ToBeVisibleAsync();

        await page.GetByLabel("Client Secret").FillAsync("another");
        await NewApp.PressAsync(page, "Test Connection");
        await Expect(page.GetByText("The API refused the signature (401)")).ToBeVisibleAsync();
        (await page.ContentAsync()).ShouldNotContain(sis.ClientSecret);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("auto", true)]
    [InlineData("1.2", false)]
    public async Task OneRoster_1_2_is_found_or_set_and_the_address_in_use_is_told(string version, bool scripts)
    {
        await using var sis = await StartAsync(Profile.Clean12);
        var root = sis.ApiUrl.GetLeftPart(UriPartial.Authority);
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        await NewApp.ActivateAsync(page, "OneRoster");
        await NewApp.FillAsync(page, sis);
        await page.GetByLabel("API URL").FillAsync(root);
        await page.GetByText("Advanced Settings").ClickAsync();
        await page.GetByLabel("OneRoster version").SelectOptionAsync(version);
        await NewApp.PressAsync(page, "Test Connection");
        await Expect(page.GetByText($"OneRoster 1.2 answers at {root}/ims/oneroster/rostering/v1p2.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Connection is OK")).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, $"setup-oneroster-tested-{version}");

        // A combination that does not exist is told at its field. Without scripts the answer is a new page, with the fold as it was at first.
        if (!scripts)
        {
            await page.GetByText("Advanced Settings").ClickAsync();
        }

        await page.GetByLabel("OneRoster version").SelectOptionAsync("1.2");
        await page.GetByLabel("OAuth", new() { Exact = true }).SelectOptionAsync("1.0a");
        await NewApp.PressAsync(page, "Next");
        await Expect(page.GetByLabel("OneRoster version")).ToHaveAccessibleErrorMessageOrDescriptionAsync("does not know OAuth 1.0a");
        await page.Context.CloseAsync();
    }

    private static Task<SimulatedSynergy> StartAsync(Profile profile) =>
        SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 60, Profile = profile }, TestContext.Current.CancellationToken);
}
