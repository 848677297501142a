namespace Rollbook.Sync.Quality;

/// <summary>What became of a kind's records in an app's last accepted upload.</summary>
/// <param name="Imported">Records in the roster.</param>
/// <param name="Error">Those of them that have an Error.</param>
/// <param name="Skipped">Records that are not in the roster because of an issue, their own or another record's.</param>
/// <param name="LeftOut">Records that are not in the roster because the district chose so: Schools Mapping, Filter Rules, and what can't stand without such.</param>
public sealed record QualityCounts(long Imported = 0, long Error = 0, long Skipped = 0, long LeftOut = 0)
{
    /// <summary>Records that were to be imported.</summary>
    public long Wanted => Imported + Skipped;

    /// <summary>Records that were imported without any issue.</summary>
    public long Clean => Imported - Error;

    /// <summary>
    /// The score: of a hundred records that were to be imported, how many were without any issue, to one decimal and never rounded up, so that 100 means all. 100
    /// where nothing was to be imported.
    /// </summary>
    public decimal Score => Wanted == 0 ? 100 : Math.Floor(Clean * 1_000m / Wanted) / 10;

    /// <summary>The counts of several kinds together.</summary>
    public static QualityCounts Sum(IEnumerable<QualityCounts> counts) =>
        counts.Aggregate(
            new QualityCounts(),
            (sum, each) =>
                new QualityCounts(sum.Imported + each.Imported, sum.Error + each.Error, sum.Skipped + each.Skipped, sum.LeftOut + each.LeftOut)
        );
}
