using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Testing;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>Active Directory in the console: its form is drawn from its settings, its rules are looked at line by line, its connection is tested.</summary>
public sealed class DirectoryTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_directory_is_set_up_and_tested(bool scripts)
    {
        await using var directory = await OpenLdap.StartAsync([
            new DirectoryPerson(
                "Ann",
                "OU=Students,OU=Lincoln High",
                new Guid("0a0b0c0d-0000-0000-0000-000000000001"),
                [("userAccountControl", "512")]
            ),
        ]);
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        await NewApp.ActivateAsync(page, "Active Directory");
        await Field(page, "Host").FillAsync("localhost");
        await Field(page, "Port").FillAsync(directory.SecurePort.ToString(CultureInfo.InvariantCulture));
        await Field(page, "Bind DN").FillAsync(OpenLdap.Reader);
        await Field(page, "Password").FillAsync(OpenLdap.Password);
        await Field(page, "Base DNs").FillAsync(OpenLdap.Suffix);
        await Field(page, "CA certificate").FillAsync(directory.Authority);
        await Field(page, "Rules").FillAsync("OU=Students,OU=Lincoln High => student, Lincoln High\nOU=Staff teacher");
        await NewApp.Button(page, "Test Connection").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Line 2 has no =>.");
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(page, "refused rules");
        }

        await Field(page, "Rules").FillAsync("OU=Students,OU=Lincoln High => student, Lincoln High\nOU=Staff => teacher, *");
        await EnterPasswordAsync(page);
        await NewApp.Button(page, "Test Connection").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main).GetByText("Connection is OK").First).ToBeVisibleAsync();
        await Expect(page.GetByText("The rules fit 1 person of 1: 1 student; 0 of them disabled.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Line 2 of the Rules fits nobody")).ToBeVisibleAsync();

        await EnterPasswordAsync(page);
        await page.GetByLabel("I accept the").CheckAsync();
        await NewApp.Button(page, "Next").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Schools Mapping" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    // Without scripts a test is a page of its own, and a page never shows a password again.
    private static Task EnterPasswordAsync(IPage page) => Field(page, "Password").FillAsync(OpenLdap.Password);

    private static ILocator Field(IPage page, string label) =>
        page.GetByRole(AriaRole.Textbox, new() { NameRegex = new Regex($"^{Regex.Escape(label)}") }).First;
}
