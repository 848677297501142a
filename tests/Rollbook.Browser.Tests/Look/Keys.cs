using Microsoft.Playwright;

namespace Rollbook.Browser.Tests.Look;

/// <summary>What a person does with the keyboard alone.</summary>
internal static class Keys
{
    /// <summary>Goes to the thing of this name and presses Enter.</summary>
    internal static async Task FollowAsync(IPage page, string name)
    {
        await TabToAsync(page, name);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Presses Tab until the thing of this name has the focus.</summary>
    internal static async Task TabToAsync(IPage page, string name)
    {
        for (var i = 0; i < 300; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var focused = await page.EvaluateAsync<string>(
                "(() => { const e = document.activeElement; return e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent ?? ''; })()"
            );
            if (focused.Trim().StartsWith(name, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"Tab did not reach {name}.");
    }
}
