using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Map;

/// <summary>A district with one school and one student, imported with pairs of the test's.</summary>
internal sealed class MappedImport : IAsyncDisposable
{
    private readonly ScriptedSource source = new(new Random(1));
    private TestDistrict district = null!;

    internal JsonObject Student { get; private set; } = null!;

    internal JsonObject Demographics { get; private set; } = null!;

    internal Rollbook.Storage.IDistrictStore Store => district.Store;

    internal RunReport Report { get; private set; } = null!;

    internal string State { get; private set; } = "";

    internal static async Task<MappedImport> StartAsync()
    {
        var import = new MappedImport();
        import.source.Records[Collection.Orgs]["o1"] = Parse("""{ "sourcedId": "o1", "name": "Lincoln High", "type": "school" }""");
        import.Student = import.source.Records[Collection.Users]["u1"] = Parse(
            """
            {
              "sourcedId": "u1", "role": "student", "username": "Amara.Okafor", "givenName": "Amara", "familyName": "Okafor", "email": "amara@old.example",
              "grades": ["K", "07"], "phone": "555-0100", "enabledUser": "true", "orgs": [{ "sourcedId": "o1" }],
              "userIds": [{ "type": "State ID", "identifier": " 4711 " }],
              "metadata": { "counselor": "Ms. Rivera", "home.room": "B12", "bus": { "route": 7 }, "entry": "2026-08-15T05:30:00Z" }
            }
            """
        );
        import.Demographics = import.source.Records[Collection.Demographics]["u1"] = Parse(
            """{ "sourcedId": "u1", "birthDate": "2015-03-04T02:00:00Z", "sex": "female", "asian": "true" }"""
        );
        import.district = await TestDistrict.StartAsync(import.source);
        return import;
    }

    /// <summary>Imports with pairs for students and returns the student.</summary>
    internal async Task<Row> ImportAsync(AttributePair[] pairs, string districtZone = "UTC", string? ownZone = null) =>
        await RunAsync(pairs, districtZone, ownZone) ?? throw new InvalidOperationException("The student was not imported.");

    /// <summary>The same; null when the student is not there.</summary>
    internal async Task<Row?> RunAsync(
        AttributePair[] pairs,
        string districtZone = "UTC",
        string? ownZone = null,
        IReadOnlyDictionary<string, Requirement>? requirements = null,
        IReadOnlyList<FilterRule>? filters = null
    )
    {
        await district.ConfigureAsync(
            new AppConfiguration
            {
                Type = source.Type,
                Delivery = ownZone is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["timeZone"] = ownZone },
                Attributes = new Dictionary<string, IReadOnlyList<AttributePair>> { ["student"] = pairs },
                Filters = filters ?? [],
                Requirements = requirements is null
                    ? AppConfiguration.NoRequirements
                    : new Dictionary<string, IReadOnlyDictionary<string, Requirement>> { ["student"] = requirements },
            },
            districtZone
        );
        var run = await district.ImportAsync();
        (State, Report) = (run.State, RunReport.FromJson(run.Report));
        Report.Failure.ShouldBeNull();
        await foreach (var record in district.Store.Roster.ReadAsync(Kind.Student, null, default))
        {
            return record.Row.Copy();
        }

        return null;
    }

    internal static AttributePair Pair(string source, string target, params (string From, string To)[] map) =>
        new()
        {
            Source = source,
            Target = target,
            Map = map.Length == 0 ? null : map.ToDictionary(pair => pair.From, pair => pair.To, StringComparer.Ordinal),
        };

    internal static AttributePair Template(string target, string template) => new() { Target = target, Template = template };

    public ValueTask DisposeAsync() => district.DisposeAsync();

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
