using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;

namespace Rollbook.Browser.Tests.Pages;

/// <summary>Pictures of every page, for people to look at: written to the folder that ROLLBOOK_PICTURES names, and skipped without it.</summary>
public sealed class Pictures(ConsoleSite site)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("ROLLBOOK_PICTURES");

    [Fact]
    public async Task Of_every_page()
    {
        Assert.SkipWhen(Folder is null, "ROLLBOOK_PICTURES names no folder.");
        Directory.CreateDirectory(Folder!);
        await TakeAsync("light", ColorScheme.Light, 1280);
        await TakeAsync("dark", ColorScheme.Dark, 1280);
        await TakeAsync("narrow", ColorScheme.Light, 320);
    }

    /// <summary>A picture of a state that a test has brought a page into.</summary>
    internal static async Task TakeAsync(IPage page, string name)
    {
        if (Folder is not null)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png"), FullPage = true });
        }
    }

    private async Task TakeAsync(string set, ColorScheme scheme, int width)
    {
        foreach (var group in PageCatalog.All.GroupBy(page => page.Account))
        {
            var page = await site.OpenAsync(
                group.Key,
                new()
                {
                    ColorScheme = scheme,
                    ViewportSize = new ViewportSize { Width = width, Height = 800 },
                }
            );
            foreach (var (name, _, path) in group)
            {
                await page.GotoAsync(path);
                await page.ScreenshotAsync(new() { Path = Path.Combine(Folder!, $"{name}-{set}.png"), FullPage = true });
            }

            await page.Context.CloseAsync();
        }
    }
}
