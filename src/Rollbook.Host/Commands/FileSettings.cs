using System.ComponentModel;
using Rollbook.Sync.Configuration;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>A command on a configuration file.</summary>
public class FileSettings : GlobalSettings
{
    /// <summary>The file.</summary>
    [CommandOption("-f|--file <FILE>")]
    [Description("The configuration file (YAML).")]
    public string? File { get; init; }

    /// <summary>Reads the file.</summary>
    /// <param name="reader">Knows the connectors and the environment.</param>
    /// <param name="command">The command, for an example.</param>
    /// <param name="nothing">What did not happen when the file is refused: <c>Nothing was applied.</c></param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task<ConfigurationFileResult.Read> ReadAsync(
        ConfigurationFile reader,
        string command,
        string nothing,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrEmpty(File))
        {
            throw CommandFailure.Usage($"Name the file: rollbook {command} -f district.yaml");
        }

        string text;
        try
        {
            text = await System.IO.File.ReadAllTextAsync(File, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"{File} can't be read: {exception.Message}");
        }

        switch (reader.Read(File, text))
        {
            case ConfigurationFileResult.Refused refused:
                throw CommandFailure.Usage(string.Join('\n', refused.Errors.Append<object>(nothing)));

            case ConfigurationFileResult.Read read:
                return District is null || string.Equals(District, read.Configuration.Id, StringComparison.Ordinal)
                    ? read
                    : throw CommandFailure.Usage($"The file is for district {read.Configuration.Id}, not {District}. {nothing}");

            default:
                throw new InvalidOperationException("Unknown result.");
        }
    }
}
