using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Tests.Runs;

public sealed class RunFailuresTests
{
    public static TheoryData<Exception> FullDisks =>
        [
            new SqliteException("database or disk is full", SQLitePCL.raw.SQLITE_FULL),
            new PostgresException("could not extend file", "ERROR", "ERROR", PostgresErrorCodes.DiskFull),
            new IOException("No space left on device", 28),
        ];

    [Theory]
    [MemberData(nameof(FullDisks), DisableDiscoveryEnumeration = true)]
    public void A_full_disk_is_told_as_such_with_what_to_do(Exception exception)
    {
        var failure = RunFailures.Of(exception);
        (failure.Part, failure.Retry).ShouldBe(("disk", true));
        failure.Message.ShouldContain("no room left");
        failure.Message.ShouldContain("Make room, then run the import again.");
    }

    [Fact]
    public void Other_failures_of_the_database_are_not_taken_for_a_full_disk()
    {
        RunFailures.Of(new SqliteException("constraint", SQLitePCL.raw.SQLITE_CONSTRAINT)).Part.ShouldBe("program");
        RunFailures.Of(new NpgsqlException("gone", new IOException("reset"))).Part.ShouldBe("database");
    }

    [Fact]
    public void The_words_of_an_unexpected_exception_are_not_repeated()
    {
        var failure = RunFailures.Of(new InvalidOperationException("Amara Okafor"));
        failure.Message.ShouldNotContain("Amara");
        failure.Message.ShouldContain(nameof(InvalidOperationException));
    }
}
