using Rollbook.Storage;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Quality;

/// <summary>What the console calls issues and what they are about.</summary>
internal static class QualityWords
{
    internal static Tone ToneOf(IssueRule rule) => rule == IssueRule.Report ? Tone.Attention : Tone.Danger;

    internal static string Name(IssueRule rule) =>
        rule switch
        {
            IssueRule.Report => "Report if Missing",
            IssueRule.Skip => "Skip if Missing",
            _ => "Always required",
        };

    internal static string Name(IssueProblem problem) => problem == IssueProblem.Missing ? "Missing" : "Not valid";

    /// <summary>An attribute's name; of an entry of the metadata the name as the district gave it.</summary>
    internal static string Attribute(Kind kind, string attribute) => Kinds.Of(kind).Find(attribute) is { } known ? Wording.Label(known) : attribute;

    /// <summary>1 student, 412 students.</summary>
    internal static string Count(Kind kind, long count) => Wording.Count(count, Kinds.Of(kind).Name, Kinds.Of(kind).Plural.ToLowerInvariant());

    /// <summary>412 students and 2,870 enrollments.</summary>
    internal static string List(IReadOnlyDictionary<Kind, long> counts)
    {
        var parts = counts.Where(count => count.Value > 0).OrderBy(count => count.Key).Select(count => Count(count.Key, count.Value)).ToList();
        return parts.Count switch
        {
            0 => "no record",
            1 => parts[0],
            _ => $"{string.Join(", ", parts[..^1])} and {parts[^1]}",
        };
    }

    /// <summary>Why something that a record can't stand without is not there.</summary>
    internal static string Why(Absence absence) =>
        absence switch
        {
            Absence.NotInSource => "not in the source",
            Absence.NotMapped => "of schools that are not mapped",
            Absence.Filtered => "left out by Filter Rules",
            _ => "skipped itself",
        };

    /// <summary>98.3, 100.</summary>
    internal static string Score(decimal score) => score.ToString("0.#", Wording.English);
}
