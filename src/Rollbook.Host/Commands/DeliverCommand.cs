using System.ComponentModel;
using Rollbook.Host.Output;
using Rollbook.Storage;
using Rollbook.Sync.Deliver;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook deliver APP</c>: Run Export, and wait for its end. What was delivered before stays until the new package is there whole.</summary>
internal sealed class DeliverCommand : DistrictCommand<DeliverCommand.Settings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        await ExportApp.FindAsync(services, store, settings.App, cancellationToken);
        var wish = new DeliveryWish(Environment.UserName, AuditChannel.Command, settings.Everything);
        switch (await services.GetRequiredService<Deliveries>().DeliverAsync(store, settings.App, wish, cancellationToken))
        {
            case DeliveryResult.AtWork:
                throw new CommandFailure(ExitStatus.Failed, $"A delivery to {settings.App} is at work already. Wait for its end.");
            case DeliveryResult.Refused(var message):
                throw CommandFailure.Usage(message);
            case DeliveryResult.Ended(var delivery):
                Print(settings, delivery);
                return delivery.Succeeded ? ExitStatus.Done : ExitStatus.Failed;
            default:
                Print(settings, (await store.Deliveries.SucceededAsync(settings.App, target: null, CancellationToken.None))!);
                return ExitStatus.Done;
        }
    }

    private static void Print(Settings settings, DeliveryRecord delivery)
    {
        if (settings.Json)
        {
            JsonOutput.Document(DeliveryOutput.Json(delivery));
        }
        else
        {
            Console.Out.WriteLine(DeliveryOutput.Words(delivery));
        }
    }

    /// <summary>Options.</summary>
    public sealed class Settings : AppSettings
    {
        /// <summary>Whether everything is sent.</summary>
        [CommandOption("--everything")]
        [Description("Send everything, also where the app would be sent the changes only.")]
        public bool Everything { get; init; }
    }
}
