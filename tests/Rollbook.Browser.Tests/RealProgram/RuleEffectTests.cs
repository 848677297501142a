using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>What the page says that a choice would do to the last upload is what the import then does, in the real program.</summary>
public sealed class RuleEffectTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Data_requirements_show_what_they_would_skip_before_it_is_saved(bool scripts)
    {
        await using var program = await NewProgram.StartAsync();
        await using var person = await SchoolsPerson.ArriveAsync(site, program, scripts);
        await person.SetUpAsync(program.Sis);
        await person.SaveAsync("Auto Mapping");
        await person.FinishAsync();
        await person.ImportAsync("published");
        var everybody = await person.StudentsAsync();

        await person.OpenAsync("requirements", "Data Requirements");
        var page = person.Page;
        var row = page.GetByRole(AriaRole.Row)
            .Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = "Middle name", Exact = true }) });
        if (!scripts && await page.GetByText("are being counted; load the page again").IsVisibleAsync())
        {
            // As the page says; by then they have been.
            await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            await page.ReloadAsync();
        }

        await Expect(row.GetByRole(AriaRole.Cell).Nth(2)).ToHaveTextAsync(new Regex("^[1-9]"));
        await Expect(page.GetByText("Missing and Not valid count the records of the last upload.")).ToBeVisibleAsync();
        var missing = Number(await row.GetByRole(AriaRole.Cell).Nth(2).InnerTextAsync());
        await page.GetByLabel("When Middle name is missing or not valid", new() { Exact = true }).SelectOptionAsync("Skip if Missing");
        if (!scripts)
        {
            await person.PressAsync("Show the effect");
        }

        var effect = page.GetByRole(AriaRole.Region, new() { Name = "Effect on the last upload" });
        await Expect(Cell(effect, "Students", 2)).ToHaveTextAsync(new Regex($"^{missing:N0}$"));
        var along = Number(await Cell(effect, "Enrollments", 3).InnerTextAsync());
        along.ShouldBeGreaterThan(0);
        await person.LookAsync("the effect of requirements");
        (await person.StudentsAsync()).ShouldBe(everybody);

        var enrollments = (await person.IdsAsync("enrollment")).Count;
        await person.SaveOverLimitAsync("Save");
        await person.ImportHeldAsync();
        (await person.StudentsAsync()).ShouldBe(everybody - missing);
        (await person.IdsAsync("enrollment")).Count.ShouldBe(enrollments - along);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Filter_rules_show_who_passes_before_they_are_saved(bool scripts)
    {
        await using var program = await NewProgram.StartAsync();
        await using var person = await SchoolsPerson.ArriveAsync(site, program, scripts);
        await person.SetUpAsync(program.Sis);
        await person.SaveAsync("Auto Mapping");
        await person.FinishAsync();
        await person.ImportAsync("published");
        var (everybody, contacts) = (await person.StudentsAsync(), (await person.IdsAsync("contact")).Count);

        await person.OpenAsync("filters", "Filter Rules");
        var page = person.Page;
        await person.PressAsync("Add Filter Rule");
        await person.PressAsync("Elementary school");
        await person.PressAsync("Show the effect");
        var passes = page.GetByRole(AriaRole.Region, new() { Name = "What passes: Students" });
        var said = Regex.Match(await passes.InnerTextAsync(), @"Students: ([\d,]+) of ([\d,]+) pass");
        var (pass, all) = (Number(said.Groups[1].Value), Number(said.Groups[2].Value));
        all.ShouldBe(everybody);
        pass.ShouldBeInRange(1, everybody - 1);
        await Expect(passes.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(10);
        var effect = page.GetByRole(AriaRole.Region, new() { Name = "Effect on the last upload" });
        var along = Number(await Cell(effect, "Contacts", 3).InnerTextAsync());
        await person.LookAsync("the effect of filters");

        await person.PressAsync("Done");
        await person.SaveOverLimitAsync("Save");
        await person.ImportHeldAsync();
        (await person.StudentsAsync()).ShouldBe(pass);
        (await person.IdsAsync("contact")).Count.ShouldBe(contacts - along);
    }

    private static ILocator Cell(ILocator region, string kind, int column) =>
        region
            .GetByRole(AriaRole.Row)
            .Filter(new() { Has = region.Page.GetByRole(AriaRole.Rowheader, new() { Name = kind, Exact = true }) })
            .GetByRole(AriaRole.Cell)
            .Nth(column);

    private static int Number(string text) =>
        int.Parse(text, System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture);
}
