using Rollbook.Host.Output;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook import APP</c>: Run Import, with progress; waits for its end. Ctrl-C cancels the import.</summary>
internal sealed class ImportCommand : DistrictCommand<AppSettings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        AppSettings settings,
        CancellationToken cancellationToken
    )
    {
        var run = await ImportAsync(services, store, settings.App, cancellationToken);
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

    /// <summary>Runs an import to its end, showing how far it is.</summary>
    internal static async Task<RunRecord> ImportAsync(
        IServiceProvider services,
        IDistrictStore store,
        string app,
        CancellationToken cancellationToken
    )
    {
        var imports = services.GetRequiredService<IImports>();
        switch (await imports.StartAsync(store.District.Id, app, "command", Environment.UserName, cancellationToken))
        {
            case StartResult.AlreadyRunning running:
                throw new CommandFailure(
                    ExitStatus.Failed,
                    $"An import of {app} is already running{(running.Run is { } number ? $" (run {number})" : "")}. Wait for its end or cancel it in the console."
                );

            case StartResult.Refused refused:
                throw CommandFailure.Usage(refused.Message);

            case StartResult.Started started:
                await services
                    .GetRequiredService<IAuditLog>()
                    .WriteAsync(
                        new AuditEntry(store.District.Id, Environment.UserName, AuditChannel.Command, AuditActions.ImportStarted, app)
                        {
                            NewValue = $"\"run {started.Run}\"",
                        },
                        cancellationToken
                    );
                await using (cancellationToken.Register(() => _ = imports.CancelAsync(store.District.Id, started.Run, CancellationToken.None)))
                {
                    var end = imports.WaitAsync(store.District.Id, started.Run, CancellationToken.None);
                    await ProgressOutput.FollowAsync(Messages, store.Runs, started.Run, end);
                    await end;
                }

                return (await store.Runs.GetAsync(started.Run, CancellationToken.None))!;

            default:
                throw new InvalidOperationException("Unknown result.");
        }
    }
}
