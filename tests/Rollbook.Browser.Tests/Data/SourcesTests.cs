using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Model;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Data;

public sealed class SourcesTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_tab_tells_which_source_won_and_why_with_and_without_scripts(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync($"/d/riverside/data/student/{Sample.Student(20)}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sources", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sources", Exact = true })).ToHaveAttributeAsync("aria-current", "page");

        var given = page.GetByRole(AriaRole.Row)
            .Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = "Given name", Exact = true }) });
        await Expect(given.GetByRole(AriaRole.Cell).Nth(0)).ToContainTextAsync("In the roster");
        await Expect(given.GetByRole(AriaRole.Cell).Nth(0)).ToContainTextAsync("from givenName, by default");
        await Expect(given.GetByRole(AriaRole.Cell).Nth(1)).ToContainTextAsync("José María");
        await Expect(given.GetByRole(AriaRole.Cell).Nth(1)).Not.ToContainTextAsync("In the roster");
        await Expect(given.GetByRole(AriaRole.Cell).Nth(2)).ToHaveTextAsync("Synergy is the first source in the order that has a value.");
        var phone = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "+1 951 555 0120" });
        await Expect(phone.GetByRole(AriaRole.Cell).Nth(2)).ToContainTextAsync("has a value.");

        await page.GetByText("The record as Synergy sent it").ClickAsync();
        await Expect(page.GetByText("\"counselor\": \"Ms. Okafor\"")).ToBeVisibleAsync();
        (await page.ContentAsync()).ShouldNotContain("never-to-be-seen");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_record_that_is_in_no_version_has_a_page_that_tells_why()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync($"/d/riverside/data/student/{Sample.Student(9_999)}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("s09999");
        await Expect(page.Locator(".page-head .badge")).ToContainTextAsync("Not in the roster");
        await Expect(page.GetByText("It names the school school-9, which the upload does not have.")).ToBeVisibleAsync();
        (await page.APIRequest.GetAsync($"/d/riverside/data/teacher/{Sample.Student(9_999)}")).Status.ShouldBe(404);
        (await page.APIRequest.GetAsync($"/d/riverside/data/student/{Sample.Student(9_998)}")).Status.ShouldBe(404);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_ID_of_a_person_in_one_source_leads_to_the_record_that_it_is_part_of()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        var key = RollbookId.Derive(new IdScope("riverside", "directory", Family.Person), "4b1f0c2e-7d35-4a90-9f6b-0c2f8f1f2d77");
        await page.GotoAsync($"/d/riverside/data/student/{key}");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"data/student/{Sample.Student(20)}\\?tab=sources$"));
        await Expect(
                page.GetByRole(
                    AriaRole.Heading,
                    new()
                    {
                        Level = 2,
                        Name = "Synergy",
                        Exact = true,
                    }
                )
            )
            .ToBeVisibleAsync();

        await page.GotoAsync($"/d/riverside/data/student/{Sample.Student(5)}?tab=sources");
        await Expect(page.GetByText("No source has this record any more")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_viewer_sees_the_rules_and_no_personal_data()
    {
        var page = await site.OpenAsync(ConsoleSite.Viewer);
        foreach (var i in new[] { 20, 9_999, 9_997 })
        {
            await page.GotoAsync($"/d/riverside/data/student/{Sample.Student(i)}?tab=sources");
            var html = await page.ContentAsync();
            foreach (var personal in new[] { "José", "Iverson", "s00020@", "555 0120", "jose.iverson", "Okafor", "Zoë", "Quintero", "Chidi" })
            {
                html.ShouldNotContain(personal);
            }

            await Expect(page.GetByText("The record as Synergy sent it is shown to people who may see personal data")).ToBeVisibleAsync();
        }

        await Expect(page.GetByText("What the Filter Rules ask of it is shown to people who may see personal data")).ToBeVisibleAsync();
        await page.Context.CloseAsync();

        var granted = await site.OpenAsync(ConsoleSite.Granted);
        await granted.GotoAsync($"/d/riverside/data/student/{Sample.Student(9_997)}?tab=sources");
        await Expect(granted.GetByText("asks for more than it has: givenName does not equal Chidi.")).ToBeVisibleAsync();
        await granted.Context.CloseAsync();
    }
}
