using Rollbook.Storage;

namespace Rollbook.Sync.Quality;

/// <summary>How bad an issue is (product.md section 3.4).</summary>
public enum IssueType
{
    /// <summary>The record was imported all the same.</summary>
    Error,

    /// <summary>The record was not imported.</summary>
    Skipped,
}

/// <summary>Which rules make which type of issue.</summary>
public static class IssueTypes
{
    /// <summary>The type of issue that a rule makes.</summary>
    public static IssueType Of(IssueRule rule) => rule == IssueRule.Report ? IssueType.Error : IssueType.Skipped;

    /// <summary>The rules that make issues of a type and are the one asked for; null when both don't matter.</summary>
    public static IReadOnlyCollection<IssueRule>? Rules(IssueType? type, IssueRule? rule) =>
        type is null && rule is null
            ? null
            : [.. Enum.GetValues<IssueRule>().Where(each => (type is null || Of(each) == type) && (rule is null || each == rule))];
}
