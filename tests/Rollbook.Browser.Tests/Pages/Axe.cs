using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Rollbook.Browser.Tests.Pages;

/// <summary>WCAG 2.1, levels A and AA, as far as a machine can tell.</summary>
internal static class Axe
{
    /// <summary>Only what is wrong is told in full: to name all that is right takes most of the time.</summary>
    private static readonly HashSet<ResultType> Violations = [ResultType.Violations];

    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
        ResultTypes = Violations,
    };

    private static readonly AxeRunOptions Contrast = new()
    {
        RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] },
        ResultTypes = Violations,
    };

    internal static Task ShouldFindNothingAsync(IPage page, string state = "") => ShouldFindNothingAsync(page, state, Rules);

    /// <summary>For a page that was checked already and has changed nothing but its colours.</summary>
    internal static Task ShouldHaveContrastAsync(IPage page, string state) => ShouldFindNothingAsync(page, state, Contrast);

    private static async Task ShouldFindNothingAsync(IPage page, string state, AxeRunOptions rules)
    {
        var result = await page.RunAxe(rules);
        string.Join('\n', result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{state} {violation.Id}: {node.Html}")))
            .ShouldBeEmpty();
    }
}
