using System.ComponentModel;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Quality;
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
        var apps = await AppsAsync(store, settings.App, cancellationToken);
        if (settings.Causes)
        {
            if (settings is not { Type: null, Kind: null, Attribute: null, Rule: null, Problem: null, School: null })
            {
                throw CommandFailure.Usage("--causes tells of all issues of an app; it can't be combined with a filter.");
            }

            await PrintCausesAsync(store, apps, settings.Json, cancellationToken);
            return ExitStatus.Done;
        }

        var query = Query(settings, apps);
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

    private static IssueQuery Query(Settings settings, IReadOnlyCollection<string> apps) =>
        new(
            apps,
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

    private static async Task PrintCausesAsync(IDistrictStore store, IEnumerable<string> apps, bool asJson, CancellationToken cancellationToken)
    {
        var documents = new JsonArray();
        foreach (var app in apps)
        {
            if (await AcceptedRuns.ReadAsync(store, app, cancellationToken) is not { } accepted)
            {
                continue;
            }

            var causes = await accepted.CausesAsync(store, cancellationToken);
            if (asJson)
            {
                documents.Add(IssueOutput.Of(accepted, causes));
            }
            else
            {
                IssueOutput.Print(accepted, causes);
            }
        }

        if (asJson)
        {
            JsonOutput.Document(documents);
        }
    }

    /// <summary>The app that is asked for, or all of the district's.</summary>
    private static async Task<IReadOnlyCollection<string>> AppsAsync(IDistrictStore store, string? wanted, CancellationToken cancellationToken)
    {
        var version = await store.Configuration.LatestAsync(cancellationToken);
        IEnumerable<string> known = version is null ? [] : DistrictConfiguration.FromDocument(version.Document).Apps.Keys;
        var apps = known.Where(app => wanted is null || string.Equals(app, wanted, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return wanted is not null && apps.Count == 0 ? throw CommandFailure.Usage($"The district has no app {wanted}.") : apps;
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
        [Description("The score and the root causes of each app instead of issue by issue; without any filter.")]
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
