using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Simulator;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>A SIS that is not Synergy, from the gallery to a roster that is what the SIS has.</summary>
public sealed class OneRosterTests(ConsoleSite site)
{
    [Theory]
    [InlineData(Profile.Clean12, true)]
    [InlineData(Profile.Clean11, false)]
    public async Task From_the_gallery_to_the_roster(Profile profile, bool scripts)
    {
        await using var program = await NewProgram.StartAsync(new SimulatorOptions { Students = 200, Profile = profile });
        await using var person = await SchoolsPerson.ArriveAsync(site, program, scripts);
        await person.SetUpAsync(
            program.Sis,
            name: "OneRoster",
            details: async () =>
            {
                // 1.2 is found below the bare host; 1.1 is read with signed requests.
                await person.Page.GetByText("Advanced Settings").ClickAsync();
                if (profile is Profile.Clean12)
                {
                    await person.Page.GetByLabel("API URL").FillAsync(program.Sis.ApiUrl.GetLeftPart(UriPartial.Authority));
                }
                else
                {
                    await person.Page.GetByLabel("Token URL").FillAsync("");
                    await person.Page.GetByLabel("OAuth", new() { Exact = true }).SelectOptionAsync("1.0a");
                }
            }
        );
        await person.SaveAsync("Auto Mapping");
        await person.FinishAsync();
        await person.PressAsync("Run Import");
        await Expect(person.Page.Locator(".page-head .badge")).ToHaveTextAsync(new Regex("Published$"));
        await person.LookAsync($"an import over {profile}");

        var truth = program.Sis.GetTruth();
        (await person.StudentsAsync()).ShouldBe(truth.Students);
        (await person.IdsAsync("teacher")).Count.ShouldBe(truth.Teachers + truth.Aides + truth.Proctors);
        (await person.IdsAsync("admin")).Count.ShouldBe(truth.Administrators);
        (await person.IdsAsync("contact")).Count.ShouldBe(truth.Contacts);
        (await person.IdsAsync("enrollment")).Count.ShouldBe(truth.Enrollments);
        await person.ImportAsync("unchanged");
    }
}
