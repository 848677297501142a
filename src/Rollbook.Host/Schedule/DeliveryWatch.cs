using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;

namespace Rollbook.Host.Schedule;

/// <summary>
/// Delivers to export apps by itself once what they wait for is published. It looks at what is published and what was delivered, not at who published it, so that it does
/// not matter which program that was, or whether it still lives.
/// </summary>
internal sealed partial class DeliveryWatch(Deliveries deliveries, IInstallationStore installation, TimeProvider time, ILogger<DeliveryWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait when the database can't be reached.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (int Version, DistrictConfiguration District)> districts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string District, string App), Task> working = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(await LookAsync(stoppingToken) ? Look : Rest, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(working.Values);
        }
    }

    /// <summary>Looks at every district; false when that could not be done.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var district in await installation.ListAsync(cancellationToken))
            {
                await LookAsync(district.Id, cancellationToken);
            }

            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreached(exception.Message);
            return false;
        }
    }

    private async Task LookAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            if (await installation.OpenAsync(id, cancellationToken) is not { } store || await ReadAsync(store, cancellationToken) is not { } district)
            {
                return;
            }

            foreach (var app in district.Exports.Keys)
            {
                var isAtWork = working.TryGetValue((id, app), out var work) && !work.IsCompleted;
                if (!isAtWork && await deliveries.IsDueAsync(store, app, district, cancellationToken))
                {
                    working[(id, app)] = DeliverAsync(store, app, cancellationToken);
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogTrouble(id, exception.Message);
        }
    }

    private async Task<DistrictConfiguration?> ReadAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var number = await store.Configuration.LatestNumberAsync(cancellationToken);
        if (districts.TryGetValue(store.District.Id, out var known) && known.Version == number)
        {
            return known.District;
        }

        if (await store.Configuration.LatestAsync(cancellationToken) is not { } latest)
        {
            return null;
        }

        var district = DistrictConfiguration.FromDocument(latest.Document);
        districts[store.District.Id] = (latest.Number, district);
        return district;
    }

    private async Task DeliverAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        try
        {
            var result = await deliveries.DeliverAsync(store, app, DeliveryWish.WhenDue, cancellationToken);
            if (result is DeliveryResult.Ended({ State: DeliveryState.Failed } failed))
            {
                LogFailed(store.District.Id, app, failed.Number, failed.Failure);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The program ends; the next one delivers.
        }
        catch (Exception exception)
        {
            LogTrouble(store.District.Id, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "District {District}: delivery {Delivery} to {App} failed and is tried again: {Reason}")]
    private partial void LogFailed(string district, string app, long delivery, string? reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "District {District}: exports could not be looked after, which is tried again: {Reason}")]
    private partial void LogTrouble(string district, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Exports could not be looked after in any district, which is tried again: {Reason}")]
    private partial void LogUnreached(string reason);
}
