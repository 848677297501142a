using System.Data.Common;

namespace Rollbook.Storage.Sql;

/// <summary>
/// How a page is best found, which depends on how many records match and which neither database guesses well: few matches are
/// collected and sorted; among many, a walk in the order of the list soon finds enough.
/// </summary>
/// <param name="FewFiltered">Whether the filters leave so few that walking the list's order would take long to find them.</param>
/// <param name="FewBySort">Whether few sort attributes match the search.</param>
/// <param name="FewBySisId">Whether few SIS IDs match it.</param>
internal sealed record PagePlan(bool FewFiltered, bool FewBySort, bool FewBySisId)
{
    private const int Few = 2_000;
    private const int Sample = 2_000;

    /// <summary>Probes, at a cost that does not grow with the roster.</summary>
    public static async Task<PagePlan> ProbeAsync(
        DbConnection connection,
        KindTable table,
        RecordConditions conditions,
        CancellationToken cancellationToken
    )
    {
        (string, object?)[] parameters = [.. conditions.Parameters];
        async Task<bool> FewAsync(string? condition) =>
            condition is not null
            && await connection.NumberAsync(
                $"SELECT count(*) FROM (SELECT 1 FROM {table.Name} WHERE {condition} LIMIT {Few + 1}) AS matching",
                cancellationToken,
                parameters
            ) <= Few;

        // Where links lead to the records, nothing is walked but these. IDs are hashes, so the first records by ID are a fair sample of all.
        var fewFiltered =
            conditions is { HasFilters: true, Links: null }
            && await connection.NumberAsync(
                $"SELECT count(*) FROM (SELECT * FROM {table.Name} ORDER BY id LIMIT {Sample}) AS sample WHERE 1 = 1{conditions.Filters}",
                cancellationToken,
                parameters
            )
                < Sample / 100;
        return new PagePlan(fewFiltered, await FewAsync(conditions.BySort), await FewAsync(conditions.BySisId));
    }
}
