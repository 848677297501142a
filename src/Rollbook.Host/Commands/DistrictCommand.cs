using Rollbook.Host.Wiring;
using Rollbook.Storage;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>A command on one district.</summary>
internal abstract class DistrictCommand<TSettings> : AsyncCommand<TSettings>
    where TSettings : GlobalSettings
{
    /// <summary>Messages for a person; standard error, so that standard output carries the answer alone.</summary>
    protected static IAnsiConsole Messages { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <inheritdoc/>
    public sealed override async Task<int> ExecuteAsync(CommandContext context, TSettings settings, CancellationToken cancellationToken)
    {
        await using var services = RollbookServices.Build(settings.Data);
        var store = await FindAsync(services.GetRequiredService<IInstallationStore>(), settings, cancellationToken);
        return await RunAsync(services, store, settings, cancellationToken);
    }

    /// <summary>Does the work.</summary>
    protected abstract Task<int> RunAsync(IServiceProvider services, IDistrictStore store, TSettings settings, CancellationToken cancellationToken);

    private static async Task<IDistrictStore> FindAsync(IInstallationStore installation, TSettings settings, CancellationToken cancellationToken)
    {
        var districts = await installation.ListAsync(cancellationToken);
        var id =
            settings.District
            ?? districts.Count switch
            {
                1 => districts[0].Id,
                0 => throw CommandFailure.Usage(
                    $"There is no district in {settings.Data} yet. Write a configuration file and run: rollbook apply -f district.yaml"
                ),
                _ => throw CommandFailure.Usage(
                    $"There are {districts.Count} districts; choose one with --district: {string.Join(", ", districts.Select(district => district.Id))}."
                ),
            };
        return await installation.OpenAsync(id, cancellationToken)
            ?? throw CommandFailure.Usage($"There is no district {id}. There are: {string.Join(", ", districts.Select(district => district.Id))}.");
    }
}
