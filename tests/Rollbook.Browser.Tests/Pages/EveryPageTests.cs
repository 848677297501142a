using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;

namespace Rollbook.Browser.Tests.Pages;

/// <summary>What holds for every page in every state; one visit each.</summary>
public sealed class EveryPageTests(ConsoleSite site)
{
    public static TheoryData<string> Names => [.. PageCatalog.All.Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_accessible_in_both_themes_fits_320_pixels_and_200_percent_and_takes_nothing_from_elsewhere(string name)
    {
        var (_, account, path) = PageCatalog.All.Single(each => each.Name == name);
        var page = await site.OpenAsync(account, new() { ColorScheme = ColorScheme.Light });
        var complaints = Listen(page);
        var answer = await page.GotoAsync(path);

        answer!.Status.ShouldBe(
            name switch
            {
                "not-found" or "forbidden-district" or "person-unknown" => 404,
                "setup-unknown" => 410,
                _ => 200,
            }
        );
        answer.Headers["content-security-policy"].ShouldContain("default-src 'none'; script-src 'self'; style-src 'self';");
        answer.Headers["cache-control"].ShouldContain("no-store");
        (await page.TitleAsync()).ShouldNotBeEmpty();
        (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).CountAsync()).ShouldBe(1);
        (await page.GetByRole(AriaRole.Main).CountAsync()).ShouldBe(1);
        (await page.Locator("[style], style, script:not([src])").CountAsync()).ShouldBe(0);

        await Axe.ShouldFindNothingAsync(page, "light");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Axe.ShouldHaveContrastAsync(page, "dark");

        // A window of 1,280 by 800 at 200 % zoom has so many pixels of the style sheet.
        await page.SetViewportSizeAsync(640, 400);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(640);
        await page.SetViewportSizeAsync(320, 640);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        complaints.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    private List<string> Listen(IPage page)
    {
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            // The browser itself notes a page's own 404 or 410 as an error.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                complaints.Add(message.Text);
            }
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Host != site.Address.Host && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                complaints.Add(request.Url);
            }
        };
        return complaints;
    }
}
