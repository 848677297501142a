using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

public sealed class GalleryTests(ConsoleSite site)
{
    [Fact]
    public async Task Results_come_as_one_types()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        await page.GotoAsync(NewApp.Gallery);
        var search = page.GetByRole(AriaRole.Searchbox, new() { Name = "Search apps" });
        await search.PressSequentiallyAsync("syn");
        await Expect(page).ToHaveURLAsync(new Regex("q=syn$"));
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = "Synergy" })).ToBeVisibleAsync();
        await search.PressSequentiallyAsync("x");
        await Expect(page.GetByRole(AriaRole.Main).GetByText("No app matches “synx”")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(0);
        await search.FillAsync("EDUPOINT sis");
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = "Synergy" })).ToContainTextAsync("client secret");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_scripts_the_search_is_a_form()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = false });
        await page.GotoAsync(NewApp.Gallery);
        await page.GetByRole(AriaRole.Searchbox).FillAsync("nothing like it");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("No app matches")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("Synergy");
        await NewApp.Button(page, "Search").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = "Synergy" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Several_apps_of_one_type_have_settings_of_their_own()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        var first = await NewApp.ActivateAsync(page);
        var second = await NewApp.ActivateAsync(page);
        second.ShouldNotBe(first);
        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}");
        foreach (var app in new[] { first, second })
        {
            await Expect(page.Locator($"a[href='{NewApp.Step(app, "delivery")}']").First).ToBeVisibleAsync();
        }

        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}/apps/{second}");
        await Expect(page).ToHaveURLAsync(new Regex($"{second}/setup/delivery$"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_set_up_that_is_not_wanted_any_more_can_be_discarded()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        var app = await NewApp.ActivateAsync(page);
        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}");
        var tile = page.GetByRole(AriaRole.Article).Filter(new() { Has = page.Locator($"a[href='{NewApp.Step(app, "delivery")}']") });
        await tile.GetByText("Discard it").ClickAsync();
        await tile.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Discard the set-up of") }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Home" })).ToBeVisibleAsync();
        await Expect(tile).ToHaveCountAsync(0);
        (await page.GotoAsync(NewApp.Step(app, "delivery")))!.Status.ShouldBe((int)HttpStatusCode.NotFound);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(ConsoleSite.Viewer, ConsoleSite.District)]
    [InlineData(ConsoleSite.Bo, ConsoleSite.SetupDistrict)]
    public async Task Only_a_primary_district_admin_activates(string account, string district)
    {
        var page = await site.OpenAsync(account);
        await page.GotoAsync($"/d/{district}/gallery");
        await Expect(page.GetByText("A Primary District Admin activates apps.").First).ToBeVisibleAsync();
        await Expect(NewApp.Button(page, "Activate")).ToHaveCountAsync(0);
        var form = page.APIRequest.CreateFormData();
        form.Set("__RequestVerificationToken", (await page.Locator("input[name=__RequestVerificationToken]").First.GetAttributeAsync("value"))!);
        form.Set("type", "synergy");
        (await page.APIRequest.PostAsync($"/d/{district}/gallery/activate", new() { Form = form })).Status.ShouldBe((int)HttpStatusCode.Forbidden);
        await page.Context.CloseAsync();
    }
}
