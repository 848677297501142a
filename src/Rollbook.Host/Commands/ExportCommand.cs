using System.ComponentModel;
using Rollbook.Sharing.Csv;
using Rollbook.Storage;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook export</c>: the published roster as a OneRoster CSV package. The file appears whole or not at all.</summary>
internal sealed class ExportCommand : DistrictCommand<ExportCommand.Settings>
{
    /// <summary>The package is full of personal data: on Unix only this user can read it.</summary>
    private static FileStreamOptions Private()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        if (settings.Format is not "oneroster-1.1")
        {
            throw CommandFailure.Usage($"There is no format {settings.Format}. This version writes: oneroster-1.1.");
        }

        if (string.IsNullOrEmpty(settings.Output))
        {
            throw CommandFailure.Usage("Name the file to write: --output roster.zip");
        }

        var version = await RunArgument.VersionAsync(store, settings.AsOf, cancellationToken);
        var unfinished = settings.Output + ".unfinished";
        try
        {
            await using (var file = new FileStream(unfinished, Private()))
            {
                await new OneRosterCsvExport(store.Roster).WriteAsync(file, version.Number, cancellationToken);
            }

            File.Move(unfinished, settings.Output, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitStatus.Failed, $"{settings.Output} can't be written: {exception.Message}");
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }

        Messages.WriteLine($"Version {version.Number} is in {settings.Output}.");
        return ExitStatus.Done;
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>The format.</summary>
        [CommandOption("--format <FORMAT>")]
        [Description("oneroster-1.1")]
        [DefaultValue("oneroster-1.1")]
        public string Format { get; init; } = "oneroster-1.1";

        /// <summary>The file.</summary>
        [CommandOption("--output <FILE>")]
        [Description("The zip file to write.")]
        public string? Output { get; init; }

        /// <summary>The version.</summary>
        [CommandOption("--as-of <VERSION>")]
        [Description("The version to write; the newest when left out.")]
        public int? AsOf { get; init; }
    }
}
