using Microsoft.EntityFrameworkCore;

namespace Rollbook.Storage.Installation;

/// <summary>The installation in the schema <c>rollbook</c>.</summary>
public sealed class PostgresInstallationContext(DbContextOptions<PostgresInstallationContext> options) : InstallationContext(options)
{
    internal const string Schema = "rollbook";

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.HasDefaultSchema(Schema);
        base.OnModelCreating(builder);
    }
}
