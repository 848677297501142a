using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.WhatIf;

namespace Rollbook.Bench.WhatIf;

/// <summary>A changed configuration of which it is asked what it would do.</summary>
/// <param name="Word">What it is called on the command line.</param>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Census">What its page has counted besides (<see cref="WhatIfQuestion.Census"/>).</param>
/// <param name="Change">The app with it; the other is the SIS ID of a school.</param>
/// <param name="Yaml">The same, in the district's file.</param>
internal sealed record WhatIfCase(
    string Word,
    string Name,
    IReadOnlySet<Kind>? Census,
    Func<AppConfiguration, string, AppConfiguration> Change,
    string Yaml
)
{
    /// <summary>All that is asked.</summary>
    internal static readonly IReadOnlyList<WhatIfCase> All =
    [
        new(
            "filter",
            "Filter Rule without grade 12",
            WhatIfQuestion.RulesOnly,
            (app, _) =>
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
            Census: null,
            (app, _) =>
                app with
                {
                    Filters = [new FilterRule { Kind = "student", Where = [new RuleCondition("grades", FilterOperator.NotEqual, ["12"])] }],
                },
            Yaml: ""
        ),
        Requirement("requirement", "Data Requirements, an e-mail address for students", Kind.Student, "email"),
        Requirement("enrollments", "Data Requirements, a begin date for enrollments", Kind.Enrollment, "beginDate"),
        new(
            "school",
            "Schools Mapping without one school",
            Census: null,
            (app, school) => app with { Schools = app.Schools with { LeftOut = [school] } },
            Yaml: ""
        ),
        new(
            "map",
            "Attributes Mapping, a grade called otherwise",
            Census: null,
            (app, _) =>
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
            Census: null,
            (app, _) =>
                app with
                {
                    Attributes = Student(new AttributePair { Target = "email", Template = "{{ username | downcase }}@bench.example" }),
                },
            """
                attributes:
                  student: [ { target: email, template: "{{ username | downcase }}@bench.example" } ]
            """
        ),
    ];

    private static WhatIfCase Requirement(string word, string name, Kind kind, string attribute) =>
        new(
            word,
            name,
            WhatIfQuestion.CensusOf(kind),
            (app, _) =>
                app with
                {
                    Requirements = new Dictionary<string, IReadOnlyDictionary<string, Requirement>>(StringComparer.Ordinal)
                    {
                        [Kinds.Of(kind).Name] = new Dictionary<string, Requirement>(StringComparer.Ordinal)
                        {
                            [attribute] = new Requirement(RequirementRule.Report),
                        },
                    },
                },
            Yaml: ""
        );

    /// <summary>The question for it.</summary>
    internal async Task<WhatIfQuestion> AskAsync(Storage.IDistrictStore store)
    {
        var version = (await store.Configuration.LatestAsync(CancellationToken.None))!;
        var app = DistrictConfiguration.FromDocument(version.Document).Apps[Installation.App];
        var schools = await store.Roster.PageAsync(new RecordQuery(Kind.School, Limit: 1), CancellationToken.None);
        return (await WhatIfQuestion.OfDraftAsync(store, Installation.App, Change(app, schools.Records[0].Row.SisId), CancellationToken.None)) with
        {
            Census = Census,
        };
    }

    private static Dictionary<string, IReadOnlyList<AttributePair>> Student(AttributePair pair) =>
        new(StringComparer.Ordinal) { ["student"] = [pair] };
}
