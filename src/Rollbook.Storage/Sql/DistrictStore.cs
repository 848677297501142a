namespace Rollbook.Storage.Sql;

/// <summary>A district in tables.</summary>
internal sealed class DistrictStore : IDistrictStore
{
    private readonly Database database;

    /// <summary>Opens the district in its database, which is migrated.</summary>
    public DistrictStore(DistrictInfo district, Database database)
    {
        this.database = database;
        District = district;
        Configuration = new ConfigurationStore(database);
        Runs = new RunStore(database);
        Uploads = new UploadStore(database);
        Roster = new RosterStore(database);
        Drafts = new DraftStore(database);
        Issues = new IssueStore(database);
        Jobs = new JobStore(database);
        United = new UnitedStore(database);
        Duplicates = new DuplicateStore(database);
        Successors = new SuccessorStore(database);
        Staged = new StagedStore(database);
        Notifications = new NotificationStore(database);
        Deliveries = new DeliveryStore(database);
        SetAside = new SetAsideStore(database);
    }

    /// <inheritdoc/>
    public DistrictInfo District { get; }

    /// <inheritdoc/>
    public IConfigurationStore Configuration { get; }

    /// <inheritdoc/>
    public IRunStore Runs { get; }

    /// <inheritdoc/>
    public IUploadStore Uploads { get; }

    /// <inheritdoc/>
    public IRosterStore Roster { get; }

    /// <inheritdoc/>
    public IDraftStore Drafts { get; }

    /// <inheritdoc/>
    public IIssueStore Issues { get; }

    /// <inheritdoc/>
    public IJobStore Jobs { get; }

    /// <inheritdoc/>
    public IUnitedStore United { get; }

    /// <inheritdoc/>
    public IDuplicateStore Duplicates { get; }

    /// <inheritdoc/>
    public ISuccessorStore Successors { get; }

    /// <inheritdoc/>
    public IStagedStore Staged { get; }

    /// <inheritdoc/>
    public INotificationStore Notifications { get; }

    /// <inheritdoc/>
    public IDeliveryStore Deliveries { get; }

    /// <inheritdoc/>
    public ISetAsideStore SetAside { get; }

    /// <inheritdoc/>
    public Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return database.TryLockAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => database.DisposeAsync();
}
