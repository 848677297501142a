using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Map;
using Rollbook.Sync.Rules;

namespace Rollbook.Sync.Derive;

/// <summary>
/// What becomes of an app's issues in one run: a record that is derived again loses its old ones and gets those that it has now; all others stay. Without
/// requirements nothing is asked of the store.
/// </summary>
internal sealed class IssueBook(IIssueStore store, string app, bool isKept, bool everything)
{
    private readonly Dictionary<(Collection Collection, RollbookId Record), Issue[]> added = [];
    private readonly HashSet<(Collection Collection, RollbookId Record)> cleared = [];

    /// <summary>For whom Data Requirements found something, as far as is known now: those that were kept, without those that are derived again, with those of this run.</summary>
    private readonly Dictionary<(Collection Collection, RollbookId Record), (Kind Kind, bool IsReported)> now = [];

    /// <summary>What is to be published.</summary>
    internal IssueChanges Changes => new(everything, cleared, [.. added.Values.SelectMany(issues => issues)]);

    /// <summary>Records in the roster that have an issue, by kind.</summary>
    internal IReadOnlyDictionary<Kind, long> Reported => Count(isReported: true);

    /// <summary>Records that are skipped for an issue of their own, by kind.</summary>
    internal IReadOnlyDictionary<Kind, long> Skipped => Count(isReported: false);

    private Dictionary<Kind, long> Count(bool isReported) =>
        now
            .Values.Where(record => record.IsReported == isReported)
            .GroupBy(record => record.Kind)
            .ToDictionary(group => group.Key, group => group.LongCount());

    /// <summary>Gets to know the issues that a collection had before the run.</summary>
    internal async Task OpenAsync(Collection collection, CancellationToken cancellationToken)
    {
        if (!isKept || everything)
        {
            return;
        }

        foreach (var record in await store.RecordsAsync(app, collection, cancellationToken))
        {
            now[(collection, record.Record)] = (record.Kind, record.IsReported);
        }
    }

    /// <summary>A record is derived again or gone: it has no issue any more.</summary>
    /// <param name="collection">Its collection.</param>
    /// <param name="record">The record.</param>
    /// <param name="isLacking">Whether it lacked something that is always required, which is known from what became of it.</param>
    internal void Forget(Collection collection, RollbookId record, bool isLacking)
    {
        var wasFound = now.Count > 0 && now.Remove((collection, record));
        if ((wasFound || isLacking) && !added.Remove((collection, record)) && !everything)
        {
            cleared.Add((collection, record));
        }
    }

    /// <summary>Notes what a record lacks that is always required.</summary>
    internal void Add(Collection collection, RollbookId record, Kind kind, Lack lack) =>
        added[(collection, record)] = [
            new Issue(collection, record, kind, lack.Attribute, IssueRule.Required, lack.Problem, lack.SisId, lack.School) { Target = lack.Target },
        ];

    /// <summary>Adds issues to a record's.</summary>
    internal void Add(Collection collection, RollbookId record, Row row, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        var sisId = row.SisId.Replace("\0", "", StringComparison.Ordinal);
        var school = KindRules.SchoolOf(row);
        var issues = findings.Select(finding => new Issue(
            collection,
            record,
            row.Kind,
            finding.Attribute,
            finding.Rule == RequirementRule.Skip ? IssueRule.Skip : IssueRule.Report,
            finding.Problem,
            sisId,
            school
        ));
        added[(collection, record)] = [.. added.GetValueOrDefault((collection, record)) ?? [], .. issues];
        now[(collection, record)] = (row.Kind, findings[0].Rule != RequirementRule.Skip);
    }
}
