using System.ComponentModel;
using Rollbook.Sharing.Csv;
using Rollbook.Sharing.Exports;
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
        var format = await FormatAsync(services, store, settings, cancellationToken);
        if (string.IsNullOrEmpty(settings.Output))
        {
            throw CommandFailure.Usage("Name the file to write: --output roster.zip");
        }

        var version = await RunArgument.VersionAsync(store, settings.AsOf, cancellationToken);
        if (settings.Since is { } since && (await RunArgument.VersionAsync(store, since, cancellationToken)).Number >= version.Number)
        {
            throw CommandFailure.Usage($"Version {since} is not before version {version.Number}. Name an older one: --since {version.Number - 1}");
        }

        var unfinished = settings.Output + ".unfinished";
        try
        {
            await using (var file = new FileStream(unfinished, Private()))
            {
                var export = new OneRosterCsvExport(store.Roster, format);
                await (
                    settings.Since is { } from
                        ? export.WriteChangesAsync(file, from, version.Number, cancellationToken)
                        : export.WriteAsync(file, version.Number, cancellationToken)
                );
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

        Messages.WriteLine(
            settings.Since is null
                ? $"Version {version.Number} is in {settings.Output}."
                : $"What changed from version {settings.Since} to {version.Number} is in {settings.Output}."
        );
        return ExitStatus.Done;
    }

    /// <summary>The format that was asked for, else the app's own.</summary>
    private static async Task<CsvFormat> FormatAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        CsvFormat? own = null;
        if (settings.App is { } app)
        {
            own = OneRosterCsvExporter.FormatOf((await ExportApp.FindAsync(services, store, app, cancellationToken)).Configuration.Delivery);
        }

        return settings.Format is null
            ? own ?? CsvFormat.OneRoster11
            : CsvFormats.Find(settings.Format)
                ?? throw CommandFailure.Usage($"There is no format {settings.Format}. Formats are: {string.Join(", ", CsvFormats.All)}.");
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>The format.</summary>
        [CommandOption("--format <FORMAT>")]
        [Description("oneroster-1.1 or oneroster-1.2; the app's own when left out, oneroster-1.1 without an app.")]
        public string? Format { get; init; }

        /// <summary>The export app.</summary>
        [CommandOption("--app <APP>")]
        [Description("The export app whose share of the roster is written, as it is delivered.")]
        public string? App { get; init; }

        /// <summary>The version from which on changes are told.</summary>
        [CommandOption("--since <VERSION>")]
        [Description("Write a delta package: only what changed since this version.")]
        public int? Since { get; init; }

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
