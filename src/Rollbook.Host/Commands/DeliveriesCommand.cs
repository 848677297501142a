using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Storage;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook deliveries APP</c>: what was delivered to an export app, newest first.</summary>
internal sealed class DeliveriesCommand : DistrictCommand<AppSettings>
{
    private const int Most = 1_000;

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        AppSettings settings,
        CancellationToken cancellationToken
    )
    {
        await ExportApp.FindAsync(services, store, settings.App, cancellationToken);
        var deliveries = await store.Deliveries.ListAsync(settings.App, before: null, Most, cancellationToken);
        if (settings.Json)
        {
            JsonOutput.Document(new JsonArray([.. deliveries.Select(DeliveryOutput.Json)]));
            return ExitStatus.Done;
        }

        foreach (var delivery in deliveries)
        {
            Console.Out.WriteLine(DeliveryOutput.Words(delivery));
        }

        return ExitStatus.Done;
    }
}
