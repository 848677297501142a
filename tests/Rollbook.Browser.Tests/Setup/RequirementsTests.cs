using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Sync.Configuration;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>The Data Requirements tab of an app in force, with scripts and without.</summary>
public sealed class RequirementsTests(ConsoleSite site)
{
    private readonly AppInForce app = new(site);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Choices_are_saved_kind_by_kind_and_shown_again(bool scripts)
    {
        var page = await app.OpenAsync("requirements", scripts);
        await Choice(page, "E-mail").SelectOptionAsync("Report if Missing");
        await Choice(page, "Grades").SelectOptionAsync("Skip if Missing");
        await Choice(page, "Enabled").SelectOptionAsync("Use Default");
        await page.GetByLabel("Default of Enabled").FillAsync("true");
        await page.GetByLabel("Another entry of the metadata").FillAsync("locker");
        await page.GetByLabel("When the new entry is missing or not valid").SelectOptionAsync("Skip if Missing");
        await AppInForce.SaveAsync(page);

        await Expect(Choice(page, "Grades")).ToHaveValueAsync("Skip");
        await Expect(page.GetByLabel("Default of Enabled")).ToHaveValueAsync("true");
        await Expect(Choice(page, "metadata.locker")).ToHaveValueAsync("Skip");
        await page.GetByRole(AriaRole.Link, new() { Name = "Contacts" }).First.ClickAsync();
        await Choice(page, "Students").SelectOptionAsync("Skip if Missing");
        await AppInForce.SaveAsync(page);
        var saved = (await app.SavedAsync()).Requirements;
        saved["student"]
            .ShouldBe(
                new Dictionary<string, Requirement>
                {
                    ["email"] = new(RequirementRule.Report),
                    ["enabled"] = new(RequirementRule.Default, "true"),
                    ["grades"] = new(RequirementRule.Skip),
                    ["metadata.locker"] = new(RequirementRule.Skip),
                },
                ignoreOrder: true
            );
        saved["contact"].Keys.ShouldBe(["students"]);

        await page.ReloadAsync();
        await Choice(page, "Students").SelectOptionAsync("Include");
        await AppInForce.SaveAsync(page);
        (await app.SavedAsync()).Requirements.Keys.ShouldBe(["student"]);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_wrong_is_told_at_its_field_keeps_what_was_entered_and_saves_nothing(bool scripts)
    {
        var page = await app.OpenAsync("requirements", scripts);
        await Choice(page, "E-mail").SelectOptionAsync("Use Default");
        await page.GetByLabel("Default of E-mail").FillAsync("nonsense");
        await Choice(page, "Phone").SelectOptionAsync("Skip if Missing");
        await NewApp.Button(page, "Save").ClickAsync();
        var link = page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link, new() { Name = "Expected an e-mail address." });
        await Expect(link).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Default of E-mail")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByLabel("Default of E-mail")).ToHaveValueAsync("nonsense");
        await Expect(Choice(page, "Phone")).ToHaveValueAsync("Skip");
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(page, "refused requirements");
            await link.ClickAsync();
            await Expect(page.GetByLabel("Default of E-mail")).ToBeFocusedAsync();
        }

        (await app.SavedAsync()).Requirements.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    private static ILocator Choice(IPage page, string attribute) =>
        page.GetByLabel($"When {attribute} is missing or not valid", new() { Exact = true });
}
