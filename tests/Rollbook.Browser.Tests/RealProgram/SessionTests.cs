using Rollbook.Browser.Tests.Site;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>The first link and the sign-in of the real program.</summary>
public sealed class SessionTests(ConsoleSite site)
{
    [Fact]
    public async Task Who_signed_out_is_asked_to_sign_in_and_the_link_does_not_work_again()
    {
        await using var program = await DemoProgram.StartAsync(students: 20);
        await using var manager = await DataManager.ArriveAsync(site, program);
        await manager.TakeRoleAsync();
        await manager.Button("Sign out").ClickAsync();
        foreach (
            var path in new[]
            {
                "/d/demo",
                "/d/demo/apps/synergy",
                "/d/demo/history/1",
                "/d/demo/data/student",
                "/d/demo/data/student.csv",
                "/d/demo/history/1/events",
            }
        )
        {
            await manager.Page.GotoAsync(path);
            await Expect(manager.Heading("Sign in")).ToBeVisibleAsync();
        }

        await manager.LookAsync("sign-in");
        (await manager.Page.GotoAsync(program.SetupLink))!.Status.ShouldBe(410);
        await Expect(manager.Heading("This link was used already")).ToBeVisibleAsync();
        await Expect(manager.Page.GetByText("If you made an account with it, sign in.")).ToBeVisibleAsync();
        await manager.LookAsync("a used link");
        await manager.Link("Go to sign-in").ClickAsync();
        await manager.SignInAsync();
        await Expect(manager.Heading("Home")).ToBeVisibleAsync();
        await manager.ShouldNeverHaveMetTheSecretAsync();
    }
}
