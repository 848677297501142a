using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Host.Output;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Lineage;
using Rollbook.Sync.Runs;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook records KIND</c>: the published roster, one record a line; with <c>--waiting RUN</c> as it would be after a run that waits; with <c>--explain ID</c> where one record's values come from.</summary>
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
        var asOf = settings.Waiting is { } run
            ? await WaitingAsync(store, settings, run, cancellationToken)
            : AsOf.Of((await RunArgument.VersionAsync(store, settings.AsOf, cancellationToken)).Number);
        if (!settings.Json)
        {
            Console.Out.WriteLine(string.Join('\t', kind.Attributes.Select(attribute => attribute.Name).Prepend("id")));
        }

        await foreach (var record in store.Roster.ReadAsync(kind.Kind, asOf, cancellationToken))
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

        if (asOf.Version is { } read)
        {
            // It may have been purged before it was read.
            await RunArgument.VersionAsync(store, read, cancellationToken);
        }

        return ExitStatus.Done;
    }

    private static async Task<AsOf> WaitingAsync(IDistrictStore store, Settings settings, string text, CancellationToken cancellationToken)
    {
        if (settings.AsOf is not null)
        {
            throw CommandFailure.Usage("--waiting shows the newest roster with the run's changes; it can't be combined with --as-of.");
        }

        var run = await RunArgument.FindAsync(store, text, cancellationToken);
        if (!RunStates.IsUndecided(run))
        {
            throw CommandFailure.Usage($"Run {run.Number} does not wait for a person: it is {run.State}. See: rollbook run {run.Number}");
        }

        return await store.Staged.HasRosterAsync(run.Number, cancellationToken)
            ? AsOf.After(run.Number)
            : throw CommandFailure.Usage(
                $"The changes of run {run.Number} were kept by an earlier Rollbook, so the roster can't be shown with them. See: rollbook changes {run.Number}"
            );
    }

    private static async Task ExplainAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        string text,
        CancellationToken cancellationToken
    )
    {
        if (settings.AsOf is not null || settings.Waiting is not null)
        {
            throw CommandFailure.Usage("--explain tells where the newest values come from; it can't be combined with --as-of or --waiting.");
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

        /// <summary>The run that waits.</summary>
        [CommandOption("--waiting <RUN>")]
        [Description("Show the roster as it would be after this run, which waits for a person.")]
        public string? Waiting { get; init; }

        /// <summary>The record to explain.</summary>
        [CommandOption("--explain <ID>")]
        [Description("Tell of one record, by its Rollbook ID, what each source says, which value won and why; or why it is not in the roster.")]
        public string? Explain { get; init; }
    }
}
