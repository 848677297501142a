namespace Rollbook.Storage;

/// <summary>
/// The packages that were delivered to a district's export apps. Which version an app has is known from here alone, so that neither a restart nor a second server delivers it
/// again. Whoever delivers holds the app's lock meanwhile (<see cref="IDistrictStore.TryLockAsync"/>).
/// </summary>
public interface IDeliveryStore
{
    /// <summary>
    /// Records that a delivery begins, and returns it. Where the app's newest one has not succeeded, because its target was not reached or its program died, it is
    /// tried once more under its own number.
    /// </summary>
    Task<DeliveryRecord> BeginAsync(string app, DeliveryStart start, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Ends an attempt. False, and nothing written, when it is not at work any more.</summary>
    Task<bool> EndAsync(long number, DeliveryEnd end, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The app's deliveries, newest first, below <paramref name="before"/> where given.</summary>
    Task<IReadOnlyList<DeliveryRecord>> ListAsync(string app, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>One delivery; null when there is none of this number.</summary>
    Task<DeliveryRecord?> GetAsync(long number, CancellationToken cancellationToken);

    /// <summary>The app's newest delivery that succeeded; with <paramref name="target"/> the newest to that target. Null when there is none.</summary>
    Task<DeliveryRecord?> SucceededAsync(string app, string? target, CancellationToken cancellationToken);

    /// <summary>Forgets the deliveries of an app.</summary>
    Task RemoveAsync(string app, CancellationToken cancellationToken);
}

/// <summary>How it stands with a delivery.</summary>
/// <remarks>The names are stored: never rename one.</remarks>
public enum DeliveryState
{
    /// <summary>At work, or its program died over it.</summary>
    Working,

    /// <summary>The package is where it belongs.</summary>
    Delivered,

    /// <summary>There was nothing to tell that the app does not have: no package was written.</summary>
    Unchanged,

    /// <summary>It failed, and is tried again.</summary>
    Failed,
}

/// <summary>What is to be delivered.</summary>
/// <param name="StartedBy">Who, by sign-in name, or what.</param>
/// <param name="Target">A mark of where it goes and in which format.</param>
/// <param name="Version">The roster's version.</param>
/// <param name="Since">The version from which on the package tells the changes; null for a bulk package.</param>
public sealed record DeliveryStart(string StartedBy, string Target, int Version, int? Since);

/// <summary>How an attempt ended.</summary>
/// <param name="State">Not <see cref="DeliveryState.Working"/>.</param>
/// <param name="Bytes">The package's size; null when none was written.</param>
/// <param name="Rows">How many rows its files have, a JSON document of the Sharing room; null when none was written.</param>
/// <param name="Failure">What went wrong and what to do, for a person; null when nothing did.</param>
public sealed record DeliveryEnd(DeliveryState State, long? Bytes = null, string? Rows = null, string? Failure = null);

/// <summary>A delivery as it is kept.</summary>
/// <param name="Number">1, 2, … in the district.</param>
/// <param name="App">The export app.</param>
/// <param name="State">How it stands.</param>
/// <param name="Start">What is delivered, by the newest attempt.</param>
/// <param name="Attempts">How many there were, from 1.</param>
/// <param name="StartedAt">When the first began.</param>
/// <param name="TriedAt">When the newest began.</param>
/// <param name="EndedAt">When it ended; null while at work.</param>
/// <param name="Bytes">The package's size; null when none was written.</param>
/// <param name="Rows">How many rows its files have, a JSON document; null when none was written.</param>
/// <param name="Failure">What went wrong; null when nothing did.</param>
public sealed record DeliveryRecord(
    long Number,
    string App,
    DeliveryState State,
    DeliveryStart Start,
    int Attempts,
    DateTimeOffset StartedAt,
    DateTimeOffset TriedAt,
    DateTimeOffset? EndedAt,
    long? Bytes,
    string? Rows,
    string? Failure
)
{
    /// <summary>Whether the app has the version.</summary>
    public bool Succeeded => State is DeliveryState.Delivered or DeliveryState.Unchanged;
}
