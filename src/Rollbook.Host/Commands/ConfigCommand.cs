using System.ComponentModel;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook config</c>: writes the configuration out as the file that makes it, secrets named and never written.</summary>
internal sealed class ConfigCommand : DistrictCommand<ConfigCommand.Settings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var version =
            await store.Configuration.LatestAsync(cancellationToken)
            ?? throw CommandFailure.Usage($"The district {store.District.Id} has no configuration yet. Set it up in the console, or apply a file.");
        var text = ConfigurationText.Write(DistrictConfiguration.FromDocument(version.Document));
        if (settings.Output is { } output)
        {
            await WriteAsync(output, text, cancellationToken);
            Messages.WriteLine($"Configuration version {version.Number} of {store.District.Id} is in {output}.");
        }

        if (settings.Json)
        {
            JsonOutput.Document(
                new JsonObject
                {
                    ["district"] = store.District.Id,
                    ["configurationVersion"] = version.Number,
                    ["file"] = text,
                }
            );
        }
        else if (settings.Output is null)
        {
            await Console.Out.WriteAsync(text);
        }

        return ExitStatus.Done;
    }

    private static async Task WriteAsync(string output, string text, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync(output, text, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitStatus.Failed, $"{output} can't be written: {exception.Message}");
        }
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>The file to write.</summary>
        [CommandOption("--output <FILE>")]
        [Description("The file to write; standard output when left out.")]
        public string? Output { get; init; }
    }
}
