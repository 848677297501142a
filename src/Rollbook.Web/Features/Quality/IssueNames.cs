using Rollbook.Storage;

namespace Rollbook.Web.Features.Quality;

/// <summary>The records of the roster that some issues are about, and their schools; read in one go.</summary>
public sealed class IssueNames
{
    private readonly Dictionary<RollbookId, RosterRecord> known = [];

    /// <summary>Reads them.</summary>
    internal async Task LoadAsync(
        IRosterStore roster,
        IEnumerable<Issue> issues,
        IEnumerable<RollbookId> schools,
        CancellationToken cancellationToken
    )
    {
        var wanted = issues
            .Where(issue => issue.Rule == IssueRule.Report)
            .Select(issue => (Kinds.Of(issue.Kind).Family, issue.Record))
            .Concat(schools.Select(school => (Family: Family.Org, Record: school)))
            .Where(record => !known.ContainsKey(record.Record))
            .Distinct()
            .GroupBy(record => record.Family, record => record.Record);
        foreach (var family in wanted)
        {
            foreach (var (id, record) in await roster.GetManyAsync(family.Key, [.. family], asOf: null, cancellationToken))
            {
                known[id] = record;
            }
        }
    }

    /// <summary>The record that an issue is about; null when it is not in the roster under this ID.</summary>
    internal RosterRecord? Find(RollbookId id) => known.GetValueOrDefault(id);

    /// <summary>A school's name.</summary>
    internal string School(RollbookId id) => Find(id)?.Row["name"] as string ?? "a school that is not in the roster";
}
