using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Rollbook.Storage.Installation;

/// <summary>
/// What belongs to no district: people who sign in, their roles, links to set up an account, the audit log, and the keys of Data Protection. On SQLite the file
/// <c>DATA/rollbook.db</c>, on PostgreSQL the schema <c>rollbook</c>. Whoever gets a context from the services gets a migrated database.
/// </summary>
public abstract class InstallationContext(DbContextOptions options) : IdentityDbContext<User>(options), IDataProtectionKeyContext
{
    /// <summary>Who may do what where.</summary>
    public DbSet<DistrictRole> DistrictRoles => Set<DistrictRole>();

    /// <summary>Links that were sent to set up an account.</summary>
    public DbSet<SetupLink> SetupLinks => Set<SetupLink>();

    /// <summary>The audit log; read it through <see cref="IAuditLog"/>.</summary>
    public DbSet<AuditRow> AuditRows => Set<AuditRow>();

    /// <inheritdoc/>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        base.OnModelCreating(builder);
        builder.Entity<User>().Property(user => user.DisplayName).HasMaxLength(200);
        builder.Entity<DistrictRole>(role =>
        {
            role.HasKey(r => new
            {
                r.UserId,
                r.DistrictId,
                r.Role,
            });
            role.HasIndex(r => r.DistrictId);
            role.Property(r => r.Role).HasConversion<string>().HasMaxLength(40);
            role.Property(r => r.DistrictId).HasMaxLength(40);
            role.HasOne<User>().WithMany().HasForeignKey(r => r.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<SetupLink>(link =>
        {
            link.HasKey(l => l.TokenHash);
            link.Property(l => l.Role).HasConversion<string>().HasMaxLength(40);
            link.Property(l => l.DistrictId).HasMaxLength(40);
        });
        builder.Entity<AuditRow>(row =>
        {
            row.HasKey(r => r.Number);
            row.Property(r => r.Number).ValueGeneratedOnAdd();
            row.HasIndex(r => new { r.DistrictId, r.Number });
            row.Property(r => r.How).HasConversion<string>().HasMaxLength(40);
            row.Property(r => r.DistrictId).HasMaxLength(40);

            // SQLite can compare a UTC time, not one with an offset.
            row.Property(r => r.At)
                .HasConversion(at => at.UtcDateTime, stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)));
        });
    }
}
