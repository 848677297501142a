using System.ComponentModel;
using Rollbook.Host.Output;
using Rollbook.Storage;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook records KIND</c>: the published roster, one record a line.</summary>
internal sealed class RecordsCommand : DistrictCommand<RecordsCommand.Settings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var kind = RunArgument.Kind(settings.Kind);
        var version = await RunArgument.VersionAsync(store, settings.AsOf, cancellationToken);
        if (!settings.Json)
        {
            Console.Out.WriteLine(string.Join('\t', kind.Attributes.Select(attribute => attribute.Name).Prepend("id")));
        }

        await foreach (var record in store.Roster.ReadAsync(kind.Kind, version.Number, cancellationToken))
        {
            var node = JsonOutput.Of(record);
            if (settings.Json)
            {
                JsonOutput.Line(node);
            }
            else
            {
                Console.Out.WriteLine(
                    string.Join('\t', kind.Attributes.Select(attribute => node[attribute.Name]?.ToString() ?? "").Prepend(record.Id.ToString()))
                );
            }
        }

        return ExitStatus.Done;
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>The kind.</summary>
        [CommandArgument(0, "<KIND>")]
        [Description("school, calendar, course, class, student, teacher, admin, contact or enrollment.")]
        public string Kind { get; init; } = "";

        /// <summary>The version.</summary>
        [CommandOption("--as-of <VERSION>")]
        [Description("The version to show; the newest when left out.")]
        public int? AsOf { get; init; }
    }
}
