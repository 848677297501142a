using System.ComponentModel;
using Rollbook.Host.Output;
using Rollbook.Host.Wiring;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.WhatIf;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook diff -f FILE</c>: what the file would change in the configuration and in the roster. It changes nothing itself.</summary>
internal sealed class DiffCommand : AsyncCommand<DiffCommand.Settings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        await using var services = RollbookServices.Build(settings.Data);
        var read = await settings.ReadAsync(services.GetRequiredService<ConfigurationFile>(), "diff", "Nothing was compared.", cancellationToken);
        var progress = new WhatIfLines(Console.Error);
        var diff = await services.GetRequiredService<ConfigurationDiffs>().OfAsync(read, settings.Read, progress, cancellationToken);
        if (settings.Json)
        {
            JsonOutput.Document(DiffOutput.Json(diff));
        }
        else
        {
            DiffOutput.Print(diff);
        }

        return ExitStatus.Done;
    }

    /// <summary>Options.</summary>
    public sealed class Settings : FileSettings
    {
        /// <summary>Whether sources are read.</summary>
        [CommandOption("--read")]
        [Description("Read the source of an app that has not been imported yet, to tell what its first import would do.")]
        public bool Read { get; init; }
    }
}
