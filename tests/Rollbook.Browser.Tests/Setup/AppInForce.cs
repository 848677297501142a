using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Sync.Configuration;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>A Synergy app of a test's own that is in force, with a person at its settings.</summary>
internal sealed class AppInForce(ConsoleSite site)
{
    private static int apps;

    private readonly string app = FormattableString.Invariant($"in-force-{Interlocked.Increment(ref apps)}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes it and opens the tab of a step.</summary>
    internal async Task<IPage> OpenAsync(string step, bool scripts)
    {
        var settings = new AppConfiguration
        {
            Type = "synergy",
            Name = app,
            AcceptTerms = true,
        };
        await site
            .Services.GetRequiredService<Configurations>()
            .ChangeAsync(ConsoleSite.SetupDistrict, "test", district => district.With(app, settings), Token);
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        await OpenAgainAsync(page, step);
        return page;
    }

    internal Task OpenAgainAsync(IPage page, string step) => page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}/apps/{app}/settings/{step}");

    /// <summary>Presses <b>Save</b> and waits until it is said.</summary>
    internal static async Task SaveAsync(IPage page)
    {
        await NewApp.Button(page, "Save").ClickAsync();
        await Expect(page.GetByText("Saved. It takes effect with the next import.")).ToBeVisibleAsync();
    }

    /// <summary>It as it is saved.</summary>
    internal async Task<AppConfiguration> SavedAsync()
    {
        var store = await site.Services.GetRequiredService<Storage.IInstallationStore>().OpenAsync(ConsoleSite.SetupDistrict, Token);
        var version = await store.ShouldNotBeNull().Configuration.LatestAsync(Token);
        return DistrictConfiguration.FromDocument(version.ShouldNotBeNull().Document).Apps[app];
    }
}
