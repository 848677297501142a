using System.ComponentModel;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary>
/// <c>rollbook changes RUN</c>: the records of a run's change set, old and new values; <c>rollbook changes --from V --to V</c>: those in which two versions differ.
/// </summary>
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
        var read = await PagesAsync(store, settings, cancellationToken);
        var kinds = settings.Kind is null ? Kinds.All : [RunArgument.Kind(settings.Kind)];
        Operation? operation = null;
        if (settings.Operation is not null)
        {
            operation =
                Enum.TryParse<Operation>(settings.Operation, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)
                    ? parsed
                    : throw CommandFailure.Usage($"There is no operation {settings.Operation}. Operations are: create, update, delete, rekey.");
        }

        if (read is null)
        {
            return ExitStatus.Done;
        }

        foreach (var kind in kinds)
        {
            RollbookId? after = null;
            IReadOnlyList<PublishedChange> page;
            do
            {
                page = await read(kind.Kind, operation, after);
                foreach (var change in page)
                {
                    Print(settings, change);
                    after = change.Id;
                }
            } while (page.Count == AtOnce);
        }

        return ExitStatus.Done;
    }

    /// <summary>Reads the page of a kind after a record; null when there is none.</summary>
    private static async Task<Func<Kind, Operation?, RollbookId?, Task<IReadOnlyList<PublishedChange>>>?> PagesAsync(
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        switch (settings)
        {
            case { Run: null, From: { } from, To: var to }:
                var (first, last) = (
                    await RunArgument.VersionAsync(store, from, cancellationToken),
                    await RunArgument.VersionAsync(store, to, cancellationToken)
                );
                return (kind, operation, after) =>
                    store.Roster.DifferencesAsync(first.Number, last.Number, kind, operation, after, AtOnce, cancellationToken);

            case { Run: { } text, From: null, To: null }:
                var run = await RunArgument.FindAsync(store, text, cancellationToken);
                if (RunStates.IsUndecided(run))
                {
                    return (kind, operation, after) =>
                        store.Staged.ChangesAsync(run.Number, kind, operation, school: null, after, AtOnce, cancellationToken);
                }

                if (run.Version is not { } number)
                {
                    return null;
                }

                var version = (await store.Roster.VersionAsync(number, cancellationToken))!;
                return version.HasChanges
                    ? (kind, operation, after) => store.Roster.ChangesAsync(number, kind, operation, after, AtOnce, cancellationToken)
                    : throw CommandFailure.Usage(
                        $"The changes of version {number} were purged. The oldest version that is kept is {version.OldestKept}."
                    );

            default:
                throw CommandFailure.Usage(
                    "Name a run, or two versions with --from and --to: rollbook changes 12, or: rollbook changes --from 3 --to 7"
                );
        }
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
    public sealed class Settings : GlobalSettings
    {
        /// <summary>The run.</summary>
        [CommandArgument(0, "[RUN]")]
        [Description("The run's number. Left out with --from.")]
        public string? Run { get; init; }

        /// <summary>The version with the old values.</summary>
        [CommandOption("--from <VERSION>")]
        [Description("Compare two versions: the one with the old values.")]
        public int? From { get; init; }

        /// <summary>The version with the new values.</summary>
        [CommandOption("--to <VERSION>")]
        [Description("The one with the new values; the newest when left out.")]
        public int? To { get; init; }

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
