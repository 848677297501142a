using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rollbook.Storage;

/// <summary>What a failure of the database means, for those who tell people what to do and know no database.</summary>
public static class StorageFailure
{
    // "Insufficient Resources: disk_full" (PostgreSQL's manual, appendix A).
    private const string PostgresDiskFull = "53100";

    /// <summary>Whether the disk of the database has no room left, or the file may not grow any further.</summary>
    public static bool IsDiskFull(DbException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception is SqliteException { SqliteErrorCode: raw.SQLITE_FULL }
            || string.Equals(exception.SqlState, PostgresDiskFull, StringComparison.Ordinal);
    }
}
