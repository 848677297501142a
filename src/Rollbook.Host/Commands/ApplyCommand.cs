using System.ComponentModel;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Host.Wiring;
using Rollbook.Sync.Configuration;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook apply -f FILE</c>: make the configuration be what the file says.</summary>
internal sealed class ApplyCommand : AsyncCommand<ApplyCommand.Settings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(settings.File))
        {
            throw CommandFailure.Usage("Name the file: rollbook apply -f district.yaml");
        }

        string text;
        try
        {
            text = await File.ReadAllTextAsync(settings.File, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"{settings.File} can't be read: {exception.Message}");
        }

        await using var services = RollbookServices.Build(settings.Data);
        switch (services.GetRequiredService<ConfigurationFile>().Read(settings.File, text))
        {
            case ConfigurationFileResult.Refused refused:
                throw CommandFailure.Usage(string.Join('\n', refused.Errors.Append<object>("Nothing was applied.")));

            case ConfigurationFileResult.Read read:
                if (settings.District is { } wanted && !string.Equals(wanted, read.Configuration.Id, StringComparison.Ordinal))
                {
                    throw CommandFailure.Usage($"The file is for district {read.Configuration.Id}, not {wanted}. Nothing was applied.");
                }

                Print(settings, await services.GetRequiredService<Configurations>().ApplyAsync(read, Environment.UserName, cancellationToken));
                return ExitStatus.Done;

            default:
                throw new InvalidOperationException("Unknown result.");
        }
    }

    private static void Print(Settings settings, AppliedConfiguration applied)
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

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>The file.</summary>
        [CommandOption("-f|--file <FILE>")]
        [Description("The configuration file (YAML).")]
        public string? File { get; init; }
    }
}
