using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;

namespace Rollbook.Browser.Tests.Look;

/// <summary>A table scrolls in its own frame where the window is narrow, and its rows stay as high as in a wide one.</summary>
public sealed class NarrowTablesTests(ConsoleSite site)
{
    /// <summary>Tells of the first rows how high they are, and of their cells what is in them.</summary>
    private const string Cells =
        "[...document.querySelectorAll('main .table-frame tr')].slice(0, 3).map(r => r.offsetHeight + ': ' + [...r.cells].map(c => c.offsetWidth + 'x' + [...c.children].map(e => e.tagName + e.offsetWidth + 'x' + e.offsetHeight).join('+')).join(' | ')).join('\\n')";

    [Theory]
    [InlineData("limits", "apps/synergy/settings/limits")]
    [InlineData("pairs", "history/42/pairs")]
    public async Task Rows_are_no_higher_at_320_pixels_than_at_1280(string name, string path)
    {
        var page = await site.OpenAsync(ConsoleSite.Admin);
        await page.GotoAsync($"/d/riverside/{path}");
        var wide = await HighestRowAsync(page);
        await page.SetViewportSizeAsync(320, 640);
        await Pictures.TakeAsync(page, $"{name}-rows-narrow");
        (await HighestRowAsync(page)).ShouldBeLessThanOrEqualTo(wide, await page.EvaluateAsync<string>(Cells));
        await page.Context.CloseAsync();
    }

    private static Task<int> HighestRowAsync(IPage page) =>
        page.EvaluateAsync<int>("Math.max(...[...document.querySelectorAll('main .table-frame tr')].map(row => row.offsetHeight))");
}
