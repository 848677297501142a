using Rollbook.Model;
using Rollbook.Sync.WhatIf;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Rules;

/// <summary>What a what-if would change, in words.</summary>
internal static class EffectWords
{
    /// <summary>Of all kinds together, in a sentence.</summary>
    internal static string Sentence(WhatIfReport report)
    {
        if (!report.Any)
        {
            return "The roster would stay as it is.";
        }

        var parts = Of(report.Changes.Values)
            .Where(part => part.Count > 0)
            .Select(part => $"{Wording.Count(part.Count, "record", "records")} would be {part.Done}");
        return $"Compared with the roster as it is, {string.Join(", ", parts)}.";
    }

    /// <summary>By kind: <c>412 students deleted</c>; empty while nothing would change.</summary>
    internal static IReadOnlyList<string> Parts(IReadOnlyDictionary<Kind, ChangeCounts> changes) =>
        [
            .. from kind in Kinds.All
            where changes.ContainsKey(kind.Kind)
            from part in Of([changes[kind.Kind]])
            where part.Count > 0
            select $"{Wording.Count(part.Count, kind.Name, kind.Plural.ToLowerInvariant())} {part.Done}",
        ];

    private static IEnumerable<(long Count, string Done)> Of(IEnumerable<ChangeCounts> counts)
    {
        var all = counts.ToList();
        yield return (all.Sum(each => each.Create), "created");
        yield return (all.Sum(each => each.Update), "updated");
        yield return (all.Sum(each => each.Delete), "deleted");
        yield return (all.Sum(each => each.Rekey), "rekeyed");
    }
}
