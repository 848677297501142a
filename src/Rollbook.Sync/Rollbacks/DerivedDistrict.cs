using Rollbook.Storage;

namespace Rollbook.Sync.Rollbacks;

/// <summary>A district as the accepted uploads and the configuration make it, whatever a rollback has published instead: what a run derives from and compares with.</summary>
internal sealed class DerivedDistrict : IDistrictStore
{
    private readonly IDistrictStore district;

    private DerivedDistrict(IDistrictStore district)
    {
        this.district = district;
        Roster = new DerivedRoster(district.Roster, district.SetAside);
    }

    /// <inheritdoc/>
    public DistrictInfo District => district.District;

    /// <inheritdoc/>
    public IConfigurationStore Configuration => district.Configuration;

    /// <inheritdoc/>
    public IRunStore Runs => district.Runs;

    /// <inheritdoc/>
    public IUploadStore Uploads => district.Uploads;

    /// <inheritdoc/>
    public IRosterStore Roster { get; }

    /// <inheritdoc/>
    public IDraftStore Drafts => district.Drafts;

    /// <inheritdoc/>
    public IIssueStore Issues => district.Issues;

    /// <inheritdoc/>
    public IJobStore Jobs => district.Jobs;

    /// <inheritdoc/>
    public IUnitedStore United => district.United;

    /// <inheritdoc/>
    public IDuplicateStore Duplicates => district.Duplicates;

    /// <inheritdoc/>
    public ISuccessorStore Successors => district.Successors;

    /// <inheritdoc/>
    public IStagedStore Staged => district.Staged;

    /// <inheritdoc/>
    public INotificationStore Notifications => district.Notifications;

    /// <inheritdoc/>
    public IDeliveryStore Deliveries => district.Deliveries;

    /// <inheritdoc/>
    public ISetAsideStore SetAside => district.SetAside;

    /// <summary>The district so seen; itself where nothing is set aside.</summary>
    internal static async Task<IDistrictStore> OfAsync(IDistrictStore district, CancellationToken cancellationToken) =>
        await district.SetAside.PendingAsync(cancellationToken) is null ? district : new DerivedDistrict(district);

    /// <inheritdoc/>
    public Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken) => district.TryLockAsync(name, cancellationToken);

    /// <summary>Leaves the district open: it belongs to whoever asked.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
