using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Testing;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>OneRoster CSV in the console: a package is uploaded, looked at, tested and imported.</summary>
public sealed class UploadTests(ConsoleSite site)
{
    private const string App = "OneRoster CSV";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_package_is_uploaded_tested_and_imported(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        var app = await NewApp.ActivateAsync(page, App);
        await Expect(page.GetByText("No package was uploaded yet.")).ToBeVisibleAsync();
        await ChooseAsync(page, CsvPackage.District().Zip());
        await NewApp.Button(page, "Upload").ClickAsync();
        await Expect(page.GetByText("The package was uploaded and is in order.")).ToBeVisibleAsync();
        await Expect(page.GetByText(new Regex("^A package of .* is kept"))).ToBeVisibleAsync();
        await NewApp.Button(page, "Test Connection").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main).GetByText("Connection is OK").First).ToBeVisibleAsync();
        await Expect(page.GetByText("users.csv was read to its end: 410 records.")).ToBeVisibleAsync();

        await page.GetByLabel("I accept the").CheckAsync();
        await NewApp.Button(page, "Next").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Schools Mapping" })).ToBeVisibleAsync();
        await page.GotoAsync(NewApp.Step(app, "schools"));
        await NewApp.Button(page, "Next").ClickAsync();
        await NewApp.Button(page, "Finish Configuration").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/apps/{app}$"));
        await ChooseAsync(page, CsvPackage.District(schools: 1).Zip());
        await NewApp.Button(page, "Upload and import").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/history/[0-9]+$"));
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_damaged_is_refused_in_words_and_the_package_before_it_stays(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        await NewApp.ActivateAsync(page, App);
        var zip = CsvPackage.District().Zip();
        await ChooseAsync(page, zip);
        await NewApp.Button(page, "Upload").ClickAsync();
        await Expect(page.GetByText(new Regex("^A package of .* is kept"))).ToBeVisibleAsync();
        await ChooseAsync(page, zip[..(zip.Length / 2)]);
        await NewApp.Button(page, "Upload").ClickAsync();
        await Expect(page.GetByText("It may have been cut off on its way. Send it again.")).ToBeVisibleAsync();
        await ChooseAsync(page, CsvPackage.District().Replace("users.csv", ",role,", ",rolle,").Zip());
        await NewApp.Button(page, "Upload").ClickAsync();
        await Expect(page.GetByText("users.csv has no column role")).ToBeVisibleAsync();
        await Expect(page.GetByText(new Regex("^A package of .* is kept"))).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Is_accessible_by_keyboard_and_at_320_pixels()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        await NewApp.ActivateAsync(page, App);
        await ChooseAsync(page, [1, 2, 3]);
        var file = page.GetByLabel("OneRoster CSV package");
        await file.FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(NewApp.Button(page, "Upload")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("is no whole ZIP file")).ToBeFocusedAsync();
        await Axe.ShouldFindNothingAsync(page, "refused");
        await page.SetViewportSizeAsync(320, 640);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_file_that_is_dropped_is_chosen()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        await NewApp.ActivateAsync(page, App);
        await page.EvaluateAsync(
            """
            () => {
              const data = new DataTransfer();
              data.items.add(new File(['PK'], 'dropped.zip', { type: 'application/zip' }));
              document.querySelector('[data-drop]').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
            }
            """
        );
        (await page.GetByLabel("OneRoster CSV package").EvaluateAsync<string>("input => input.files[0].name")).ShouldBe("dropped.zip");
        await page.Context.CloseAsync();
    }

    private static Task ChooseAsync(IPage page, byte[] zip) =>
        page.GetByLabel("OneRoster CSV package")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "roster.zip",
                    MimeType = "application/zip",
                    Buffer = zip,
                }
            );
}
