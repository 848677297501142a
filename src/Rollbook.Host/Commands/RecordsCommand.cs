using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Host.Output;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Lineage;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook records KIND</c>: the published roster, one record a line; with <c>--explain ID</c> where one record's values come from.</summary>
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
        if (settings.Explain is { } text)
        {
            await ExplainAsync(services, store, settings, text, cancellationToken);
            return ExitStatus.Done;
        }

        var kind = RunArgument.Kind(
            settings.Kind ?? throw CommandFailure.Usage("Say which kind of records is wanted: rollbook records student. See: rollbook records --help")
        );
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

    private static async Task ExplainAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        string text,
        CancellationToken cancellationToken
    )
    {
        if (settings.AsOf is not null)
        {
            throw CommandFailure.Usage("--explain tells where the newest values come from; it can't be combined with --as-of.");
        }

        var kind = settings.Kind is { } word ? RunArgument.Kind(word) : null;
        if (!RollbookId.TryParse(text, out var id))
        {
            throw CommandFailure.Usage($"{text} is not a Rollbook ID. See the first column of: rollbook records {kind?.Name ?? "student"}");
        }

        var explanation =
            await services.GetRequiredService<Explanations>().ExplainAsync(store, kind?.Kind, id, cancellationToken)
            ?? throw CommandFailure.Usage(
                $"There is no {kind?.Name ?? "record"} with the Rollbook ID {id}, neither in the roster nor in what a source said last."
            );
        if (settings.Json)
        {
            JsonOutput.Document(ExplanationOutput.Json(explanation));
        }
        else
        {
            ExplanationOutput.Print(explanation);
        }
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>The kind.</summary>
        [CommandArgument(0, "[KIND]")]
        [Description("school, calendar, course, class, student, teacher, admin, contact or enrollment. With --explain it may be left out.")]
        public string? Kind { get; init; }

        /// <summary>The version.</summary>
        [CommandOption("--as-of <VERSION>")]
        [Description("The version to show; the newest when left out.")]
        public int? AsOf { get; init; }

        /// <summary>The record to explain.</summary>
        [CommandOption("--explain <ID>")]
        [Description("Tell of one record, by its Rollbook ID, what each source says, which value won and why; or why it is not in the roster.")]
        public string? Explain { get; init; }
    }
}
