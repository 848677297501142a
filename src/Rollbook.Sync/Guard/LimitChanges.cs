using System.Globalization;
using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Guard;

/// <summary>What a configuration changes in the gates themselves, in sentences: no change set shows it, since from the same upload the same roster comes.</summary>
internal static class LimitChanges
{
    /// <summary>What differs on a day, and which planned change windows come or go; empty where an app waits for the same reasons as before.</summary>
    internal static IReadOnlyList<string> Between(AdvancedSettings old, AdvancedSettings now, DateOnly day)
    {
        var sentences = new List<string>();
        if (old.PreviewOfDataUpload != now.PreviewOfDataUpload)
        {
            sentences.Add(
                now.PreviewOfDataUpload
                    ? "Preview of data upload comes on: every sync waits for a person, and no limit is evaluated."
                    : "Preview of data upload goes off: a sync waits for a person only where it reaches a limit."
            );
        }

        var (before, after) = (SyncLimits.Of(old.On(day)), SyncLimits.Of(now.On(day)));
        foreach (var what in after.Concat(before).Select(limit => (limit.Operation, limit.Scope, limit.Kind)).Distinct())
        {
            var (was, isNow) = (Allowed(before, what), Allowed(after, what));
            if (!string.Equals(was, isNow, StringComparison.Ordinal))
            {
                sentences.Add(
                    isNow.Length == 0 ? $"{Subject(what)}: there is no limit any more; it was {was}."
                    : was.Length == 0 ? $"{Subject(what)}: the limit is {isNow}; there was none."
                    : $"{Subject(what)}: the limit is {isNow}, instead of {was}."
                );
            }
        }

        var (windowsBefore, windowsNow) = (Windows(old), Windows(now));
        sentences.AddRange(windowsNow.Except(windowsBefore, StringComparer.Ordinal).Select(window => $"{window} is added."));
        sentences.AddRange(windowsBefore.Except(windowsNow, StringComparer.Ordinal).Select(window => $"{window} is taken out."));
        return sentences;
    }

    /// <summary>What a limit allows less than: its percentage, its count, and from how many records on.</summary>
    internal static string Allowed(SyncLimit limit)
    {
        var percent = limit.Percent is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share:0.##} %") : null;
        var count = limit.Count is { } most ? $"{Number(most)} records" : null;
        var floor = limit is { Percent: not null, LeastRecords: > 1 } ? $", from {Number(limit.LeastRecords)} records on" : "";
        return string.Join(" or ", new[] { percent, count }.OfType<string>()) + floor;
    }

    private static string Allowed(IReadOnlyList<SyncLimit> table, (Operation Operation, LimitScope Scope, string? Kind) what) =>
        string.Join(
            " and ",
            table
                .Where(limit => (limit.Operation, limit.Scope, limit.Kind) == what && (limit.Percent ?? limit.Count) is not null)
                .Select(limit =>
                    Allowed(limit)
                    + (limit is { Percent: not null, LeastPopulation: > 0 } ? $", where there are {Number(limit.LeastPopulation)}" : "")
                )
        );

    private static string Subject((Operation Operation, LimitScope Scope, string? Kind) what)
    {
        var records = what.Kind is { } named ? Kinds.Find(named)?.Plural ?? named : "Records";
        var done = what.Operation switch
        {
            Operation.Create => "created",
            Operation.Update => "changed",
            Operation.Delete => "deleted",
            _ => "under other SIS IDs",
        };
        return $"{records} {done}{(what.Scope == LimitScope.School ? " in one school" : "")}";
    }

    private static List<string> Windows(AdvancedSettings settings) =>
        [
            .. (settings.ChangeWindows ?? []).Select(window =>
            {
                var limits = SyncLimits
                    .Of(settings.In(window))
                    .Where(limit => (limit.Percent ?? limit.Count) is not null)
                    .Select(limit => $"{Subject((limit.Operation, limit.Scope, limit.Kind))}: {Allowed(limit)}");
                return $"The planned change window from {window.From:yyyy-MM-dd} to {window.Until:yyyy-MM-dd} ({string.Join("; ", limits)})";
            }),
        ];

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
