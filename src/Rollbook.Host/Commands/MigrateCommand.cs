using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook migrate RUN</c>: SIS Migration of a run that waits, which goes on waiting: pair what would be created with what would be deleted.</summary>
internal sealed class MigrateCommand : DistrictCommand<MigrateCommand.Settings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var run = await RunArgument.FindAsync(store, settings.Run, cancellationToken);
        var imports = services.GetRequiredService<IImports>();
        foreach (var text in settings.Separate)
        {
            if (!RollbookId.TryParse(text, out var key))
            {
                throw CommandFailure.Usage($"{text} is not the ID of a pair. Look them up with: rollbook migrate {run.Number} --json");
            }

            if (await imports.SeparateAsync(store.District.Id, run.Number, key, isSeparate: true, cancellationToken) is { } refusal)
            {
                throw CommandFailure.Usage(refusal);
            }

            await DecisionTold.WriteAsync(services, store, AuditActions.PairSeparated, run, $"run {run.Number}: record {key}", cancellationToken);
        }

        switch (await imports.MigrateAsync(store.District.Id, run.Number, cancellationToken))
        {
            case StartResult.AlreadyRunning:
                throw new CommandFailure(ExitStatus.Failed, $"An import of {run.App} is at work. Look for pairs when it has ended.");
            case StartResult.Refused(var message):
                throw CommandFailure.Usage(message);
        }

        await DecisionTold.WriteAsync(services, store, AuditActions.PairsFound, run, $"run {run.Number}", cancellationToken);
        await imports.WaitAsync(store.District.Id, run.Number, cancellationToken);
        if (settings.Json)
        {
            await PrintPairsAsync(store, run.App, cancellationToken);
            return RunArgument.Status((await store.Runs.GetAsync(run.Number, cancellationToken))!);
        }

        foreach (var count in await store.Successors.CountAsync(run.App, cancellationToken))
        {
            if (count.State != SuccessorState.Accepted)
            {
                var what = count.State == SuccessorState.Separate ? "kept separate" : "known again";
                Messages.MarkupLineInterpolated(
                    CultureInfo.InvariantCulture,
                    $"{Kinds.Of(count.Kind).Plural}: {count.Count:N0} {what} by {count.Domain}"
                );
            }
        }

        return await DecisionTold.PrintAsync(services, store, run.Number, settings);
    }

    private static async Task PrintPairsAsync(IDistrictStore store, string app, CancellationToken cancellationToken)
    {
        const int AtOnce = 1_000;
        foreach (var kind in Kinds.All)
        {
            RollbookId? after = null;
            IReadOnlyList<SuccessorPair> page;
            do
            {
                page = await store.Successors.PageAsync(app, kind.Kind, after, AtOnce, cancellationToken);
                foreach (var pair in page)
                {
                    after = pair.Key;
                    JsonOutput.Line(
                        new JsonObject
                        {
                            ["kind"] = kind.Name,
                            ["pair"] = pair.Key.ToString(),
                            ["id"] = pair.Id.ToString(),
                            ["domain"] = pair.Domain,
                            ["separate"] = pair.State == SuccessorState.Separate,
                        }
                    );
                }
            } while (page.Count == AtOnce);
        }
    }

    /// <summary>Options.</summary>
    public sealed class Settings : RunSettings
    {
        /// <summary>Pairs that are not one.</summary>
        [CommandOption("--separate <PAIR>")]
        [Description("Keep the records of this pair separate (its ID in --json); can be given several times.")]
        public string[] Separate { get; init; } = [];
    }
}
