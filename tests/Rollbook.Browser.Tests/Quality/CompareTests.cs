using Microsoft.Playwright;
using Rollbook.Browser.Tests.Setup;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Quality;

/// <summary>Records side by side: what can be decided, and what a viewer sees of it.</summary>
public sealed class CompareTests(ConsoleSite site)
{
    private static readonly string Three =
        $"/d/riverside/data-quality/duplicates/compare?id={Pages.Sample.Student(33)}&id={Pages.Sample.Student(55)}&id={Pages.Sample.Student(20)}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_three_of_whom_two_are_decided_about_the_third_can_be_decided(bool scripts)
    {
        var page = await site.OpenAsync(ConsoleSite.Admin, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync(Three);
        await Expect(page.GetByText("Kept separate by admin@riverside.example")).ToBeVisibleAsync();
        foreach (var name in new[] { "Merge", "Keep separate", "Undo" })
        {
            await Expect(NewApp.Button(page, name)).ToBeVisibleAsync();
        }

        // The two that are kept separate can't be made one by way of the third.
        await NewApp.Button(page, "Merge").ClickAsync();
        await Expect(page.GetByText("Two of these records are kept separate")).ToBeVisibleAsync();

        var boxes = page.GetByRole(AriaRole.Group, new() { Name = "The decision is about" }).GetByRole(AriaRole.Checkbox);
        await boxes.Nth(0).UncheckAsync();
        await boxes.Nth(1).UncheckAsync();
        await NewApp.Button(page, "Merge").ClickAsync();
        await Expect(page.GetByText("A decision is about two to nine records.")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Whoever_does_not_see_personal_data_does_not_see_who_agrees_on_it_either()
    {
        var page = await site.OpenAsync(ConsoleSite.Viewer);
        await page.GotoAsync(Three);
        var names = page.GetByRole(AriaRole.Row)
            .Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = "Given name", Exact = true }) });
        await Expect(names).Not.ToContainTextAsync("Differ");
        await Expect(names.GetByRole(AriaRole.Cell).First).ToHaveTextAsync("••••••hidden");
        var sisId = page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = "SIS ID", Exact = true }) });
        await Expect(sisId).ToContainTextAsync("Differ");
        (await NewApp.Button(page, "Merge").CountAsync()).ShouldBe(0);

        await page.GotoAsync("/d/riverside/data-quality/duplicates");
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Duplicates" })).Not.ToContainTextAsync("E-mail");
        await page.GotoAsync("/d/riverside/data-quality/duplicates?show=suggestions");
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Duplicates" })).Not.ToContainTextAsync("Family name");
        await page.Context.CloseAsync();
    }
}
