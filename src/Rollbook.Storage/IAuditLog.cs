namespace Rollbook.Storage;

/// <summary>
/// Who changed what, and every sign-in (product.md section 7). Entries are added and read, never changed or removed: the tables themselves refuse it.
/// </summary>
public interface IAuditLog
{
    /// <summary>Adds an entry with the present time. Not to be called while the caller holds a transaction on the installation's database: SQLite has one writer.</summary>
    Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Adds several entries, all or none, in their order.</summary>
    Task WriteAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> entries that match, newest first.</summary>
    Task<IReadOnlyList<AuditRecord>> ReadAsync(AuditQuery query, int limit, CancellationToken cancellationToken);
}

/// <summary>What is to be remembered. No part of it ever holds a secret or personal data of a pupil.</summary>
/// <param name="DistrictId">The district whose log it belongs to; null for the installation's.</param>
/// <param name="Who">Sign-in name, or the operating system's user for a command.</param>
/// <param name="How">By which way it came.</param>
/// <param name="Action">What was done: a short key such as <c>configuration.saved</c>; see <see cref="AuditActions"/>.</param>
/// <param name="Subject">What it was done to: a setting's path, a person's e-mail address, an app.</param>
public sealed record AuditEntry(string? DistrictId, string Who, AuditChannel How, string Action, string Subject)
{
    /// <summary>What was before, as JSON text; null when nothing was.</summary>
    public string? OldValue { get; init; }

    /// <summary>What is now, as JSON text; null when nothing is.</summary>
    public string? NewValue { get; init; }
}

/// <summary>By which way a change came.</summary>
/// <remarks>The names are stored: never rename one.</remarks>
public enum AuditChannel
{
    /// <summary>The console.</summary>
    Console,

    /// <summary>The command line.</summary>
    Command,

    /// <summary>The schedule.</summary>
    Schedule,
}

/// <summary>An entry as it is kept.</summary>
/// <param name="Number">Greater for a later entry; not without gaps.</param>
/// <param name="At">When.</param>
/// <param name="Entry">What.</param>
public sealed record AuditRecord(long Number, DateTimeOffset At, AuditEntry Entry);

/// <summary>Which entries to read.</summary>
/// <param name="DistrictId">Those of this district; null: those of the installation.</param>
public sealed record AuditQuery(string? DistrictId)
{
    /// <summary>Only those whose <c>Who</c> contains this, whatever the case.</summary>
    public string? Who { get; init; }

    /// <summary>Only this action; <c>sign-in.</c> with the dot at its end: every action that begins so.</summary>
    public string? Action { get; init; }

    /// <summary>Only those from this moment on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only those before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only those with a lesser number: the page after the one whose last number this is.</summary>
    public long? Before { get; init; }
}
