using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Simulator;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>The sixth of the eight situations of product.md 3.2, schools and people alike. Apart from the others because it takes its time.</summary>
public sealed class NewSisTests(ConsoleSite site)
{
    [Fact]
    public async Task A_new_sis_with_other_ids_replaces_the_old_one_and_schools_and_people_keep_their_rollbook_ids()
    {
        await using var program = await NewProgram.StartAsync();
        await using var person = await SchoolsPerson.ArriveAsync(site, program);
        await person.SetUpAsync(program.Sis, isOneOfSeveral: true);
        await person.SaveAsync("Auto Mapping");
        await person.FinishAsync();
        await person.ImportAsync("published");
        var schools = (await person.IdsAsync("school")).ToHashSet(StringComparer.Ordinal);
        var students = (await person.IdsAsync("student")).ToHashSet(StringComparer.Ordinal);
        var teachers = (await person.IdsAsync("teacher")).ToHashSet(StringComparer.Ordinal);
        var enrollments = (await person.IdsAsync("enrollment")).ToHashSet(StringComparer.Ordinal);

        // What comes in its place has the same schools and people, every one of them under another ID.
        program.Sis.Scenarios.IdReKey();
        foreach (var name in await person.SetUpAsync(program.Sis, isOneOfSeveral: true))
        {
            await person.PartOf(name).FillAsync(name);
        }

        await person.FinishAsync();
        await person.ImportAsync("published");
        (await person.IdsAsync("student")).ShouldBe(students, ignoreOrder: true);

        // What the domains told of them, on the step's page.
        await person.Page.GotoAsync($"/d/{NewProgram.District}/apps/synergy-2/settings/domains");
        await person.PressAsync("Show the effect");
        var told = person.Page.GetByRole(AriaRole.Table, new() { Name = "What each domain would tell of the last upload" });
        await Expect(told).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await person.LookAsync("the effect of domains");
        var joined = 0;
        foreach (var row in await told.GetByRole(AriaRole.Row).Filter(new() { HasText = "Students" }).AllAsync())
        {
            joined += int.Parse(await row.GetByRole(AriaRole.Cell).Nth(1).InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture);
        }

        joined.ShouldBe(students.Count);
        await person.DeactivateAsync("synergy");

        (await person.IdsAsync("school")).ShouldBeSubsetOf(schools);
        (await person.IdsAsync("student")).ShouldBe(students, ignoreOrder: true);
        (await person.IdsAsync("teacher")).ShouldBe(teachers, ignoreOrder: true);
        var now = await person.IdsAsync("enrollment");
        now.Count.ShouldBe(enrollments.Count);
        now.ShouldNotContain(enrollment => enrollments.Contains(enrollment));
        await person.ImportAsync("unchanged");
    }
}
