using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>A school is gone from the SIS: the real program holds the import, and a person looks and decides.</summary>
public sealed class HoldTests(ConsoleSite site)
{
    [Theory]
    [InlineData(true, 1280)]
    [InlineData(false, 1280)]
    [InlineData(true, 320)]
    public async Task An_import_that_would_take_a_school_away_waits_for_a_person(bool scripts, int width)
    {
        await using var program = await DemoProgram.StartAsync();
        await using var manager = await DataManager.ArriveAsync(site, program, scripts, width);
        await manager.TakeRoleAsync();
        await program.PlayAsync("schoolClosed");

        await manager.RunImportAsync();
        await manager.ShouldEndAsync("Held");
        await Expect(manager.Page.GetByText("1 mapped school is no longer in the source")).ToBeVisibleAsync();
        await manager.LookAsync("a held import");
        await DecideAsync(manager, "Decline", "The district has not closed a school.");
        await manager.ShouldEndAsync("Declined");
        await manager.LookAsync("a declined import");

        await manager.RunImportAsync();
        await manager.ShouldEndAsync("Held");
        await manager.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^1 school deleted$") }).ClickAsync();
        await Expect(manager.Heading("Changes of run 3")).ToBeVisibleAsync();
        await manager.LookAsync("the changes of a held import");
        await manager.Link("Review run 3").ClickAsync();
        await DecideAsync(manager, "Accept", "It has: the board closed it in June.");
        await manager.ShouldEndAsync("Published");
        await Expect(manager.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new("^Accepted by ") })).ToBeVisibleAsync();
        await Expect(manager.Page.GetByText("It has: the board closed it in June.")).ToBeVisibleAsync();
        await manager.LookAsync("an accepted import");
        await manager.Page.GotoAsync("/d/demo");
        await Expect(manager.Page.GetByText("Nothing needs you.")).ToBeVisibleAsync();
        await manager.ShouldNeverHaveMetTheSecretAsync();
    }

    private static async Task DecideAsync(DataManager manager, string decision, string reason)
    {
        await manager.Page.GetByLabel("Reason").FillAsync(reason);
        await manager.Button(decision).ClickAsync();
    }
}
