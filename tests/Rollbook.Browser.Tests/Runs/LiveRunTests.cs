using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Sync.Runs;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Runs;

/// <summary>Tests that have an import at work take turns: an app runs one at a time.</summary>
[Collection("imports")]
public sealed class LiveRunTests(ConsoleSite site) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await site.Imports.StopAllAsync();

    [Fact]
    public async Task Shows_what_happens_and_becomes_the_report_without_a_new_page()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside/apps/synergy");
        await page.EvaluateAsync("window.sameDocument = true");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run Import" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^Run \\d+$"));
        var run = NumberOf(page);

        await site.Imports.ReadAsync("riverside", run, users: 12_345);
        var users = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Users" });
        await Expect(users).ToContainTextAsync("12,345");
        await Expect(users).ToContainTextAsync("46,250");
        await Expect(users.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", "12345");
        await Expect(page.GetByText("Demographics are not licensed")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).FocusAsync();
        await site.Imports.ReadAsync("riverside", run, users: 23_456);
        await Expect(users).ToContainTextAsync("23,456");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();

        await site.Imports.EndAsync(
            "riverside",
            run,
            "failed",
            new RunReport { Failure = new RunFailure("roster", "The source stopped answering. Try again later.", Retry: true) }
        );
        await Expect(page.GetByText("The source stopped answering. Try again later.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("The import has ended: Failed.");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToHaveCountAsync(0);
        (await page.EvaluateAsync<bool>("window.sameDocument === true")).ShouldBeTrue();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_removal_is_shown_as_what_it_is()
    {
        var started = (StartResult.Started)
            await site.Imports.StartRemovalAsync("riverside", "synergy", ConsoleSite.Admin, TestContext.Current.CancellationToken);
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync($"/d/riverside/history/{started.Run}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Run {started.Run}: Removal");
        await Expect(page.GetByText("Removing")).ToBeVisibleAsync();
        await page.GotoAsync("/d/riverside/history");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"Run {started.Run}" })).ToContainTextAsync("Removal");

        await site.Imports.EndAsync("riverside", started.Run, "published", new RunReport { Purpose = RunPurpose.Removal });
        await page.GotoAsync($"/d/riverside/history/{started.Run}");
        await Expect(page.GetByText("The app's data is no longer in the roster. Earlier versions keep it.")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Cancel_stops_it()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside/apps/synergy");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run Import" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.GetByText("A person stopped the import. It had no effect on the roster.")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Starts_and_stops_without_scripts()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = false });
        await page.GotoAsync("/d/riverside/apps/synergy");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run Import" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Users" })).ToContainTextAsync("46,250");
        await site.Imports.ReadAsync("riverside", NumberOf(page), users: 34_567);
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Users" })).ToContainTextAsync("34,567");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.GetByText("A person stopped the import.")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_second_start_leads_to_the_run_at_work_and_a_refusal_is_told()
    {
        var first = await site.OpenAsync(ConsoleSite.Admin);
        await first.GotoAsync("/d/riverside/apps/synergy");
        var second = await PatientPage.OpenAsync(first.Context);
        await second.GotoAsync("/d/riverside/apps/synergy");
        await first.GetByRole(AriaRole.Button, new() { Name = "Run Import" }).ClickAsync();
        await Expect(first.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeVisibleAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = "Run Import" }).ClickAsync();
        await Expect(second.GetByText("An import of this app was at work already. This is it.")).ToBeVisibleAsync();
        NumberOf(second).ShouldBe(NumberOf(first));
        await second.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(second.GetByText("A person stopped the import.")).ToBeVisibleAsync();

        await first.GotoAsync("/d/riverside/apps/directory");
        await first.GetByRole(AriaRole.Button, new() { Name = "Run Import" }).ClickAsync();
        await Expect(first.GetByText("The directory app is not set up. Finish its configuration first.")).ToBeVisibleAsync();
        await first.Context.CloseAsync();
    }

    [Fact]
    public async Task Meets_the_accessibility_guidelines_while_it_runs()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside/apps/synergy");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run Import" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeVisibleAsync();
        var run = NumberOf(page);
        await site.Imports.ReadAsync("riverside", run, users: 20_000);
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Users" })).ToContainTextAsync("20,000");
        await Pages.Axe.ShouldFindNothingAsync(page);
        await Pages.Pictures.TakeAsync(page, "run-live");
        foreach (var path in new[] { "/d/riverside", "/d/riverside/apps/synergy" })
        {
            await page.GotoAsync(path);
            await Expect(page.GetByText("Importing").First).ToBeVisibleAsync();
            await Pages.Axe.ShouldFindNothingAsync(page);
        }

        await site.Imports.CancelAsync("riverside", run, CancellationToken.None);
        await page.Context.CloseAsync();
    }

    private static long NumberOf(IPage page) => long.Parse(new Uri(page.Url).Segments[^1], System.Globalization.CultureInfo.InvariantCulture);
}
