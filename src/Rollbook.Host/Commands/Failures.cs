using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Rollbook.Host.Wiring;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Features.Access;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>
/// Turns whatever ends a command into a message on standard error and an exit status. What can be foreseen says what to do; only a defect shows where
/// in the program it happened.
/// </summary>
internal static class Failures
{
    internal static int Report(Exception exception)
    {
        var (status, message) = exception switch
        {
            CommandFailure failure => (failure.Status, failure.Message),
            CommandAppException usage => (ExitStatus.Usage, $"{usage.Message} See: rollbook --help"),
            ConfigurationConflictException conflict => (ExitStatus.Failed, conflict.Message),
            RefusedSettingException setting => (ExitStatus.Usage, setting.Message),
            SourceException source => (ExitStatus.Failed, source.Message),
            AccountNotChangedException account => (ExitStatus.Failed, account.Message),
            NewerSchemaException newer => (ExitStatus.Failed, newer.Message),
            OperationCanceledException => (ExitStatus.Failed, "Cancelled."),
            IOException or UnauthorizedAccessException => (ExitStatus.Failed, exception.Message),
            _ when DatabaseOf(exception) is { } database && Of(database) is { } told => (ExitStatus.Failed, told),
            _ => (ExitStatus.Failed, $"Rollbook could not go on: {exception.Message}\n{exception.StackTrace}"),
        };
        Console.Error.WriteLine(message);
        return status;
    }

    // EF Core wraps what the database said.
    private static DbException? DatabaseOf(Exception? exception) =>
        exception switch
        {
            null => null,
            DbException database => database,
            _ => DatabaseOf(exception.InnerException),
        };

    private static string? Of(DbException exception) =>
        exception switch
        {
            PostgresException { SqlState: ['2', '8', ..] or "3D000" or "42501" } refused =>
                $"PostgreSQL refuses: {refused.MessageText}. Check the user, the password and the database in {RollbookServices.DatabaseVariable}.",
            PostgresException { SqlState: "53100" } => "The disk of the PostgreSQL server is full. Make room, then try again.",
            PostgresException { IsTransient: false } => null,
            NpgsqlException lost =>
                $"PostgreSQL can't be reached: {lost.Message}. Check {RollbookServices.DatabaseVariable} and whether the server runs.",
            SqliteException { SqliteErrorCode: 11 or 26 } =>
                "A file in the data folder is no SQLite database, or is damaged. Restore the data folder from a backup.",
            SqliteException { SqliteErrorCode: 8 or 14 or 23 } =>
                "A database in the data folder can't be opened for writing. Check --data and the rights of its files.",
            SqliteException { SqliteErrorCode: 13 } => "The disk is full. Make room, then try again.",
            SqliteException { SqliteErrorCode: 5 or 6 } => "The database is busy with another program's work. Try again when that has ended.",
            _ => null,
        };
}
