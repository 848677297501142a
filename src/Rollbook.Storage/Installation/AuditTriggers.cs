using Microsoft.EntityFrameworkCore.Migrations;

namespace Rollbook.Storage.Installation;

/// <summary>Makes the database itself refuse to change or remove an entry of the audit log, whoever asks.</summary>
internal static class AuditTriggers
{
    private const string Refusal = "The audit log is only added to.";

    internal static void CreateOnSqlite(MigrationBuilder migration)
    {
        foreach (var operation in new[] { "UPDATE", "DELETE" })
        {
            migration.Sql(
                $"CREATE TRIGGER AuditRows_refuses_{operation} BEFORE {operation} ON AuditRows BEGIN SELECT RAISE(ABORT, '{Refusal}'); END;"
            );
        }
    }

    internal static void CreateOnPostgres(MigrationBuilder migration)
    {
        const string Schema = PostgresInstallationContext.Schema;
        migration.Sql(
            $"""
            CREATE FUNCTION {Schema}.audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '{Refusal}' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER audit_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON {Schema}."AuditRows"
                FOR EACH STATEMENT EXECUTE FUNCTION {Schema}.audit_refuses();
            """
        );
    }

    /// <summary>The table took its trigger along; the function stays behind.</summary>
    internal static void DropOnPostgres(MigrationBuilder migration) =>
        migration.Sql($"DROP FUNCTION {PostgresInstallationContext.Schema}.audit_refuses();");
}
