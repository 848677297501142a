using System.Text.RegularExpressions;
using Rollbook.Sources.OneRosterCsv.Format;

namespace Rollbook.Sources.Tests.OneRosterCsv;

/// <summary>The rules are one list, and the guide has the same.</summary>
public sealed partial class RulesTests
{
    [Fact]
    public void The_guide_lists_every_rule_with_its_sentence()
    {
        var guide = File.ReadAllText(Guide());
        Row()
            .Matches(guide)
            .Select(row => (row.Groups["rule"].Value, row.Groups["text"].Value))
            .ShouldBe(CsvRules.All.Select(rule => (rule.Key, rule.Value)));
    }

    private static string Guide()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var guide = Path.Combine(folder, "docs", "guide", "oneroster-csv.md");
            if (File.Exists(guide))
            {
                return guide;
            }
        }

        throw new FileNotFoundException("The guide is not above the tests.");
    }

    [GeneratedRegex(@"^\| `(?<rule>[a-z-]+)` \| (?<text>.+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
