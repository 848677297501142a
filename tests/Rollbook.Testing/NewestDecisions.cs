using Rollbook.Storage;

namespace Rollbook.Testing;

/// <summary>Decisions about duplicates of somebody who has just looked.</summary>
public static class NewestDecisions
{
    /// <summary>Decides with the newest decisions known.</summary>
    public static async Task DecideAsync(
        this IDuplicateStore store,
        IReadOnlyCollection<DuplicateDecision> decisions,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        if (!await store.DecideAsync(await store.RevisionAsync(cancellationToken), decisions, cancellationToken))
        {
            throw new InvalidOperationException("Somebody else decided meanwhile.");
        }
    }
}
