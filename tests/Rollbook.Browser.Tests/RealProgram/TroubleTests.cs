using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>When the SIS is slow or refuses: the person sees it, can stop it, and is told what to do.</summary>
public sealed class TroubleTests(ConsoleSite site)
{
    [Fact]
    public async Task A_slow_import_is_watched_and_cancelled_and_the_roster_stays()
    {
        await using var program = await DemoProgram.StartAsync();
        await using var manager = await DataManager.ArriveAsync(site, program);
        await manager.TakeRoleAsync();
        await program.PlayAsync("withdrawal");
        await program.BehaveAsync(new { firstByteDelayMilliseconds = 1_000 });

        await manager.RunImportAsync();
        await Expect(manager.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Schools and organizations" })).ToContainTextAsync("Complete");
        await program.BehaveAsync(new { firstByteDelayMilliseconds = 60_000 });
        await Expect(manager.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Enrollments" })).ToContainTextAsync("To come");
        await manager.LookAsync("an import at work");

        var pressed = TimeProvider.System.GetTimestamp();
        await manager.Button("Cancel").ClickAsync();
        await manager.ShouldEndAsync("Cancelled");
        TimeProvider.System.GetElapsedTime(pressed).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        await Expect(manager.Page.GetByText("A person stopped the import. It had no effect on the roster.")).ToBeVisibleAsync();
        await manager.LookAsync("a cancelled import");

        await manager.Page.GotoAsync("/d/demo/data/student");
        await Expect(manager.Page.GetByText("Roster version 1,")).ToBeVisibleAsync();
        await Expect(manager.Page.GetByText("300 in all")).ToBeVisibleAsync();
        await manager.ShouldNeverHaveMetTheSecretAsync();
    }

    [Fact]
    public async Task A_refused_secret_is_told_with_what_to_do_until_it_is_put_right()
    {
        await using var program = await DemoProgram.StartAsync();
        await using var manager = await DataManager.ArriveAsync(site, program);
        await manager.TakeRoleAsync();
        await program.BehaveAsync(new { token = "invalidClient" });

        await manager.RunImportAsync();
        await manager.ShouldEndAsync("Failed");
        await Expect(manager.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The import failed");
        await Expect(manager.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("secret");
        await Expect(manager.Page.GetByText("The roster is as it was before.")).ToBeVisibleAsync();
        await manager.LookAsync("a failed import");
        await manager.Page.GotoAsync("/d/demo");
        await Expect(manager.Page.GetByText("Needs you.")).ToBeVisibleAsync();
        await manager.LookAsync("Home after a failed import");

        await program.BehaveAsync(new { });
        await manager.RunImportAsync();
        await manager.ShouldEndAsync("Unchanged");
        await manager.Page.GotoAsync("/d/demo");
        await Expect(manager.Page.GetByText("Nothing needs you.")).ToBeVisibleAsync();
        await manager.ShouldNeverHaveMetTheSecretAsync();
    }
}
