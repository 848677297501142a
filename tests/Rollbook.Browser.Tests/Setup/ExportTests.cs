using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Storage;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>An export app in the console: set up in two steps, run, downloaded, renamed and taken out.</summary>
public sealed class ExportTests(ConsoleSite site)
{
    private const string App = "OneRoster CSV Export";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_set_up_tested_and_stands_under_Export(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        var app = await NewApp.ActivateAsync(page, App);
        await Expect(page.GetByText("step 1 of 2")).ToBeVisibleAsync();
        await page.GetByLabel("Path", new() { Exact = true }).FillAsync("/srv/nowhere/roster.zip");
        await NewApp.Button(page, "Test Connection").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main).GetByText("Packages may not be put at this path").First).ToBeVisibleAsync();
        var path = Path.Combine(site.Exports, ConsoleSite.SetupDistrict, "roster.zip");
        await page.GetByLabel("Path", new() { Exact = true }).FillAsync(path);
        await page.GetByLabel("Package mode").SelectOptionAsync("delta");
        await NewApp.Button(page, "Next").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main).GetByText("Put {version} into the name").First).ToBeVisibleAsync();
        await page.GetByLabel("Package mode").SelectOptionAsync("bulk");
        await NewApp.Button(page, "Test Connection").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main).GetByText("Connection is OK").First).ToBeVisibleAsync();
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(page, "export delivery");
            await page.SetViewportSizeAsync(320, 640);
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
            await page.SetViewportSizeAsync(1280, 800);
        }

        await page.GetByLabel("I accept the").CheckAsync();
        await NewApp.Button(page, "Next").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Done" })).ToBeVisibleAsync();
        await Expect(page.GetByText($"Path: {path}")).ToBeVisibleAsync();
        await NewApp.Button(page, "Finish").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/apps/{app}$"));
        await Expect(page.GetByText("Nothing is published yet").First).ToBeVisibleAsync();
        await Expect(NewApp.Button(page, "Run Export")).ToHaveCountAsync(0);

        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}?show=export");
        await Expect(page.Locator($"#app-{app}")).ToBeVisibleAsync();
        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}?show=import");
        await Expect(page.Locator($"#app-{app}")).ToHaveCountAsync(0);

        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}/apps/{app}/settings/app");
        var name = $"Vendor {app} {scripts}";
        await page.GetByLabel("Name").FillAsync(name);
        await NewApp.Button(page, "Save").ClickAsync();
        await Expect(page.GetByText("Saved.")).ToBeVisibleAsync();
        await NewApp.Button(page, $"Deactivate {name}").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Home" })).ToBeVisibleAsync();
        await Expect(page.Locator($"#app-{app}")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_Export_delivers_the_newest_version_and_what_was_delivered_can_be_downloaded(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = scripts });
        var store = (await site.Services.GetRequiredService<IInstallationStore>().OpenAsync(ConsoleSite.District, CancellationToken.None))!;
        var before = await LastAsync(store);
        await page.GotoAsync($"/d/{ConsoleSite.District}/apps/{SampleDistrict.LibraryExport}");
        await NewApp.Button(page, "Run Export").ClickAsync();
        await Expect(page.GetByText("there is no change to send")).ToBeVisibleAsync();
        await NewApp.Button(page, "Send everything").ClickAsync();
        while (await LastAsync(store) is var newest && (newest.Number == before.Number || newest.State == DeliveryState.Working))
        {
            await Task.Delay(50);
        }

        // The page shows the end of it by itself.
        await Expect(page.GetByText("Up to date")).ToBeVisibleAsync();
        var last = await LastAsync(store);
        (last.Start.StartedBy, last.Start.Since).ShouldBe((ConsoleSite.Admin, null));

        var address = $"/d/{ConsoleSite.District}/apps/{SampleDistrict.LibraryExport}/deliveries/{last.Number}/package";
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download package" }).ClickAsync());
        download.SuggestedFilename.ShouldBe($"riverside-{SampleDistrict.LibraryExport}-version-{last.Start.Version}.zip");
        last.Bytes.ShouldBe(new FileInfo(await download.PathAsync()).Length);
        await using (var zip = await ZipFile.OpenReadAsync(await download.PathAsync()))
        {
            zip.Entries.Select(entry => entry.Name).ShouldContain("manifest.csv");
        }

        var log = await site
            .Services.GetRequiredService<IAuditLog>()
            .ReadAsync(new AuditQuery(ConsoleSite.District) { Action = AuditActions.DataDownloaded }, 1, CancellationToken.None);
        log[0].Entry.Subject.ShouldBe(SampleDistrict.LibraryExport);

        // Whoever may not see personal data has no link, and no package without it either.
        var viewer = await site.OpenAsync(ConsoleSite.Viewer, new() { JavaScriptEnabled = scripts });
        await viewer.GotoAsync($"/d/{ConsoleSite.District}/apps/{SampleDistrict.LibraryExport}");
        await Expect(viewer.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("Download") })).ToHaveCountAsync(0);
        var answer = await viewer.Context.APIRequest.GetAsync(address);
        answer.Status.ShouldBe(403);
        await viewer.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    private static async Task<DeliveryRecord> LastAsync(IDistrictStore store) =>
        (await store.Deliveries.ListAsync(SampleDistrict.LibraryExport, null, 1, CancellationToken.None))[0];
}
