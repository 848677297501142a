using Rollbook.Storage;

namespace Rollbook.Testing;

/// <summary>An audit log in memory, for tests that look at what was told.</summary>
public sealed class MemoryAuditLog : IAuditLog
{
    private readonly Lock gate = new();
    private readonly List<AuditEntry> entries = [];

    /// <summary>Everything told so far, in its order.</summary>
    public IReadOnlyList<AuditEntry> Entries
    {
        get
        {
            lock (gate)
            {
                return [.. entries];
            }
        }
    }

    /// <summary>What happens just before an entry is written, for tests that come in between.</summary>
    public Func<AuditEntry, Task>? BeforeWrite { get; set; }

    /// <inheritdoc/>
    public Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken) => WriteAsync([entry], cancellationToken);

    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            await (BeforeWrite?.Invoke(entry) ?? Task.CompletedTask);
        }

        lock (gate)
        {
            this.entries.AddRange(entries);
        }
    }

    /// <summary>By action alone.</summary>
    public Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Task.FromResult<IReadOnlyList<AuditRecord>>([
            .. Entries
                .Select((entry, i) => new AuditRecord(i + 1, DateTimeOffset.UnixEpoch, entry))
                .Where(record => query.Action is null || string.Equals(record.Entry.Action, query.Action, StringComparison.Ordinal))
                .Reverse()
                .Take(limit),
        ]);
    }
}
