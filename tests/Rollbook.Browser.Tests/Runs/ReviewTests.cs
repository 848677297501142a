using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Runs;

/// <summary>A person looks at what waits and decides. An accepted run is at work, so these take turns with the other tests of imports.</summary>
[Collection("imports")]
public sealed class ReviewTests(ConsoleSite site) : IAsyncLifetime
{
    private const string Held = "30 of the 241 students that this source has in the roster would be deleted (12.4 %).";

    private IDistrictStore store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        store = (await site.Services.GetRequiredService<IInstallationStore>().OpenAsync(ConsoleSite.District, Token))!;

    public async ValueTask DisposeAsync()
    {
        await site.Imports.StopAllAsync();

        // What waits needs a person, which other tests look at.
        foreach (var run in (await store.Runs.UndecidedAsync("directory", Token)).Where(run => run.Number > 42))
        {
            await site.Imports.DeclineAsync(ConsoleSite.District, run.Number, null, "test", "Over.", Token);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Accept_publishes_what_was_shown_and_the_page_becomes_the_report(bool scripts)
    {
        var run = await HoldAsync();
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync("/d/riverside");
        var tile = page.GetByRole(AriaRole.Article).Filter(new() { HasText = "Active Directory" });
        await Expect(tile).ToContainTextAsync("Held");
        await tile.GetByRole(AriaRole.Link, new() { Name = $"Review run {run}" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(Held);
        await Expect(page.GetByText("60 of these are consequences of others")).ToBeVisibleAsync();
        await page.GetByLabel("Reason").FillAsync("The site has closed; the county told us in August.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Running for")).ToHaveCountAsync(0);

        var report = RunReport.FromJson((await store.Runs.GetAsync(run, Token))!.Report);
        report.Decision.ShouldNotBeNull().By.ShouldBe(ConsoleSite.Admin);
        await site.Imports.EndAsync(ConsoleSite.District, run, "published", report);
        if (!scripts)
        {
            await page.ReloadAsync();
        }

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Accepted by {ConsoleSite.Admin}" })).ToBeVisibleAsync();
        await Expect(page.GetByText("The site has closed; the county told us in August.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(Held);
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(page);
            await Pictures.TakeAsync(page, "run-accepted");
        }

        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Decline_needs_a_reason_and_leaves_the_roster_as_it_is(bool scripts)
    {
        var run = await HoldAsync(preview: true);
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync("/d/riverside/history");
        await page.GetByRole(AriaRole.Link, new() { Name = $"Review run {run}" }).ClickAsync();
        await Expect(page.GetByText("With Preview of data upload every sync of the app waits for a person")).ToBeVisibleAsync();
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(page);
            await Pictures.TakeAsync(page, "run-waiting");
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        var field = page.GetByLabel("Reason");
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(field).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("Give a reason"));
        if (scripts)
        {
            await Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        }

        await page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link).ClickAsync();
        await field.FillAsync("Not before the county has mended it.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Declined by {ConsoleSite.Admin}" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Not before the county has mended it.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Accept" })).ToHaveCountAsync(0);
        (await store.Runs.GetAsync(run, Token))!.State.ShouldBe("declined");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_reason_stays_in_its_field_while_the_app_is_busy(bool scripts)
    {
        const string Reason = "The site has closed, “for good”.\nThe county told us in August.";
        var (other, run) = (await HoldAsync(), await HoldAsync());
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync($"/d/riverside/history/{run}");
        await site.Imports.AcceptAsync(ConsoleSite.District, other, null, "test", "At work.", Token);
        await page.GetByLabel("Reason").FillAsync(Reason);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Expect(page.GetByText("an import of this app is at work")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Reason")).ToHaveValueAsync(Reason);

        await site.Imports.EndAsync(ConsoleSite.District, other, "unchanged", new RunReport());
        await page.GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Declined by {ConsoleSite.Admin}" })).ToBeVisibleAsync();
        await Expect(page.GetByText("The county told us in August.")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Each_figure_opens_its_records_also_those_of_one_school()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside/history/42");
        await page.GetByRole(AriaRole.Link, new() { Name = "4 students updated" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Insertion).Filter(new() { HasText = "moved61@riverside.example" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Deletion).Filter(new() { HasText = "s00061@riverside.example" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Review run 42" }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "3 records created at Mary Seacole Middle" }).ClickAsync();
        await Expect(page.GetByText("At Mary Seacole Middle")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Entity types" })
            .GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Students") })
            .ClickAsync();
        await Expect(page.GetByText("Newcomer, ").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Entity types" })).Not.ToContainTextAsync("Enrollments");
        await page.GetByRole(AriaRole.Link, new() { Name = "Remove the filter At Mary Seacole Middle" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Entity types" })).ToContainTextAsync("Enrollments");
        await page.Context.CloseAsync();
    }

    private Task<long> HoldAsync(bool preview = false) =>
        new SampleDistrict(store, TimeProvider.System.GetUtcNow()).HoldAsync("directory", TimeProvider.System.GetUtcNow(), preview);
}
