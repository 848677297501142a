using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Web.Features.Data;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>Data Browsing with the names, codes and identifiers of a district as an SIS has them.</summary>
public sealed class ListsTests(ConsoleSite site)
{
    [Fact]
    public async Task Every_list_fits_a_window_of_1280_pixels_with_its_default_columns()
    {
        await using var program = await DemoProgram.StartAsync();
        await using var manager = await DataManager.ArriveAsync(site, program);
        await manager.TakeRoleAsync();
        foreach (var kind in Columns.Tabs)
        {
            await manager.Page.GotoAsync($"/d/demo/data/{kind.Name}");
            (await HiddenAsync(manager.Page.GetByRole(AriaRole.Region, new() { Name = kind.Plural }))).ShouldBe(0, kind.Plural);
            (await HiddenAsync(manager.Page.GetByRole(AriaRole.Navigation, new() { Name = "Entity types" }))).ShouldBe(
                0,
                $"the tabs with {kind.Plural}"
            );
        }
    }

    /// <summary>How many pixels one has to scroll sideways to see all of it.</summary>
    private static Task<int> HiddenAsync(ILocator frame) => frame.EvaluateAsync<int>("frame => frame.scrollWidth - frame.clientWidth");
}
