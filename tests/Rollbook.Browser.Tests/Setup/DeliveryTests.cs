using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Simulator;
using Rollbook.Simulator.Faults;
using Rollbook.Storage;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

public sealed class DeliveryTests(ConsoleSite site) : IAsyncLifetime
{
    private SimulatedSynergy sis = null!;

    public async ValueTask InitializeAsync() =>
        sis = await SimulatedSynergy.StartAsync(
            new SimulatorOptions { Students = 20, PathPrefix = "/synergy" },
            TestContext.Current.CancellationToken
        );

    public ValueTask DisposeAsync() => sis.DisposeAsync();

    public static TheoryData<string, string, string> WrongEntries =>
        new()
        {
            { "a name that does not resolve", "no-such-host", "Check the spelling of the host" },
            { "a closed port", "nothing listens on that port", "firewalls" },
            { "TLS that is not trusted", "certificate", "CA certificate" },
            { "the token URL of something else", "token", "Token URL" },
            { "a wrong secret", "secret", "anew" },
            { "a missing scope", "scope", "Set the scope to default" },
            { "an API URL one folder off", "API", "enter that as the API URL" },
            { "an HTML answer", "web page", "Enter the API URL" },
            { "a licence that is refused", "403", "licence" },
        };

    [Theory]
    [MemberData(nameof(WrongEntries))]
    public async Task Test_Connection_names_what_is_wrong_and_the_remedy(string wrong, string part, string remedy)
    {
        await using var tls = await SimulatedSynergy.StartAsync(
            new SimulatorOptions { Students = 20, Tls = true },
            TestContext.Current.CancellationToken
        );
        var page = await site.OpenAsync(ConsoleSite.Ada);
        await NewApp.ActivateAsync(page);
        await NewApp.FillAsync(page, sis);
        switch (wrong)
        {
            case "a name that does not resolve":
                await page.GetByLabel("API URL").FillAsync("https://no-such-host.invalid");
                break;
            case "a closed port":
                await page.GetByLabel("API URL").FillAsync("http://127.0.0.1:1");
                break;
            case "TLS that is not trusted":
                await page.GetByLabel("API URL").FillAsync(tls.ApiUrl.ToString());
                await page.GetByLabel("Token URL").FillAsync(tls.TokenUrl.ToString());
                break;
            case "the token URL of something else":
                await page.GetByLabel("Token URL").FillAsync(sis.ApiUrl + "/orgs");
                break;
            case "a wrong secret":
                await page.GetByLabel("Client Secret").FillAsync("hunter2-and-more");
                break;
            case "a missing scope":
                sis.Faults = sis.Faults with { MissingScope = true };
                break;
            case "an API URL one folder off":
                await page.GetByLabel("API URL").FillAsync(sis.ApiUrl.ToString().Replace("/ims/", "/classes/ims/", StringComparison.Ordinal));
                break;
            case "an HTML answer":
                sis.Faults = sis.Faults with { Breakage = Breakage.HtmlPage };
                break;
            default:
                sis.Faults = sis.Faults with { LicenceRefused = true };
                break;
        }

        await NewApp.Button(page, "Test Connection").ClickAsync();
        var result = page.Locator("#check-result");
        await Expect(result).ToContainTextAsync("The connection does not work yet.");
        var failed = result.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Failed:" });
        await Expect(failed).ToHaveCountAsync(1);
        var text = await failed.InnerTextAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{wrong}: {text}");
        text.ShouldContain(part);
        text.ShouldContain(remedy);
        (await failed.Locator("p").CountAsync()).ShouldBe(2, "what is wrong, and what to do");
        text.ShouldNotContain("hunter2");
        await Axe.ShouldFindNothingAsync(page, wrong);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_works_says_so_and_saves_nothing(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        var app = await NewApp.ActivateAsync(page);
        await NewApp.FillAsync(page, sis);
        await NewApp.Button(page, "Test Connection").ClickAsync();
        await Expect(page.GetByText("Connection is OK")).ToBeVisibleAsync();
        await Expect(page.GetByText("users:")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("API URL")).ToHaveValueAsync(sis.ApiUrl.ToString());
        var store = (
            await site.Services.GetRequiredService<IInstallationStore>().OpenAsync(ConsoleSite.SetupDistrict, TestContext.Current.CancellationToken)
        )!;
        (await store.Drafts.GetAsync(app, TestContext.Current.CancellationToken))!.Revision.ShouldBe(1);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_missing_is_told_at_its_field(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        await NewApp.ActivateAsync(page);
        await page.GetByLabel("API URL").FillAsync("ftp://sis.example");
        await NewApp.Button(page, "Next").ClickAsync();
        var summary = page.GetByRole(AriaRole.Alert);
        await Expect(summary.GetByRole(AriaRole.Link)).ToHaveCountAsync(4);
        await Expect(page.GetByLabel("API URL")).ToHaveAccessibleErrorMessageOrDescriptionAsync("not a web address");
        await Expect(page.GetByLabel("API URL")).ToHaveValueAsync("ftp://sis.example");
        await Expect(page.GetByLabel("Client ID")).ToHaveAccessibleErrorMessageOrDescriptionAsync("The Client ID is empty");
        await Expect(page.GetByLabel("Client Secret")).ToHaveAccessibleErrorMessageOrDescriptionAsync("The Client Secret is empty");
        await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "I accept" }))
            .ToHaveAccessibleErrorMessageOrDescriptionAsync("Accept the Terms of Use");
        if (scripts)
        {
            await Expect(summary).ToBeFocusedAsync();
            await summary.GetByRole(AriaRole.Link).First.ClickAsync();
            await Expect(page.GetByLabel("API URL")).ToBeFocusedAsync();
            await Axe.ShouldFindNothingAsync(page, "errors");
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_address_as_it_is_used_is_shown_when_one_leaves_the_field()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        await NewApp.ActivateAsync(page);
        await page.GetByLabel("API URL").FillAsync("sis.hillside.example/synergy");
        await page.GetByLabel("Token URL").FocusAsync();
        await Expect(page.GetByText("Used as https://sis.hillside.example/synergy/ims/oneroster/v1p1")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_draft_survives_leaving_and_another_browser_and_the_secret_is_never_shown_again()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        var app = await NewApp.ActivateAsync(page);
        await NewApp.FillAsync(page, sis);
        await page.GetByText("Advanced Settings").ClickAsync();
        await page.GetByLabel("SIS ID prefix").FillAsync("H-");
        await page.GetByRole(AriaRole.Switch, new() { Name = "Bulk Upload Mode" }).UncheckAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "I accept" }).CheckAsync();
        await NewApp.Button(page, "Next").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/setup/schools$"));
        await page.Context.CloseAsync();

        var other = await site.OpenAsync(ConsoleSite.Bo);
        await other.GotoAsync($"/d/{ConsoleSite.SetupDistrict}/apps/{app}");
        await Expect(other).ToHaveURLAsync(new Regex("/setup/schools$"));
        await NewApp.Button(other, "Back").ClickAsync();
        await Expect(other.GetByLabel("API URL")).ToHaveValueAsync(sis.ApiUrl.ToString());
        await Expect(other.GetByLabel("Client Secret")).ToHaveValueAsync("");
        await Expect(other.GetByText("One is kept, encrypted.")).ToBeVisibleAsync();
        await Expect(other.GetByText($"Accepted by {ConsoleSite.Ada}")).ToBeVisibleAsync();
        await other.GetByText("Advanced Settings").ClickAsync();
        await Expect(other.GetByLabel("SIS ID prefix")).ToHaveValueAsync("H-");
        await Expect(other.GetByRole(AriaRole.Switch, new() { Name = "Bulk Upload Mode" })).Not.ToBeCheckedAsync();
        (await other.ContentAsync()).ShouldNotContain(sis.ClientSecret);
        await NewApp.Button(other, "Test Connection").ClickAsync();
        await Expect(other.GetByText("Connection is OK")).ToBeVisibleAsync();
        await other.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Preview_and_hold_threshold_are_kept_and_a_wrong_threshold_is_told_at_its_field(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        await NewApp.ActivateAsync(page);
        await NewApp.FillAsync(page, sis);
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "I accept" }).CheckAsync();
        await page.GetByText("Advanced Settings").ClickAsync();
        var (threshold, preview) = (
            page.GetByLabel("Sync hold threshold"),
            page.GetByRole(AriaRole.Switch, new() { Name = "Preview of data upload" })
        );
        await Expect(threshold).ToHaveValueAsync("10");
        var limited = page.GetByText("20 % of records deleted in one school (10 at least)");
        await Expect(limited).ToBeVisibleAsync();
        await Expect(preview).Not.ToBeCheckedAsync();
        await Expect(page.GetByText("with Preview of data upload none is evaluated")).ToBeVisibleAsync();
        await preview.CheckAsync();
        var mode = page.GetByLabel("Above a limit on deletions");
        await Expect(mode).ToHaveValueAsync("everything");
        await mode.SelectOptionAsync("Let additions and updates through and hold removals");
        await threshold.FillAsync("110");
        await NewApp.Button(page, "Next").ClickAsync();
        await Expect(threshold).ToHaveAccessibleErrorMessageOrDescriptionAsync("not a whole percentage from 1 to 100, nor off");
        await Expect(threshold).ToHaveValueAsync("110");
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(page, "a wrong threshold");
            await Pictures.TakeAsync(page, "delivery-threshold");
        }

        await threshold.FillAsync("25 %");
        await page.GetByLabel("Client Secret").FillAsync(sis.ClientSecret);
        await NewApp.Button(page, "Next").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/setup/schools$"));
        await NewApp.Button(page, "Back").ClickAsync();
        await page.GetByText("Advanced Settings").ClickAsync();
        await Expect(threshold).ToHaveValueAsync("25");
        await Expect(preview).ToBeCheckedAsync();
        await Expect(mode).ToHaveValueAsync("removals");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_summary_tells_what_holds_a_sync()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync($"/d/riverside/apps/{SampleDistrict.Draft}/setup/done");
        await Expect(page.GetByText("Sync hold threshold: 10 %")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_form_is_sent_once_however_often_a_button_is_pressed()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        await NewApp.ActivateAsync(page);
        await NewApp.FillAsync(page, sis);
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "I accept" }).CheckAsync();
        var sent = 0;
        page.Request += (_, request) => sent += request.Method == "POST" && request.Url.EndsWith("/setup/delivery", StringComparison.Ordinal) ? 1 : 0;
        await NewApp.Button(page, "Next").Last.EvaluateAsync("button => { button.click(); button.click(); button.click(); }");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Schools Mapping" })).ToBeVisibleAsync();
        sent.ShouldBe(1);

        // What was held back is free again on the next page.
        await NewApp.Button(page, "Back").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Delivery Config" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_step_that_is_not_reached_leads_to_the_one_that_is()
    {
        var page = await site.OpenAsync(ConsoleSite.Ada);
        var app = await NewApp.ActivateAsync(page);
        await page.GotoAsync(NewApp.Step(app, "done"));
        await Expect(page).ToHaveURLAsync(new Regex("/setup/delivery$"));
        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}/apps/{app}/settings/schools");
        await Expect(page).ToHaveURLAsync(new Regex("/setup/delivery$"));
        await page.Context.CloseAsync();
    }
}

internal static class FieldExpectations
{
    /// <summary>The error is said with the field: it is in the field's accessible description, and the field counts as invalid.</summary>
    internal static async Task ToHaveAccessibleErrorMessageOrDescriptionAsync(this ILocatorAssertions field, string text)
    {
        await field.ToHaveAccessibleDescriptionAsync(new Regex(Regex.Escape(text)));
        await field.ToHaveAttributeAsync("aria-invalid", "true");
    }
}
