using System.ComponentModel;
using Rollbook.Host.Output;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook accept RUN --reason TEXT</c>: publish a run that waits for a person, and wait for its end.</summary>
internal sealed class AcceptCommand : DistrictCommand<AcceptCommand.Settings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var run = await RunArgument.FindAsync(store, settings.Run, cancellationToken);
        var imports = services.GetRequiredService<IImports>();
        var district = store.District.Id;
        switch (await imports.AcceptAsync(district, run.Number, settings.Hash, Environment.UserName, settings.Reason ?? "", cancellationToken))
        {
            case StartResult.AlreadyRunning:
                throw new CommandFailure(
                    ExitStatus.Failed,
                    run.App.Length == 0
                        ? "A rollback is at work. Decide when it has ended."
                        : $"An import of {run.App} is at work. Decide when it has ended."
                );
            case StartResult.Refused(var message):
                throw CommandFailure.Usage(message);
        }

        await DecisionTold.WriteAsync(services, store, AuditActions.RunAccepted, run, settings, cancellationToken);
        await using (cancellationToken.Register(() => _ = imports.CancelAsync(district, run.Number, CancellationToken.None)))
        {
            var end = imports.WaitAsync(district, run.Number, CancellationToken.None);
            await ProgressOutput.FollowAsync(Messages, store.Runs, run.Number, end);
            await end;
        }

        return await DecisionTold.PrintAsync(store, run.Number, settings);
    }

    /// <summary>Options.</summary>
    public sealed class Settings : DecisionSettings
    {
        /// <summary>Which changes are meant.</summary>
        [CommandOption("--hash <HASH>")]
        [Description("The changeHash of rollbook run RUN --json: nothing is published when the changes are others by now.")]
        public string? Hash { get; init; }
    }
}

/// <summary><c>rollbook decline RUN --reason TEXT</c>: leave the roster as it is.</summary>
internal sealed class DeclineCommand : DistrictCommand<DecisionSettings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        DecisionSettings settings,
        CancellationToken cancellationToken
    )
    {
        var run = await RunArgument.FindAsync(store, settings.Run, cancellationToken);
        var imports = services.GetRequiredService<IImports>();
        if (await imports.DeclineAsync(store.District.Id, run.Number, Environment.UserName, settings.Reason ?? "", cancellationToken) is { } refusal)
        {
            throw CommandFailure.Usage(refusal);
        }

        await DecisionTold.WriteAsync(services, store, AuditActions.RunDeclined, run, settings, cancellationToken);
        await DecisionTold.PrintAsync(store, run.Number, settings);
        return ExitStatus.Done;
    }
}

/// <summary>A decision on the command line.</summary>
internal class DecisionSettings : RunSettings
{
    /// <summary>Why.</summary>
    [CommandOption("--reason <TEXT>")]
    [Description("Why, for whoever asks later. It is kept with the run and in the audit log; name no pupil.")]
    public string? Reason { get; init; }
}

/// <summary>What became of a decision.</summary>
internal static class DecisionTold
{
    internal static Task WriteAsync(
        IServiceProvider services,
        IDistrictStore store,
        string action,
        RunRecord run,
        DecisionSettings settings,
        CancellationToken cancellationToken
    ) =>
        services
            .GetRequiredService<IAuditLog>()
            .WriteAsync(
                new AuditEntry(store.District.Id, Environment.UserName, AuditChannel.Command, action, run.App.Length == 0 ? "roster" : run.App)
                {
                    NewValue = System.Text.Json.JsonSerializer.Serialize($"run {run.Number}: {settings.Reason?.Trim()}"),
                },
                cancellationToken
            );

    internal static async Task<int> PrintAsync(IDistrictStore store, long number, GlobalSettings settings)
    {
        var run = (await store.Runs.GetAsync(number, CancellationToken.None))!;
        if (settings.Json)
        {
            JsonOutput.Document(JsonOutput.Of(run));
        }
        else
        {
            RunOutput.Print(run);
        }

        return RunArgument.Status(run);
    }
}
