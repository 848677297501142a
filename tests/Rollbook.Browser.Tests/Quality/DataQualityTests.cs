using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Quality;

public sealed partial class DataQualityTests(ConsoleSite site)
{
    [System.Text.RegularExpressions.GeneratedRegex("^Show its records.*school-9")]
    private static partial System.Text.RegularExpressions.Regex ShowSchool();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task From_the_navigation_to_a_cause_and_on_to_its_records_with_and_without_scripts(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync("/d/riverside");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "District" }).GetByRole(AriaRole.Link, new() { Name = "Data Quality" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Data Quality");
        var causes = page.GetByRole(AriaRole.Region, new() { Name = "Root causes" }).GetByRole(AriaRole.Heading, new() { Level = 3 });
        await Expect(causes).ToHaveCountAsync(3);
        await Expect(causes.Nth(0)).ToHaveTextAsync("School school-9 is not in the source, and 56 records need it");
        await Expect(causes.Nth(1)).ToHaveTextAsync("Grades is not valid for 1 student at Lincoln High");
        await Expect(causes.Nth(2)).ToContainTextAsync("E-mail is missing for 12 students: 9 at Lincoln High, 3 at Saint Bartholomew");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Left out by the district" })).ToContainTextAsync("2 enrollments");

        await page.GetByRole(AriaRole.Link, new() { NameRegex = ShowSchool() }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("My Rules");
        var table = page.GetByRole(AriaRole.Table, new() { Name = "Issues" });
        await Expect(table.GetByRole(AriaRole.Row)).ToHaveCountAsync(51);
        await Expect(table).ToContainTextAsync("School school-9 is not in the source");
        await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Expect(table.GetByRole(AriaRole.Row)).ToHaveCountAsync(7);
        await Expect(table).ToContainTextAsync("Class class-90 is skipped itself");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Issues_are_filtered_and_lead_to_their_records_with_and_without_scripts(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync("/d/riverside/data-quality/my-rules");
        await page.GetByLabel("Type", new() { Exact = true }).SelectOptionAsync("Error");
        await page.GetByLabel("School").SelectOptionAsync(SampleDistrict.LongSchool);
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await Expect(page.GetByText("3 issues")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("type=error&.*school="));
        var first = page.GetByRole(AriaRole.Table, new() { Name = "Issues" }).GetByRole(AriaRole.Rowheader).First.GetByRole(AriaRole.Link);
        var name = await first.InnerTextAsync();
        await first.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(name);
        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear" }).ClickAsync();
        await Expect(page.GetByText("76 issues")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_score_shows_its_formula_and_the_trend_its_table()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside/data-quality");
        await Expect(page.GetByText("90.7 of 100")).ToBeVisibleAsync();
        await Expect(page.GetByText("(742 imported − 12 with an Error) ÷ (742 imported + 62 Skipped) = 730 ÷ 804")).ToBeVisibleAsync();
        await page.GetByText("Score by entity type").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Classes" })).ToContainTextAsync("80");
        await page.GetByText("Show as table").ClickAsync();
        var trend = page.GetByRole(AriaRole.Table, new() { Name = "Records with issues in Synergy, by run" });
        await Expect(trend.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("score 90.7");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task By_keyboard_alone_a_cause_is_opened()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside/data-quality");
        var link = page.GetByRole(AriaRole.Link, new() { NameRegex = ShowSchool() });
        for (var i = 0; i < 60 && !await link.EvaluateAsync<bool>("link => link === document.activeElement"); i++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("My Rules");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_viewer_without_the_grant_sees_the_causes_and_no_name_of_a_person()
    {
        var page = await site.OpenAsync(ConsoleSite.Viewer);
        foreach (var path in new[] { "data-quality", "data-quality/my-rules", "data-quality/my-rules?type=error" })
        {
            await page.GotoAsync("/d/riverside/" + path);
            (await page.ContentAsync()).ShouldNotContain("Iverson", Case.Sensitive, path);
        }

        await page.GotoAsync("/d/riverside/data-quality/my-rules");
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Issues" })).ToContainTextAsync("Student s00020");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Student s09000" }))
            .ToHaveAttributeAsync("href", $"/d/riverside/data/student/{Sample.Student(9_000)}");
        await page.Context.CloseAsync();
    }
}
