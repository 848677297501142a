using Rollbook.Storage;

namespace Rollbook.Sync.WhatIf;

/// <summary>A district as a what-if sees it: everything as it is, and of an upload nothing is kept.</summary>
internal sealed class UnkeptDistrict(IDistrictStore district, IUploadStore uploads) : IDistrictStore
{
    /// <inheritdoc/>
    public DistrictInfo District => district.District;

    /// <inheritdoc/>
    public IConfigurationStore Configuration => district.Configuration;

    /// <inheritdoc/>
    public IRunStore Runs => district.Runs;

    /// <inheritdoc/>
    public IUploadStore Uploads => uploads;

    /// <inheritdoc/>
    public IRosterStore Roster => district.Roster;

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

    /// <inheritdoc/>
    public Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken) => district.TryLockAsync(name, cancellationToken);

    /// <summary>Leaves the district open: it belongs to whoever asked.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
