using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Rollbook.Storage.Installation.Migrations.Postgres;

/// <summary>The scheduler's tables. They are no part of the model, so the snapshot beside this does not know them.</summary>
[DbContext(typeof(PostgresInstallationContext))]
[Migration("20261125000000_Scheduler")]
public sealed class Scheduler : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) => SchedulerTables.Create(migrationBuilder, PostgresInstallationContext.Schema);

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder) => SchedulerTables.Drop(migrationBuilder, PostgresInstallationContext.Schema);
}
