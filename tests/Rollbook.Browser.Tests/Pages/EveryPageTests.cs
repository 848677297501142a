using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;

namespace Rollbook.Browser.Tests.Pages;

/// <summary>What holds for every page in every state.</summary>
public sealed class EveryPageTests(ConsoleSite site)
{
    public static TheoryData<string> Names => [.. PageCatalog.All.Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Has_no_violation_of_the_accessibility_guidelines_in_light_and_dark(string name)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var page = await OpenAsync(name, new() { ColorScheme = scheme });
            await Axe.ShouldFindNothingAsync(page, scheme.ToString());
            await page.Context.CloseAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Fits_320_pixels_without_scrolling_sideways(string name)
    {
        var page = await OpenAsync(name, new() { ViewportSize = new ViewportSize { Width = 320, Height = 640 } });
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await page.Context.CloseAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Has_one_heading_and_landmarks_and_nothing_inline_or_from_another_host(string name)
    {
        var said = new List<string>();
        var page = await site.OpenAsync(Of(name).Account);
        page.Console += (_, message) =>
        {
            // The browser itself notes a page's own 403, 404 or 410 as an error.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                said.Add(message.Text);
            }
        };
        page.PageError += (_, error) => said.Add(error);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Host != site.Address.Host && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                said.Add(request.Url);
            }
        };
        var answer = await page.GotoAsync(Of(name).Path);

        answer!.Status.ShouldBe(name switch { "not-found" or "forbidden-district" => 404, "setup-unknown" => 410, _ => 200 });
        answer.Headers["content-security-policy"].ShouldContain("default-src 'none'; script-src 'self'; style-src 'self';");
        answer.Headers["cache-control"].ShouldContain("no-store");
        (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).CountAsync()).ShouldBe(1);
        (await page.GetByRole(AriaRole.Main).CountAsync()).ShouldBe(1);
        (await page.Locator("[style], style, script:not([src])").CountAsync()).ShouldBe(0);
        (await page.TitleAsync()).ShouldNotBeEmpty();
        said.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync(string name, BrowserNewContextOptions options)
    {
        var page = await site.OpenAsync(Of(name).Account, options);
        await page.GotoAsync(Of(name).Path);
        return page;
    }

    private static (string Name, string? Account, string Path) Of(string name) => PageCatalog.All.Single(page => page.Name == name);
}
