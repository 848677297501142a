namespace Rollbook.Storage;

/// <summary>
/// All districts of an installation. Each has a store of its own (a file on SQLite, a schema on PostgreSQL), so that nothing of one
/// can be seen from another. Opening migrates to the newest schema, forward only.
/// </summary>
public interface IInstallationStore : IAsyncDisposable
{
    /// <summary>The districts, by ID.</summary>
    Task<IReadOnlyList<DistrictInfo>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The store of a district; null when there is none of this ID.</summary>
    Task<IDistrictStore?> OpenAsync(string districtId, CancellationToken cancellationToken);

    /// <summary>Makes the district if it is new, updates its name and time zone, and opens its store.</summary>
    Task<IDistrictStore> CreateAsync(DistrictInfo district, CancellationToken cancellationToken);
}

/// <summary>A district.</summary>
/// <param name="Id">Short name, <c>[a-z][a-z0-9-]{0,39}</c>; part of every Rollbook ID, so it never changes.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="TimeZone">IANA time zone, in which the console shows times.</param>
public sealed record DistrictInfo(string Id, string Name, string TimeZone);

/// <summary>Everything that is kept for one district. Safe for many threads; opened once and shared.</summary>
public interface IDistrictStore : IAsyncDisposable
{
    /// <summary>The district.</summary>
    DistrictInfo District { get; }

    /// <summary>Versions of the configuration, and secrets.</summary>
    IConfigurationStore Configuration { get; }

    /// <summary>Runs.</summary>
    IRunStore Runs { get; }

    /// <summary>What the sources last said.</summary>
    IUploadStore Uploads { get; }

    /// <summary>The published roster, now and at any version.</summary>
    IRosterStore Roster { get; }

    /// <summary>Set-ups that are not finished.</summary>
    IDraftStore Drafts { get; }

    /// <summary>What Data Requirements found.</summary>
    IIssueStore Issues { get; }

    /// <summary>Work in the background for a page.</summary>
    IJobStore Jobs { get; }

    /// <summary>Records that several sources have together.</summary>
    IUnitedStore United { get; }

    /// <summary>Decisions about records that look like the same one, and what was found of them.</summary>
    IDuplicateStore Duplicates { get; }

    /// <summary>Records that keep the Rollbook IDs of others (SIS Migration).</summary>
    ISuccessorStore Successors { get; }

    /// <summary>Change sets that wait for a person.</summary>
    IStagedStore Staged { get; }

    /// <summary>What people are told, and what is still to be sent of it.</summary>
    INotificationStore Notifications { get; }

    /// <summary>What was delivered to export apps.</summary>
    IDeliveryStore Deliveries { get; }

    /// <summary>What a rollback has set aside.</summary>
    ISetAsideStore SetAside { get; }

    /// <summary>
    /// Takes a lock that this program holds until it is disposed of or the program dies in whatever way (a file lock on SQLite, a
    /// session advisory lock on PostgreSQL). Null at once when someone else has it.
    /// </summary>
    Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken);
}
