using System.ComponentModel;
using Rollbook.Host.Wiring;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook serve</c>: the console and everything that runs by itself, until Ctrl-C.</summary>
internal sealed class ServeCommand : AsyncCommand<ServeCommand.Settings>
{
    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        await using var server = await RollbookServer.BuildAsync(settings.Data, settings.Urls, cancellationToken);
        await server.StartAsync(cancellationToken);
        await server.AnnounceAsync(Console.Out, cancellationToken);
        Console.Out.WriteLine("Ctrl-C ends the server.");
        await server.WaitAsync(cancellationToken);
        return ExitStatus.Done;
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>Where to listen.</summary>
        [CommandOption("--urls <URL>")]
        [Description("Where to listen.")]
        [DefaultValue(RollbookServer.DefaultUrl)]
        public string Urls { get; init; } = RollbookServer.DefaultUrl;
    }
}
