using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook runs [APP]</c>: the history.</summary>
internal sealed class RunsCommand : DistrictCommand<RunsCommand.Settings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var runs = await store.Runs.ListAsync(settings.App, null, settings.Limit, cancellationToken);
        if (settings.Json)
        {
            JsonOutput.Document(new JsonArray([.. runs.Select(JsonOutput.Of)]));
            return ExitStatus.Done;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("run", "app", "state", "version", "started", "what");
        foreach (var run in runs)
        {
            var changes = RunReport.FromJson(run.Report).Changes.Values;
            table.AddRow(
                run.Number.ToString(CultureInfo.InvariantCulture),
                run.App.Length == 0 ? "(rollback)" : run.App,
                run.State,
                run.Version?.ToString(CultureInfo.InvariantCulture) ?? "",
                run.StartedAt.ToString("u", CultureInfo.InvariantCulture),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{changes.Sum(c => c.Create):N0} created, {changes.Sum(c => c.Update):N0} updated, {changes.Sum(c => c.Delete):N0} deleted"
                )
            );
        }

        AnsiConsole.Write(table);
        return ExitStatus.Done;
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>Only this app's.</summary>
        [CommandArgument(0, "[APP]")]
        [Description("Only the runs of this app.")]
        public string? App { get; init; }

        /// <summary>How many.</summary>
        [CommandOption("--limit <N>")]
        [Description("How many, newest first.")]
        [DefaultValue(50)]
        public int Limit { get; init; } = 50;
    }
}

/// <summary><c>rollbook run RUN</c>: one run.</summary>
internal sealed class RunCommand : DistrictCommand<RunSettings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        RunSettings settings,
        CancellationToken cancellationToken
    )
    {
        var run = await RunArgument.FindAsync(store, settings.Run, cancellationToken);
        run = await RunArgument.WithLeftAsync(services, store, run, cancellationToken);
        if (settings.Json)
        {
            JsonOutput.Document(JsonOutput.Of(run));
        }
        else
        {
            RunOutput.Print(run);
        }

        return ExitStatus.Done;
    }
}
