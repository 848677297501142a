using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Rollbook.Browser.Tests.Pages;

/// <summary>WCAG 2.1, levels A and AA, as far as a machine can tell.</summary>
internal static class Axe
{
    private static readonly AxeRunOptions Rules = new() { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] } };

    internal static async Task ShouldFindNothingAsync(IPage page, string state = "")
    {
        var result = await page.RunAxe(Rules);
        string.Join('\n', result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{state} {violation.Id}: {node.Html}"))).ShouldBeEmpty();
    }
}
