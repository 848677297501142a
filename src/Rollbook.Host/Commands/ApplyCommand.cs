using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Host.Wiring;
using Rollbook.Sync.Configuration;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook apply -f FILE</c>: make the configuration be what the file says.</summary>
internal sealed class ApplyCommand : AsyncCommand<FileSettings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, FileSettings settings, CancellationToken cancellationToken)
    {
        await using var services = RollbookServices.Build(settings.Data);
        var read = await settings.ReadAsync(services.GetRequiredService<ConfigurationFile>(), "apply", "Nothing was applied.", cancellationToken);
        Print(settings, await services.GetRequiredService<Configurations>().ApplyAsync(read, Environment.UserName, cancellationToken));
        return ExitStatus.Done;
    }

    private static void Print(FileSettings settings, AppliedConfiguration applied)
    {
        if (settings.Json)
        {
            JsonOutput.Document(
                new JsonObject
                {
                    ["district"] = applied.District,
                    ["configurationVersion"] = applied.Version,
                    ["changed"] = applied.Changed,
                }
            );
            return;
        }

        Console.Out.WriteLine(
            applied.Changed
                ? $"District {applied.District}: configuration version {applied.Version} is in force."
                : $"District {applied.District}: nothing to change; configuration version {applied.Version} is in force."
        );
    }
}
