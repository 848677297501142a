using System.Text.RegularExpressions;

namespace Rollbook.Architecture.Tests;

/// <summary>The table of quirks names tests that exist, so that none is promised that went away or was renamed.</summary>
public sealed partial class QuirkTableTests
{
    private static readonly string Root = Above(AppContext.BaseDirectory).First(folder => File.Exists(Path.Combine(folder, "Rollbook.slnx")));

    [Fact]
    public void Every_test_that_the_table_names_is_there()
    {
        var table = File.ReadAllText(Path.Combine(Root, "docs", "reference", "oneroster-quirks.md"));
        var named = Named().Matches(table).ToList();
        named.Count.ShouldBeGreaterThan(80);
        named.Where(test => !IsThere(test)).Select(test => test.Value).Distinct(StringComparer.Ordinal).ShouldBeEmpty();
    }

    private static bool IsThere(Match test) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, "tests", $"Rollbook.{test.Groups["room"].Value}.Tests"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .Any(text =>
                text.Contains($" class {test.Groups["class"].Value}", StringComparison.Ordinal)
                && text.Contains($" {test.Groups["test"].Value}(", StringComparison.Ordinal)
            );

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }

    [GeneratedRegex(@"`(?<room>[A-Z]\w+)/(?<class>\w+)\.(?<test>\w+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();
}
