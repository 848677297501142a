using System.Data.Common;
using Rollbook.Storage;

namespace Rollbook.Sync.Tests.Runs;

/// <summary>An installation whose database is gone whenever a run's end is to be written, as often as a test wants.</summary>
internal sealed class InterruptedStore(IInstallationStore inner) : IInstallationStore
{
    /// <summary>How many times more the end of a run can't be written.</summary>
    internal int Failures { get; set; }

    public Task<IReadOnlyList<DistrictInfo>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public async Task<IDistrictStore?> OpenAsync(string districtId, CancellationToken cancellationToken)
    {
        if (await inner.OpenAsync(districtId, cancellationToken) is not { } store)
        {
            return null;
        }

        var runs = Through<IRunStore>.Of(
            store.Runs,
            (method, arguments) => method.Name is nameof(IRunStore.MoveAsync) && arguments[4] is not null && Failures-- > 0 ? throw new Gone() : null
        );
        return Through<IDistrictStore>.Of(store, (method, _) => method.Name is "get_" + nameof(IDistrictStore.Runs) ? runs : null);
    }

    public Task<IDistrictStore> CreateAsync(DistrictInfo district, CancellationToken cancellationToken) =>
        inner.CreateAsync(district, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Gone() : DbException("The server is gone.");
}
