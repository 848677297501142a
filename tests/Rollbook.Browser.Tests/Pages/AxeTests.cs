using Rollbook.Browser.Tests.Site;

namespace Rollbook.Browser.Tests.Pages;

/// <summary>That what is wrong is found.</summary>
public sealed class AxeTests(ConsoleSite site)
{
    [Fact]
    public async Task A_picture_without_words_and_pale_words_are_found()
    {
        var page = await site.OpenAsync(null);
        await page.SetContentAsync(
            "<!doctype html><html lang='en'><title>T</title><main><img src='data:,'><p style='color: #ccc; background: #fff'>Pale</p></main></html>"
        );
        (await Assert.ThrowsAsync<ShouldAssertException>(() => Axe.ShouldFindNothingAsync(page, "light"))).Message.ShouldSatisfyAllConditions(
            found => found.ShouldContain("image-alt: <img"),
            found => found.ShouldContain("color-contrast: <p")
        );
        (await Assert.ThrowsAsync<ShouldAssertException>(() => Axe.ShouldHaveContrastAsync(page, "dark"))).Message.ShouldNotContain("image-alt");
        await page.Context.CloseAsync();
    }
}
