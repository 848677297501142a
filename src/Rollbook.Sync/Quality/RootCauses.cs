using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Quality;

/// <summary>
/// Finds the few causes behind an app's many issues. A record that lacks another is followed to that one, and on from there, up to what is wrong in the first
/// place: a school that the source does not have is one cause, however many classes, people and enrollments lack it.
/// </summary>
public static class RootCauses
{
    /// <summary>The causes, what costs most first.</summary>
    /// <param name="counts">The app's issues, counted.</param>
    /// <param name="targets">What its records lack of others.</param>
    /// <param name="report">The report of the run whose upload has the issues.</param>
    public static IReadOnlyList<RootCause> Of(IEnumerable<IssueCount> counts, IssueTargets targets, RunReport report)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(report);
        var missing = new Dictionary<RollbookId, (MissingTarget Target, Dictionary<Kind, long> Skipped)>();
        var values = new Dictionary<ValueKey, Dictionary<Kind, long>>();
        var (notMapped, filtered) = (report.NotMapped.ToDictionary(), new Dictionary<Kind, long>());
        foreach (var count in targets.Counts)
        {
            var (target, issue) = RootOf(count.Target, targets.LeftOut);
            var followers =
                issue is { } found ? Of(values, new ValueKey(found.Kind, found.Attribute, found.Rule, found.Problem))
                : target.Absence == Absence.NotMapped ? notMapped
                : target.Absence == Absence.Filtered ? filtered
                : Of(missing, target);
            followers[count.Kind] = followers.GetValueOrDefault(count.Kind) + count.Count;
        }

        List<RootCause> causes =
        [
            .. missing.Values.Select(each => new RootCause.Missing(each.Target, each.Skipped)),
            .. counts
                .Where(count => !IsReference(count))
                .GroupBy(count => new ValueKey(count.Kind, count.Attribute, count.Rule, count.Problem))
                .Select(group => ValueOf(group.Key, [.. group]).With(values.GetValueOrDefault(group.Key) ?? [])),
            .. report.Findings.Select(finding => new RootCause.File(finding)),
        ];
        if (notMapped.Count > 0)
        {
            causes.Add(new RootCause.NotMapped(notMapped));
        }

        if (filtered.Count > 0)
        {
            causes.Add(new RootCause.Filtered(filtered));
        }

        return [.. causes.OrderByDescending(cause => cause.Cost)];
    }

    /// <summary>All that records lack for the sake of one missing record: it, and what is left out for it and lacked by others in turn.</summary>
    public static IReadOnlyCollection<RollbookId> Behind(RollbookId missing, IssueTargets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return
        [
            .. targets
                .Counts.Where(count => RootOf(count.Target, targets.LeftOut) is { Issue: null } root && root.Target.Id == missing)
                .Select(count => count.Target.Id)
                .Distinct(),
        ];
    }

    /// <summary>How many records are left out because of the district's choice, for what they lack, by kind.</summary>
    internal static Dictionary<Kind, long> Chosen(IssueTargets targets) =>
        targets
            .Counts.Where(count => RootOf(count.Target, targets.LeftOut) is { Issue: null, Target.Absence: Absence.NotMapped or Absence.Filtered })
            .GroupBy(count => count.Kind)
            .ToDictionary(group => group.Key, group => group.Sum(count => count.Count));

    /// <summary>Follows what is missing to its cause: a record that is not there for no issue of its own, or that issue.</summary>
    private static (MissingTarget Target, Issue? Issue) RootOf(MissingTarget target, IReadOnlyDictionary<RollbookId, Issue> leftOut)
    {
        // What is referred to is of an earlier family, so this ends.
        while (target.Absence == Absence.LeftOut && leftOut.TryGetValue(target.Id, out var issue))
        {
            if (issue.Target is not { } next)
            {
                return (target, issue);
            }

            target = next;
        }

        return (target, null);
    }

    /// <summary>Whether the records of a count lack another record, by which they are counted already.</summary>
    private static bool IsReference(IssueCount count) =>
        count is { Rule: IssueRule.Required, Problem: IssueProblem.Invalid } && Kinds.Of(count.Kind).Find(count.Attribute)?.IsReference == true;

    private static RootCause.Value ValueOf(ValueKey key, IReadOnlyList<IssueCount> counts) =>
        new(
            key.Kind,
            key.Attribute,
            key.Rule,
            key.Problem,
            counts.Sum(count => count.Count),
            [
                .. counts
                    .Where(count => count.School is not null)
                    .Select(count => (School: count.School!.Value, count.Count))
                    .OrderByDescending(school => school.Count)
                    .ThenBy(school => school.School),
            ]
        );

    private static Dictionary<Kind, long> Of(Dictionary<ValueKey, Dictionary<Kind, long>> values, ValueKey key) =>
        values.TryGetValue(key, out var followers) ? followers : values[key] = [];

    private static Dictionary<Kind, long> Of(
        Dictionary<RollbookId, (MissingTarget Target, Dictionary<Kind, long> Skipped)> missing,
        MissingTarget target
    )
    {
        if (!missing.TryGetValue(target.Id, out var found))
        {
            missing[target.Id] = found = (target, []);
        }

        return found.Skipped;
    }

    private readonly record struct ValueKey(Kind Kind, string Attribute, IssueRule Rule, IssueProblem Problem);
}
