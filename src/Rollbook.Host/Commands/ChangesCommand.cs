using System.ComponentModel;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook changes RUN</c>: the records of a run's change set, old and new values.</summary>
internal sealed class ChangesCommand : DistrictCommand<ChangesCommand.Settings>
{
    private const int AtOnce = 1_000;

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var run = await RunArgument.FindAsync(store, settings.Run, cancellationToken);
        var kinds = settings.Kind is null ? Kinds.All : [RunArgument.Kind(settings.Kind)];
        Operation? operation = null;
        if (settings.Operation is not null)
        {
            operation =
                Enum.TryParse<Operation>(settings.Operation, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)
                    ? parsed
                    : throw CommandFailure.Usage($"There is no operation {settings.Operation}. Operations are: create, update, delete, rekey.");
        }

        var waits = RunStates.IsUndecided(run);
        if (run.Version is null && !waits)
        {
            return ExitStatus.Done;
        }

        foreach (var kind in kinds)
        {
            RollbookId? after = null;
            IReadOnlyList<PublishedChange> page;
            do
            {
                page = waits
                    ? await store.Staged.ChangesAsync(run.Number, kind.Kind, operation, school: null, after, AtOnce, cancellationToken)
                    : await store.Roster.ChangesAsync(run.Version!.Value, kind.Kind, operation, after, AtOnce, cancellationToken);
                foreach (var change in page)
                {
                    Print(settings, change);
                    after = change.Id;
                }
            } while (page.Count == AtOnce);
        }

        return ExitStatus.Done;
    }

    private static void Print(Settings settings, PublishedChange change)
    {
        var node = JsonOutput.Of(change);
        if (settings.Json)
        {
            JsonOutput.Line(node);
            return;
        }

        Console.Out.WriteLine($"{node["operation"]} {node["kind"]} {node["id"]} (SIS ID {node["sisId"]})");
        if (node["old"] is not JsonObject old || node["new"] is not JsonObject now)
        {
            return;
        }

        foreach (var name in old.Select(value => value.Key).Union(now.Select(value => value.Key), StringComparer.Ordinal))
        {
            if (!JsonNode.DeepEquals(old[name], now[name]))
            {
                Console.Out.WriteLine($"    {name}: {old[name]?.ToJsonString() ?? "(none)"} -> {now[name]?.ToJsonString() ?? "(none)"}");
            }
        }
    }

    /// <summary>Options.</summary>
    public sealed class Settings : RunSettings
    {
        /// <summary>Only this kind.</summary>
        [CommandOption("--kind <KIND>")]
        [Description("Only this kind: school, calendar, course, class, student, teacher, admin, contact, enrollment.")]
        public string? Kind { get; init; }

        /// <summary>Only this operation.</summary>
        [CommandOption("--operation <OPERATION>")]
        [Description("Only this operation: create, update, delete, rekey.")]
        public string? Operation { get; init; }
    }
}
