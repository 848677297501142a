using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rollbook.Storage;
using Rollbook.Telling.Events;

namespace Rollbook.Telling;

/// <summary>Looks again and again, in every district, what is to be told, and sends it. Telling and the two ways of sending go on beside each other, so that none holds up another one, or an import.</summary>
internal sealed partial class TellingService(
    IInstallationStore installation,
    Teller teller,
    Outbox outbox,
    TellingOptions options,
    TimeProvider time,
    ILogger<TellingService> logger
) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            GoOnAsync(teller.LookAsync, stoppingToken),
            GoOnAsync((store, token) => outbox.SendAsync(store, DeliveryChannel.Email, token), stoppingToken),
            GoOnAsync((store, token) => outbox.SendAsync(store, DeliveryChannel.Webhook, token), stoppingToken)
        );

    private async Task GoOnAsync(Func<IDistrictStore, CancellationToken, Task> once, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.Look, time, cancellationToken);
                await EverywhereAsync(once, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The program ends; the next one goes on from what is in the store.
            return;
        }
    }

    private async Task EverywhereAsync(Func<IDistrictStore, CancellationToken, Task> once, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var district in await installation.ListAsync(cancellationToken))
            {
                await InAsync(district.Id, once, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreached(exception.GetType().FullName, exception.StackTrace);
        }
    }

    private async Task InAsync(string district, Func<IDistrictStore, CancellationToken, Task> once, CancellationToken cancellationToken)
    {
        try
        {
            if (await installation.OpenAsync(district, cancellationToken) is { } store)
            {
                await once(store, cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogTrouble(district, exception.GetType().FullName, exception.StackTrace);
        }
    }

    // Not the exceptions' own words: they may quote an address.
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "District {District}: people could not be told, which is tried again: {Exception}\n{StackTrace}"
    )]
    private partial void LogTrouble(string district, string? exception, string? stackTrace);

    [LoggerMessage(Level = LogLevel.Error, Message = "People could not be told in any district, which is tried again: {Exception}\n{StackTrace}")]
    private partial void LogUnreached(string? exception, string? stackTrace);
}
