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

    /// <inheritdoc/>
    public Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken) => WriteAsync([entry], cancellationToken);

    /// <inheritdoc/>
    public Task WriteAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            this.entries.AddRange(entries);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Look at the entries themselves.");

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ActionsAsync(string? districtId, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Look at the entries themselves.");
}
