using System.ComponentModel;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Runs;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook issues [APP]</c>: what is wrong in the data of the sources, issue by issue or by root cause.</summary>
internal sealed class IssuesCommand : DistrictCommand<IssuesCommand.Settings>
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
        if (settings.Causes)
        {
            await PrintCausesAsync(store, settings, cancellationToken);
            return ExitStatus.Done;
        }

        var query = Query(settings);
        while (true)
        {
            var page = await store.Issues.PageAsync(query, cancellationToken);
            foreach (var kept in page.Issues)
            {
                if (settings.Json)
                {
                    JsonOutput.Line(IssueOutput.Of(kept));
                }
                else
                {
                    Console.Out.WriteLine(IssueOutput.Line(kept));
                }
            }

            if (page.Next is null)
            {
                return ExitStatus.Done;
            }

            query = query with { After = page.Next };
        }
    }

    private static IssueQuery Query(Settings settings) =>
        new(
            settings.App,
            settings.Kind is null ? null : RunArgument.Kind(settings.Kind).Kind,
            settings.Attribute,
            IssueTypes.Rules(Word<IssueType>(settings.Type, "type"), Word<IssueRule>(settings.Rule, "rule")),
            Word<IssueProblem>(settings.Problem, "problem"),
            settings.School is null ? null
                : RollbookId.TryParse(settings.School, out var school) ? school
                : throw CommandFailure.Usage($"{settings.School} is no Rollbook ID of a school. See: rollbook records school"),
            Limit: AtOnce
        );

    private static TWord? Word<TWord>(string? text, string what)
        where TWord : struct, Enum
    {
        if (text is null)
        {
            return null;
        }

        foreach (var word in Enum.GetValues<TWord>())
        {
            if (string.Equals(word.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        var words = string.Join(", ", Enum.GetNames<TWord>().Select(name => name.ToLowerInvariant()));
        throw CommandFailure.Usage($"There is no {what} {text}. Expected: {words}.");
    }

    private static async Task PrintCausesAsync(IDistrictStore store, Settings settings, CancellationToken cancellationToken)
    {
        var version = await store.Configuration.LatestAsync(cancellationToken);
        IEnumerable<string> apps = version is null
            ? []
            : DistrictConfiguration.FromDocument(version.Document).Apps.Keys.Order(StringComparer.Ordinal);
        var documents = new JsonArray();
        foreach (var app in apps.Where(app => settings.App is null || string.Equals(app, settings.App, StringComparison.Ordinal)))
        {
            if (
                await store.Uploads.AcceptedAsync(app, cancellationToken) is not { } accepted
                || await store.Runs.GetAsync(accepted.Run, cancellationToken) is not { } run
            )
            {
                continue;
            }

            var report = RunReport.FromJson(run.Report);
            var counts = await store.Issues.CountAsync(app, cancellationToken);
            var causes = RootCauses.Of(counts, await store.Issues.TargetsAsync(app, cancellationToken), report);
            if (settings.Json)
            {
                documents.Add(IssueOutput.Of(run, report, causes));
            }
            else
            {
                IssueOutput.Print(run, report, causes);
            }
        }

        if (settings.Json)
        {
            JsonOutput.Document(documents);
        }
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>Only this app's.</summary>
        [CommandArgument(0, "[APP]")]
        [Description("Only the issues of this app.")]
        public string? App { get; init; }

        /// <summary>By root cause.</summary>
        [CommandOption("--causes")]
        [Description("The score and the root causes of each app instead of issue by issue; the other filters don't apply.")]
        public bool Causes { get; init; }

        /// <summary>Only this type.</summary>
        [CommandOption("--type <TYPE>")]
        [Description("Only this type: error, skipped.")]
        public string? Type { get; init; }

        /// <summary>Only this kind.</summary>
        [CommandOption("--kind <KIND>")]
        [Description("Only this kind: school, calendar, course, class, student, teacher, admin, contact, enrollment.")]
        public string? Kind { get; init; }

        /// <summary>Only this attribute.</summary>
        [CommandOption("--attribute <NAME>")]
        [Description("Only this attribute, for example email.")]
        public string? Attribute { get; init; }

        /// <summary>Only this rule.</summary>
        [CommandOption("--rule <RULE>")]
        [Description("Only this rule: report, skip, required.")]
        public string? Rule { get; init; }

        /// <summary>Only this problem.</summary>
        [CommandOption("--problem <PROBLEM>")]
        [Description("Only this problem: missing, invalid.")]
        public string? Problem { get; init; }

        /// <summary>Only this school.</summary>
        [CommandOption("--school <ID>")]
        [Description("Only this school, by its Rollbook ID.")]
        public string? School { get; init; }
    }
}
