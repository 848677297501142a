namespace Rollbook.Storage.Installation;

/// <summary>An entry of the audit log as a row. Only added: triggers refuse to change or delete one.</summary>
public sealed class AuditRow
{
    /// <summary>Given by the database.</summary>
    public long Number { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The district; null for the installation.</summary>
    public string? DistrictId { get; init; }

    /// <summary>Sign-in name.</summary>
    public required string Who { get; init; }

    /// <summary>By which way.</summary>
    public required AuditChannel How { get; init; }

    /// <summary>What was done.</summary>
    public required string Action { get; init; }

    /// <summary>To what.</summary>
    public required string Subject { get; init; }

    /// <summary>Before, as JSON text.</summary>
    public string? OldValue { get; init; }

    /// <summary>Now, as JSON text.</summary>
    public string? NewValue { get; init; }

    /// <summary>The entry as a row, to be added together with what it tells of, in one transaction.</summary>
    public static AuditRow Of(AuditEntry entry, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new AuditRow
        {
            At = at,
            DistrictId = entry.DistrictId,
            Who = Storable(entry.Who)!,
            How = entry.How,
            Action = entry.Action,
            Subject = Storable(entry.Subject)!,
            OldValue = Storable(entry.OldValue),
            NewValue = Storable(entry.NewValue),
        };
    }

    // PostgreSQL keeps no zero byte; what someone tried must be told all the same.
    private static string? Storable(string? text) => text?.Replace('\0', '\uFFFD');

    internal AuditRecord Record() =>
        new(Number, At, new AuditEntry(DistrictId, Who, How, Action, Subject) { OldValue = OldValue, NewValue = NewValue });
}
