using System.ComponentModel;
using Rollbook.Host.Output;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook rollback VERSION --reason TEXT</c>: stage the content of an old version; it waits for <c>accept</c>, as any change in a preview.</summary>
internal sealed class RollbackCommand : DistrictCommand<RollbackCommand.Settings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var imports = services.GetRequiredService<IImports>();
        var (district, who) = (store.District.Id, Environment.UserName);
        var reason = settings.Reason ?? "";
        switch (await imports.StartRollbackAsync(district, settings.Version, "command", who, reason, cancellationToken))
        {
            case StartResult.Refused(var message):
                throw CommandFailure.Usage(message);

            case StartResult.Started(var run):
                await services
                    .GetRequiredService<IAuditLog>()
                    .WriteAsync(
                        new AuditEntry(district, who, AuditChannel.Command, AuditActions.RollbackStarted, $"version {settings.Version}")
                        {
                            NewValue = System.Text.Json.JsonSerializer.Serialize($"run {run}: {reason.Trim()}"),
                        },
                        cancellationToken
                    );
                await using (cancellationToken.Register(() => _ = imports.CancelAsync(district, run, CancellationToken.None)))
                {
                    var end = imports.WaitAsync(district, run, CancellationToken.None);
                    await ProgressOutput.FollowAsync(Messages, store.Runs, run, end);
                    await end;
                }

                return await DecisionTold.PrintAsync(services, store, run, settings);

            default:
                throw new CommandFailure(ExitStatus.Failed, "Another rollback is at work. Wait for its end.");
        }
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>The version.</summary>
        [CommandArgument(0, "<VERSION>")]
        [Description("The version whose content is wanted. See: rollbook versions")]
        public int Version { get; init; }

        /// <summary>Why.</summary>
        [CommandOption("--reason <TEXT>")]
        [Description("Why, for whoever asks later. It is kept with the version and in the audit log; name no pupil.")]
        public string? Reason { get; init; }
    }
}
