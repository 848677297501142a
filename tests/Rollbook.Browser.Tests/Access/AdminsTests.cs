using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Access;

/// <summary>Administration, by someone who clicks through it.</summary>
public sealed class AdminsTests(ConsoleSite site)
{
    [Fact]
    public async Task From_the_menu_to_an_invitation_a_grant_and_the_log_of_both()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside");
        await page.GetByRole(AriaRole.Link, new() { Name = "Admins" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Invite" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Enter an e-mail address");
        await LookAsync(page, "invite-error");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "E-mail address" }).FillAsync("grace@riverside.example");
        await page.GetByLabel("District Admin Maps schools").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        var link = await page.GetByLabel("Link").InputValueAsync();
        link.ShouldStartWith(new Uri(site.Address, "/setup/").ToString());
        await LookAsync(page, "invited");

        await page.GetByRole(AriaRole.Link, new() { Name = "Back to Admins" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Withdraw the invitation for grace@riverside.example" })).ToBeVisibleAsync();
        await LookAsync(page, "admins-invited");
        await page.GetByRole(AriaRole.Link, new() { Name = ConsoleSite.Both }).ClickAsync();
        await LookAsync(page, "person");
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit Log" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "grace@riverside.example" })).ToContainTextAsync("Invitation made");
        await LookAsync(page, "audit-log-full");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_viewer_sees_no_administration()
    {
        var page = await site.OpenAsync(ConsoleSite.Viewer);
        await page.GotoAsync("/d/riverside");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Admins" })).ToHaveCountAsync(0);
        await page.GotoAsync("/d/riverside/administration/audit-log");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You can't do this" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_viewer_who_was_granted_it_sees_personal_data_everywhere()
    {
        var page = await site.OpenAsync(ConsoleSite.Granted);
        await page.GotoAsync("/d/riverside/data/student");
        await Expect(page.GetByText("hidden", new() { Exact = true })).ToHaveCountAsync(0);
        var csv = await (await page.APIRequest.GetAsync("/d/riverside/data/student.csv?columns=familyName&columns=email")).TextAsync();
        csv.ShouldContain("@riverside.example");
        csv.ShouldNotContain("hidden");
        await page.Context.CloseAsync();
    }

    private static async Task LookAsync(IPage page, string name)
    {
        await Pages.Axe.ShouldFindNothingAsync(page, name);
        await Pages.Pictures.TakeAsync(page, name);
        await page.SetViewportSizeAsync(320, 640);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320, name);
        await page.SetViewportSizeAsync(1280, 800);
    }
}
