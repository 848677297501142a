using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Sync.Configuration;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>The Filter Rules tab of an app in force, with scripts and without.</summary>
public sealed class FiltersTests(ConsoleSite site)
{
    private readonly AppInForce app = new(site);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rule_is_made_of_a_template_and_of_conditions_changed_and_taken_away(bool scripts)
    {
        var page = await app.OpenAsync("filters", scripts);
        await Expect(page.GetByText("There is no rule")).ToBeVisibleAsync();
        await NewApp.Button(page, "Add Filter Rule").ClickAsync();
        await NewApp.Button(page, "Elementary school").ClickAsync();
        await Expect(page.GetByLabel("Attribute of condition 1")).ToHaveValueAsync("grades");
        await NewApp.Button(page, "Add condition").ClickAsync();
        await page.GetByLabel("Attribute of condition 2").SelectOptionAsync("enabled");
        await page.GetByLabel("Comparison of condition 2").SelectOptionAsync("equals");
        await page.GetByLabel("Value of condition 2").FillAsync("true");
        await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "Enrollments" })).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Contacts" }).UncheckAsync();
        await Pictures.TakeAsync(page, $"filter-rule-{(scripts ? "scripts" : "plain")}");
        await NewApp.Button(page, "Done").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "Elementary school" })).ToBeVisibleAsync();
        (await app.SavedAsync()).Filters.ShouldBeEmpty();

        await page.GetByLabel("Entity type of the new rule").SelectOptionAsync("Calendars");
        await NewApp.Button(page, "Add Filter Rule").ClickAsync();
        await NewApp.Button(page, "Current and future terms").ClickAsync();
        await NewApp.Button(page, "Done").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "Current and future terms" })).ToBeVisibleAsync();
        await AppInForce.SaveAsync(page);
        var saved = (await app.SavedAsync()).Filters;
        saved.Select(rule => (rule.Kind, rule.Name)).ShouldBe([("calendar", "Current and future terms"), ("student", "Elementary school")]);
        saved[0].IncludeLinked.ShouldBe(["course", "class"]);
        saved[1].IncludeLinked.ShouldBe(["enrollment"]);
        saved[1].Where[1].Values.ShouldBe(["true"]);

        await page.ReloadAsync();
        await NewApp.Button(page, "Edit rule 2, Students").ClickAsync();
        await NewApp.Button(page, "Remove condition 2").ClickAsync();
        await NewApp.Button(page, "Done").ClickAsync();
        await NewApp.Button(page, "Remove rule 1, Calendars").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "Current and future terms" })).ToHaveCountAsync(0);
        await AppInForce.SaveAsync(page);
        (await app.SavedAsync()).Filters.ShouldHaveSingleItem().Where.Count.ShouldBe(1);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_wrong_is_told_at_its_field_and_keeps_what_was_entered(bool scripts)
    {
        var page = await app.OpenAsync("filters", scripts);
        await NewApp.Button(page, "Add Filter Rule").ClickAsync();
        await NewApp.Button(page, "Done").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link, new() { Name = "Choose an attribute." })).ToBeVisibleAsync();
        await page.GetByLabel("Attribute of condition 1").SelectOptionAsync("birthDate");
        await page.GetByLabel("Comparison of condition 1").SelectOptionAsync("before");
        await page.GetByLabel("Value of condition 1").FillAsync("soon");
        await NewApp.Button(page, "Done").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link, new() { Name = "Expected a date as YYYY-MM-DD." })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Value of condition 1")).ToHaveValueAsync("soon");
        await Expect(page.GetByLabel("Value of condition 1")).ToHaveAttributeAsync("aria-invalid", "true");
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(page, "a refused condition");
        }

        await page.GetByLabel("Comparison of condition 1").SelectOptionAsync("matches pattern");
        await NewApp.Button(page, "Save").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not go with birthDate");
        (await app.SavedAsync()).Filters.ShouldBeEmpty();
        await NewApp.Button(page, "Cancel").ClickAsync();
        await Expect(page.GetByText("There is no rule")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
