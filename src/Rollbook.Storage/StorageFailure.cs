using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rollbook.Storage;

/// <summary>What a failure of the database means, for those who tell people what to do and know no database.</summary>
public static class StorageFailure
{
    // "Insufficient Resources: disk_full" (PostgreSQL's manual, appendix A).
    private const string PostgresDiskFull = "53100";

    // "Transaction Rollback: serialization_failure" and "deadlock_detected".
    private const string SerializationFailure = "40001";
    private const string DeadlockDetected = "40P01";

    /// <summary>
    /// Whether a transaction was undone since another one, at the same moment, changed what it had read, or each waited for the other: begun once more it may
    /// succeed. Looks at what caused the exception too, since EF Core wraps what the database said.
    /// </summary>
    public static bool IsConflict(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException { SqlState: SerializationFailure or DeadlockDetected })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the disk of the database has no room left, or the file may not grow any further.</summary>
    public static bool IsDiskFull(DbException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception is SqliteException { SqliteErrorCode: raw.SQLITE_FULL }
            || string.Equals(exception.SqlState, PostgresDiskFull, StringComparison.Ordinal);
    }
}
