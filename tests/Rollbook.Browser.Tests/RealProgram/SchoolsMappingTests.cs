using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Simulator;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>The eight situations of product.md 3.2, through the console of the real program against the simulated SIS.</summary>
public sealed class SchoolsMappingTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task First_time_new_changed_gone_and_taken_out(bool scripts)
    {
        await using var program = await NewProgram.StartAsync();
        await using var person = await SchoolsPerson.ArriveAsync(site, program, scripts);
        var names = await person.SetUpAsync(program.Sis, details: person.SwitchLimitsOffAsync);

        // First time: every school with its counts, none mapped; Auto Mapping, a name of one's own.
        await person.ShouldCountAsync(existing: 0, missing: names.Count, missingData: 0);
        await Expect(person.Line(names[0]).GetByRole(AriaRole.Cell).First).ToContainTextAsync(new System.Text.RegularExpressions.Regex("^[1-9]"));
        await person.LookAsync("schools before mapping");
        await person.SaveAsync("Auto Mapping");
        await person.ShouldCountAsync(existing: names.Count, missing: 0, missingData: 0);
        await person.NameOf(names[0]).FillAsync("Our first school");
        await person.FinishAsync();
        await person.ImportAsync("published");
        (await person.SchoolsAsync()).ShouldContain("Our first school");
        (await person.SchoolsAsync()).Count.ShouldBe(names.Count);
        var everybody = await person.StudentsAsync();

        // New schools in the SIS: missing until they are turned on; their students leave with the schools they left.
        program.Sis.Scenarios.SchoolOpened();
        await person.ImportAsync("published");
        (await person.StudentsAsync()).ShouldBe(everybody - 10);
        await person.OpenAsync();
        await person.ShouldCountAsync(existing: names.Count, missing: 1, missingData: 0);
        await person.PressAsync("Missing");
        await person.LookAsync("a new school");
        await person.Switches.First.CheckAsync();
        await person.SaveAsync("Save");
        await person.ImportAsync("published");
        (await person.StudentsAsync()).ShouldBe(everybody);

        // A school changed in the SIS: its attributes were taken once, and are taken again when asked for.
        var changed = program.Sis.GetTruth().Ids(Kind.Orgs)[3];
        program.Sis.Scenarios.SchoolRenamed(changed, "Lindbergh Academy");
        await person.ImportAsync("unchanged");
        (await person.SchoolsAsync()).ShouldNotContain("Lindbergh Academy");
        await person.OpenAsync();
        await Expect(person.Page.GetByText("Now “Lindbergh Academy” in the source")).ToBeVisibleAsync();
        await person.LookAsync("a changed school");
        await person.PressAsync(new System.Text.RegularExpressions.Regex("^Refresh from source: "));
        await person.ShouldBeSavedAsync();
        await person.ImportAsync("published");
        (await person.SchoolsAsync()).ShouldContain("Lindbergh Academy");

        // Schools gone from the SIS: they stay and are listed until somebody deletes their mapping.
        program.Sis.Scenarios.SchoolClosed(changed);
        await person.ImportHeldAsync();
        (await person.SchoolsAsync()).ShouldContain("Lindbergh Academy");
        await person.OpenAsync();
        await person.ShouldCountAsync(existing: names.Count + 1, missing: 0, missingData: 1);
        await person.PressAsync("Schools with missing data");
        await person.LookAsync("a school with missing data");
        await person.PressAsync("Delete mapping of Lindbergh Academy");
        await person.LookAsync("deleting a mapping");
        await person.SaveAsync("Delete mapping and remove the school");
        await person.ImportAsync("published");
        (await person.SchoolsAsync()).ShouldNotContain("Lindbergh Academy");

        // Schools to be taken out of the sync: what goes is shown first, and may be kept.
        await person.OpenAsync();
        await person.SwitchOf(names[0]).UncheckAsync();
        await person.PressAsync("Save");
        await Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Delete the mapping of Our first school?");
        await Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("students");
        await person.PressAsync("Keep the mapping");
        await Expect(person.SwitchOf(names[0])).ToBeCheckedAsync();
        await person.SwitchOf(names[0]).UncheckAsync();
        await person.PressAsync("Save");
        await person.SaveOverLimitAsync(new System.Text.RegularExpressions.Regex("^Delete mapping and remove \\d+ students$"));
        var before = await person.StudentsAsync();
        await person.ImportHeldAsync();
        (await person.StudentsAsync()).ShouldBeLessThan(before);
        (await person.SchoolsAsync()).ShouldNotContain("Our first school");
    }

    [Fact]
    public async Task Merged_several_sources_and_a_new_sis()
    {
        await using var program = await NewProgram.StartAsync();
        await using var person = await SchoolsPerson.ArriveAsync(site, program);
        var names = await person.SetUpAsync(program.Sis);
        await person.SaveAsync("Auto Mapping");
        await person.FinishAsync();
        await person.ImportAsync("published");
        var students = await person.StudentsAsync();
        var before = await person.IdsAsync("school");

        // Several schools merged into one: nobody goes, one school less.
        await person.OpenAsync();
        await person.PartOf(names[1]).FillAsync(names[0]);
        await Expect(person.SwitchOf(names[1])).Not.ToBeCheckedAsync();
        await person.SaveAsync("Save");
        await person.LookAsync("merged schools");
        await person.ImportAsync("published");
        (await person.SchoolsAsync()).ShouldNotContain(names[1]);
        (await person.StudentsAsync()).ShouldBe(students);

        // Several sources, the second of which is the new SIS: its schools become part of the schools that are there, which keep their Rollbook IDs.
        await using var other = await SimulatedSynergy.StartAsync(
            new SimulatorOptions { Students = 200, Seed = 7 },
            TestContext.Current.CancellationToken
        );
        var others = await person.SetUpAsync(other);
        await person.SwitchOf(others[0]).UncheckAsync();
        await person.PartOf(others[0]).FillAsync(names[0]);
        await person.FinishAsync();
        await person.ImportAsync("published");
        (await person.StudentsAsync()).ShouldBeGreaterThan(students);
        (await person.IdsAsync("school")).Except(before).ShouldBeEmpty();
    }
}
