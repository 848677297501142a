using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Rollbook.Browser.Tests.Pages;

/// <summary>WCAG 2.1, levels A and AA, as far as a machine can tell.</summary>
internal static class Axe
{
    private const string Rules = "{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }";
    private const string Contrast = "{ type: 'rule', values: ['color-contrast'] }";

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    internal static Task ShouldFindNothingAsync(IPage page, string state = "") => ShouldFindNothingAsync(page, state, Rules);

    /// <summary>For a page that was checked already and has changed nothing but its colours.</summary>
    internal static Task ShouldHaveContrastAsync(IPage page, string state) => ShouldFindNothingAsync(page, state, Contrast);

    /// <summary>
    /// Runs axe in the page. The console has no frames, so the page is all there is; only what is wrong is told in full, since to name all that is right takes most of the
    /// time.
    /// </summary>
    private static async Task ShouldFindNothingAsync(IPage page, string state, string rules)
    {
        (await page.Locator("iframe, frame").CountAsync()).ShouldBe(0);
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        var found = await page.EvaluateAsync<string[]>(
            $$"""
            async () => {
              const result = await axe.run(document, { runOnly: {{rules}}, resultTypes: ['violations'] });
              if (result.passes.length + result.violations.length === 0) throw new Error('axe looked at nothing.');
              return result.violations.flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html}`));
            }
            """
        );
        string.Join('\n', found.Select(violation => $"{state} {violation}")).ShouldBeEmpty();
    }
}
