using System.Text;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Read;

namespace Rollbook.Browser.Tests.Site;

/// <summary>What the sources of the sample district said of some of its records, as an upload keeps it: so much as the pages of these records show.</summary>
internal sealed class SampleUpload(IDistrictStore store, SampleRows rows)
{
    private const string Student = """
        {
          "sourcedId": "s00020", "status": "active", "dateLastModified": "2026-10-02T14:11:09Z", "role": "student", "username": "s00020", "password": "never-to-be-seen",
          "enabledUser": "true", "givenName": "José", "familyName": "Iverson", "grades": ["09"], "orgs": [{ "sourcedId": "school-0" }, { "sourcedId": "school-3" }],
          "metadata": { "counselor": "Ms. Okafor" }
        }
        """;

    private const string Withheld =
        """{ "sourcedId": "s09999", "role": "student", "givenName": "Zoë", "familyName": "Quintero", "orgs": [{ "sourcedId": "school-9" }] }""";

    private const string Filtered =
        """{ "sourcedId": "s09997", "role": "student", "givenName": "Chidi", "familyName": "Quintero", "orgs": [{ "sourcedId": "school-0" }] }""";

    /// <summary>Keeps it for a run, and answers which records two sources have together.</summary>
    internal async Task<MemberChanges> KeepAsync(long run)
    {
        await KeepAsync(
            run,
            Collection.Orgs,
            (rows.Id(Family.Org, "school-0"), School("school-0", "Lincoln High"), Published(Kind.School)),
            (rows.Id(Family.Org, "school-3"), School("school-3", SampleDistrict.LongSchool), Published(Kind.School))
        );
        await KeepAsync(
            run,
            Collection.Users,
            (rows.Id(Family.Person, "s00020"), Student, Published(Kind.Student)),
            (rows.Id(Family.Person, "s09999"), Withheld, new Outcome(OutcomeState.Withheld, Kind.Student, Unresolved: true)),
            (rows.Id(Family.Person, "s09997"), Filtered, new Outcome(OutcomeState.Filtered, Kind.Student, Unresolved: false))
        );
        var (id, _, synergy, directory) = rows.SharedStudent();
        var key = RollbookId.Derive(new IdScope(store.District.Id, "directory", Family.Person), directory.SisId);
        return new MemberChanges([], [new Member("synergy", id, id, synergy), new Member("directory", key, id, directory)]);
    }

    private static Outcome Published(Kind kind) => new(OutcomeState.Published, kind, Unresolved: false);

    private static string School(string id, string name) =>
        $$"""{ "sourcedId": "{{id}}", "name": "{{name}}", "type": "school", "identifier": "{{6_100_000 + (id[^1] - '0')}}" }""";

    private async Task KeepAsync(long run, Collection collection, params (RollbookId Key, string Json, Outcome Outcome)[] records)
    {
        await using var kept = await KeptUpload.LoadAsync(store.Uploads, "synergy", run, collection, CancellationToken.None);
        foreach (var (key, json, outcome) in records)
        {
            kept.Index.Set(key, 0, await kept.KeepAsync(key, Encoding.UTF8.GetBytes(json), CancellationToken.None), outcome);
        }

        await kept.FlushAsync(CancellationToken.None);
    }
}
