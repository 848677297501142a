using Microsoft.Playwright;

namespace Rollbook.Browser.Tests.Site;

/// <summary>A window in which nothing is done or looked at before the page has answered what was done last: a person sees that it is at work, a test does not.</summary>
internal static class PatientPage
{
    // Blazor follows links and sends forms without a new document, so the old page can still be used, and is, by whoever is fast.
    private const string Watch = """
        document.addEventListener('DOMContentLoaded', () => {
          window.Blazor?.addEventListener('enhancednavigationstart', () => document.documentElement.setAttribute('data-awaiting', ''));
          window.Blazor?.addEventListener('enhancednavigationend', () => document.documentElement.removeAttribute('data-awaiting'));
        });
        """;

    /// <summary>Another window of a context.</summary>
    internal static async Task<IPage> OpenAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync(Watch);
        await page.AddLocatorHandlerAsync(page.Locator("html[data-awaiting]"), () => Task.CompletedTask);
        return page;
    }
}
