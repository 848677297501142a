using Microsoft.EntityFrameworkCore;

namespace Rollbook.Storage.Installation;

/// <summary>The audit log in the installation's database.</summary>
internal sealed class AuditLog(IDbContextFactory<InstallationContext> contexts, TimeProvider time) : IAuditLog
{
    /// <inheritdoc/>
    public Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken) => WriteAsync([entry], cancellationToken);

    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.AddRange(entries.Select(entry => AuditRow.Of(entry, now)));
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await Matching(context, query).OrderByDescending(row => row.Number).Take(limit).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.Record())];
    }

    private static IQueryable<AuditRow> Matching(InstallationContext context, AuditQuery query)
    {
        var rows = context.AuditRows.AsNoTracking().Where(row => row.DistrictId == query.DistrictId);
        if (!string.IsNullOrEmpty(query.Who))
        {
            // Both databases fold the case of ASCII letters alike; a sign-in name is an e-mail address.
            var part = query.Who.ToLowerInvariant();
#pragma warning disable RS0030, MA0011 // Becomes SQL's lower(); EF Core translates no other.
            rows = rows.Where(row => row.Who.ToLower().Contains(part));
#pragma warning restore RS0030, MA0011
        }

        if (!string.IsNullOrEmpty(query.Action))
        {
            rows = query.Action.EndsWith('.')
                ? rows.Where(row => row.Action.StartsWith(query.Action))
                : rows.Where(row => row.Action == query.Action);
        }

        if (query.From is { } from)
        {
            rows = rows.Where(row => row.At >= from);
        }

        if (query.Until is { } until)
        {
            rows = rows.Where(row => row.At < until);
        }

        return query.Before is { } before ? rows.Where(row => row.Number < before) : rows;
    }
}
