using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Storage;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Runs;

/// <summary>A person rolls back: from the versions to the review of what would change, and thinks better of it.</summary>
[Collection("imports")]
public sealed class VersionsTests(ConsoleSite site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rollback_is_asked_for_with_a_reason_and_shown_before_anything_is_published(bool scripts)
    {
        var store = (await site.Services.GetRequiredService<IInstallationStore>().OpenAsync(ConsoleSite.District, Token))!;
        var newest = (await store.Roster.LatestAsync(Token))!.Number;
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync("/d/riverside/history");
        await page.GetByRole(AriaRole.Link, new() { Name = "Versions", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Roll back to here (version 1)", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back to here" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Give a reason");
        await page.GetByLabel("Reason").FillAsync("The night's export was half done.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back to here" }).ClickAsync();
        await Expect(page.GetByText("A rollback waits for a person")).ToBeVisibleAsync();
        await Expect(page.GetByText("The night's export was half done.")).ToBeVisibleAsync();
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(page);
            await Pictures.TakeAsync(page, "run-rollback");
        }

        (await store.Roster.LatestAsync(Token))!.Number.ShouldBe(newest);
        await page.GetByLabel("Reason").FillAsync("Not today.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        await Expect(page.GetByText("A person declined the rollback. It had no effect on the roster.")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
