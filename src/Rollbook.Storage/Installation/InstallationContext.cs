using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Rollbook.Storage.Installation;

/// <summary>
/// What belongs to no district: people who sign in, their roles, links to set up an account, the audit log, and the keys of Data Protection. On SQLite the file
/// <c>DATA/rollbook.db</c>, on PostgreSQL the schema <c>rollbook</c>. Whoever gets a context from the services gets a migrated database.
/// </summary>
public abstract class InstallationContext(DbContextOptions options) : IdentityDbContext<User>(options), IDataProtectionKeyContext
{
    // SQLite can compare a UTC time, not one with an offset.
    private static readonly ValueConverter<DateTimeOffset, DateTime> Comparable = new(
        at => at.UtcDateTime,
        stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc))
    );

    /// <summary>Who may do what where.</summary>
    public DbSet<DistrictRole> DistrictRoles => Set<DistrictRole>();

    /// <summary>Links that were sent to set up an account.</summary>
    public DbSet<SetupLink> SetupLinks => Set<SetupLink>();

    /// <summary>What districts ask of those who sign in.</summary>
    public DbSet<DistrictSecurity> DistrictSecurity => Set<DistrictSecurity>();

    /// <summary>Sign-ins that go on.</summary>
    public DbSet<UserSession> Sessions => Set<UserSession>();

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
            link.Property(l => l.Email).HasMaxLength(256);
            link.HasIndex(l => l.DistrictId);
        });
        builder.Entity<DistrictSecurity>(security =>
        {
            security.HasKey(s => s.DistrictId);
            security.Property(s => s.DistrictId).HasMaxLength(40);
        });
        builder.Entity<AuditRow>(row =>
        {
            row.HasKey(r => r.Number);
            row.Property(r => r.Number).ValueGeneratedOnAdd();
            row.HasIndex(r => new { r.DistrictId, r.Number });
            row.Property(r => r.How).HasConversion<string>().HasMaxLength(40);
            row.Property(r => r.DistrictId).HasMaxLength(40);

            row.Property(r => r.At).HasConversion(Comparable);
        });
        builder.Entity<UserSession>(session =>
        {
            session.Property(s => s.Browser).HasMaxLength(200);
            session.Property(s => s.StartedAt).HasConversion(Comparable);
            session.Property(s => s.SeenAt).HasConversion(Comparable);
            session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
