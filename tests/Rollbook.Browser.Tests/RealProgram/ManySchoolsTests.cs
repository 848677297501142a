using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Simulator;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>Schools Mapping of a district of hundreds of schools.</summary>
public sealed class ManySchoolsTests(ConsoleSite site)
{
    [Fact]
    public async Task Hundreds_of_schools_are_turned_on_at_once_paged_and_found()
    {
        await using var program = await NewProgram.StartAsync();
        await using var person = await SchoolsPerson.ArriveAsync(site, program);
        await using var large = await SimulatedSynergy.StartAsync(
            new SimulatorOptions
            {
                Students = 6_500,
                Schools = 324,
                EnrollmentsPerStudent = 1,
                Seed = 5,
            },
            TestContext.Current.CancellationToken
        );
        var first = await person.SetUpAsync(large);
        first.Count.ShouldBeInRange(90, 100);
        var orgs = large.GetTruth().Ids(Kind.Orgs).Count;
        orgs.ShouldBeGreaterThan(300);
        await Expect(person.Page.GetByText($"Schools 1 to 100 of {orgs}.")).ToBeVisibleAsync();

        await person.Page.GetByText("Change many at once").ClickAsync();
        await person.SaveAsync("Turn all of these on");
        await person.ShouldShowAsync("Existing", orgs);
        await person.ShouldShowAsync("Missing", 0);

        // What is changed on one page is kept when it is turned.
        await person.PressAsync("Next page");
        await Expect(person.Page.GetByText($"Schools 101 to 200 of {orgs}.")).ToBeVisibleAsync();
        await person.LookAsync("the second page of hundreds of schools");
        var name = (await person.Switches.First.GetAttributeAsync("aria-label"))!["Create New School: ".Length..];
        await person.SwitchOf(name).UncheckAsync();
        await person.PressAsync("Next page");
        await Expect(person.Page.GetByText($"Schools 201 to 300 of {orgs}.")).ToBeVisibleAsync();
        await person.ShouldShowAsync("Missing", 1);
        await person.PressAsync("Missing");
        await Expect(person.SwitchOf(name)).Not.ToBeCheckedAsync();
        await Expect(person.Switches).ToHaveCountAsync(1);

        // What is done to many is done to those that the search lets through, on every page.
        await person.PressAsync("All");
        await person.SearchAsync("High School");
        await Expect(person.Page.GetByText($"Schools 201 to 300 of {orgs}.")).ToHaveCountAsync(0);
        await person.Page.GetByText("Change many at once").ClickAsync();
        await person.PressAsync("Turn all of these off");
        await person.SearchAsync("");
        await person.PressAsync("Existing");
        var left = await person.NamesAsync();
        left.Count.ShouldBe(100);
        left.ShouldNotContain(school => school.Contains("High School", StringComparison.Ordinal));
        await person.PressAsync("Missing");
        (await person.NamesAsync()).Count(school => school.Contains("High School", StringComparison.Ordinal)).ShouldBeGreaterThan(20);
    }
}
