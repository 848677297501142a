using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Data;

public sealed class BrowsingTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Search_filter_sort_and_page_with_and_without_scripts(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync("/d/riverside/data/student");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("kealoha");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Expect(page.GetByText("20 on this page")).ToBeVisibleAsync();

        await page.GetByText("Add filter").ClickAsync();
        await page.GetByLabel("Attribute").SelectOptionAsync("Grades");
        await page.GetByLabel("Condition").SelectOptionAsync("equals");
        await page.GetByLabel("Value").FillAsync("11");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply filter" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Filters in use" })).ToContainTextAsync("Grades equals 11");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("filter=grades.equal.11"));

        await page.GetByRole(AriaRole.Link, new() { Name = "Remove the search" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Remove the search" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Remove the filter Grades equals 11" }).ClickAsync();
        await Expect(page.GetByText("241 in all")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Student number" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Student number" })).ToHaveAttributeAsync("aria-sort", "ascending");
        await page.GetByRole(AriaRole.Link, new() { Name = "Student number" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Student number" })).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("900241");
        await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("900191");
        await page.GetByRole(AriaRole.Link, new() { Name = "Previous page" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("900241");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_filter_that_makes_no_sense_is_explained_and_kept()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside/data/student?attribute=birthDate&condition=equal&value=soon");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Enter the date as year-month-day, such as 2026-09-01.");
        await Expect(page.GetByLabel("Attribute")).ToHaveValueAsync("birthDate");
        await page.GetByLabel("Value").FillAsync("11/11/2010");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply filter" }).ClickAsync();
        await Expect(page.GetByText("Birth date equals 2010-11-11")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("/d/riverside/data/student?cursor=nonsense")]
    [InlineData("/d/riverside/data/student.csv?filter=primarySchool.equal.nonsense")]
    public async Task An_address_that_the_store_refuses_gets_its_reason(string path)
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        var answer = await page.GotoAsync(path);
        answer!.Status.ShouldBe(400);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This address can't be shown" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Chosen_columns_are_in_the_address_and_remembered()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside/data/student");
        await page.GetByText("Columns", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Birth date").CheckAsync();
        await page.GetByLabel("E-mail").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show columns" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Birth date" })).ToBeVisibleAsync();
        page.Url.ShouldContain("columns=birthDate");
        await Expect(page.GetByRole(AriaRole.Columnheader).First).ToContainTextAsync("Family name");
        await page.GotoAsync("/d/riverside/data/student");
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Birth date" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "E-mail" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Dense rows" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Comfortable rows" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_old_version_shows_the_roster_as_it_was()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside/data/student?version=1");
        await Expect(page.GetByText("You see the roster as of version 1")).ToBeVisibleAsync();
        await Expect(page.GetByText("240 in all")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Show the newest version" }).ClickAsync();
        await Expect(page.GetByText("241 in all")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_download_has_what_is_shown()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync("/d/riverside/data/student?filter=grades.equal.12&columns=familyName&columns=grades&columns=primarySchool");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        lines[0].ShouldBe("familyName,grades,primarySchool");
        lines.Skip(1).ShouldNotBeEmpty();
        lines.Skip(1).ShouldAllBe(line => line.Contains(",12,"));
        lines.ShouldContain(line => line.EndsWith(",Lincoln High"));
        download.SuggestedFilename.ShouldStartWith("riverside-students-version-");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_student_leads_to_the_class_and_back_to_the_people_in_it()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync($"/d/riverside/data/student/{Pages.Sample.Student(10)}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Enrollments" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Chemistry, period 3" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Rowheader).First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Chemistry, period 3");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_deleted_student_keeps_a_page_that_says_which_run_took_them()
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync($"/d/riverside/data/student/{Pages.Sample.Student(5)}?tab=history");
        await Expect(page.GetByText("No longer in the roster")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Deleted" })).ToContainTextAsync("by run 40");
        await page.Context.CloseAsync();
    }
}
