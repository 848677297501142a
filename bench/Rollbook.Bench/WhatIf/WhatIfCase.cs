using Rollbook.Sync.Configuration;
using Rollbook.Sync.WhatIf;

namespace Rollbook.Bench.WhatIf;

/// <summary>A changed configuration of which it is asked what it would do.</summary>
/// <param name="Word">What it is called on the command line.</param>
/// <param name="Name">What it is called in the table.</param>
/// <param name="IsCensus">Whether it is asked as the page of the rules asks, which counts what lacks a value too.</param>
/// <param name="Change">The app with it.</param>
/// <param name="Yaml">The same, in the district's file.</param>
internal sealed record WhatIfCase(string Word, string Name, bool IsCensus, Func<AppConfiguration, AppConfiguration> Change, string Yaml)
{
    /// <summary>All that is asked.</summary>
    internal static readonly IReadOnlyList<WhatIfCase> All =
    [
        new(
            "filter",
            "Filter Rule without grade 12",
            IsCensus: true,
            app =>
                app with
                {
                    Filters = [new FilterRule { Kind = "student", Where = [new RuleCondition("grades", FilterOperator.NotEqual, ["12"])] }],
                },
            """
                filters:
                  - { kind: student, where: [ { attribute: grades, condition: does not equal, value: "12" } ] }
            """
        ),
        new(
            "filter-saved",
            "The same, as Save and diff ask",
            IsCensus: false,
            app =>
                app with
                {
                    Filters = [new FilterRule { Kind = "student", Where = [new RuleCondition("grades", FilterOperator.NotEqual, ["12"])] }],
                },
            Yaml: ""
        ),
        new(
            "map",
            "Attributes Mapping, a grade called otherwise",
            IsCensus: false,
            app =>
                app with
                {
                    Attributes = Student(
                        new AttributePair
                        {
                            Source = "grades",
                            Target = "grades",
                            Map = new Dictionary<string, string>(StringComparer.Ordinal) { ["12"] = "13" },
                        }
                    ),
                },
            """
                attributes:
                  student: [ { source: grades, target: grades, map: { "12": "13" } } ]
            """
        ),
        new(
            "template",
            "Attributes Mapping, a template for every student",
            IsCensus: false,
            app => app with { Attributes = Student(new AttributePair { Target = "email", Template = "{{ username | downcase }}@bench.example" }) },
            """
                attributes:
                  student: [ { target: email, template: "{{ username | downcase }}@bench.example" } ]
            """
        ),
    ];

    /// <summary>The question for it.</summary>
    internal async Task<WhatIfQuestion> AskAsync(Storage.IDistrictStore store)
    {
        var version = (await store.Configuration.LatestAsync(CancellationToken.None))!;
        var app = DistrictConfiguration.FromDocument(version.Document).Apps[Installation.App];
        return (await WhatIfQuestion.OfDraftAsync(store, Installation.App, Change(app), CancellationToken.None)) with { IsCensus = IsCensus };
    }

    private static Dictionary<string, IReadOnlyList<AttributePair>> Student(AttributePair pair) =>
        new(StringComparer.Ordinal) { ["student"] = [pair] };
}
