using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Setup;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Unite;

/// <summary>A new SIS takes the place of the old one (product.md 3.2, situation 6): it has other IDs for the same people, who are known by their e-mail addresses.</summary>
public sealed class ReplacedSisTests
{
    private const string Old = "old";
    private const string New = "new";

    private readonly ScriptedSource old = new(new Random(1)) { Type = Old };
    private readonly ScriptedSource @new = new(new Random(2)) { Type = New };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_keep_their_Rollbook_IDs_and_nobody_is_there_twice()
    {
        await using var district = await StartAsync();
        var before = await PeopleAsync(district);

        (await district.ImportAsync(New)).State.ShouldBe("published");

        var together = await PeopleAsync(district);
        together.ShouldBe(
            before
                .Select(person => person.Key == "Cy" ? person : new(person.Key, (person.Value.Id, "old new")))
                .Append(new("Di", (Id(New, "9-di"), New))),
            ignoreOrder: true
        );
        (await district.Store.Roster.GetAsync(Kind.Student, before["Ann"].Id, null, Token))!.Row["phone"].ShouldBe("555-1234");

        (await DeactivateAsync(district, keepIds: true)).ShouldBeOfType<DeactivationResult.Deactivated>();

        var after = await PeopleAsync(district);
        after.ShouldBe(
            [new("Ann", (before["Ann"].Id, New)), new("Ben", (before["Ben"].Id, New)), new("Di", (Id(New, "9-di"), New))],
            ignoreOrder: true
        );
        (await district.Store.Roster.GetAsync(Kind.Student, before["Ann"].Id, null, Token))!.Row.SisId.ShouldBe("9-ann");
        (await EnrolledAsync(district)).ShouldBe([before["Ann"].Id]);
        (await district.Store.Roster.HistoryAsync(Kind.Student, before["Ann"].Id, Token))
            .Select(change => change.Change.Operation)
            .ShouldBe([Operation.Rekey, Operation.Update, Operation.Create]);
        (await district.ImportAsync(New)).State.ShouldBe("unchanged");

        // Whoever came with the new SIS's own ID later stands under it all the same.
        @new.Records[Collection.Users]["9-eve"] = Person("9-eve", "Eve", "eve@x.example");
        await district.ImportAsync(New);
        (await PeopleAsync(district))["Eve"].Id.ShouldBe(Id(New, "9-eve"));
        (await PeopleAsync(district))["Ann"].Id.ShouldBe(before["Ann"].Id);
    }

    [Fact]
    public async Task Without_keeping_them_the_new_sources_own_IDs_hold_once_the_old_one_is_out()
    {
        await using var district = await StartAsync();
        await district.ImportAsync(New);

        await DeactivateAsync(district, keepIds: false);

        (await PeopleAsync(district)).ShouldBe(
            [new("Ann", (Id(New, "9-ann"), New)), new("Ben", (Id(New, "9-ben"), New)), new("Di", (Id(New, "9-di"), New))],
            ignoreOrder: true
        );
        (await EnrolledAsync(district)).ShouldBe([Id(New, "9-ann")]);
        var last = (await district.Store.Runs.ListAsync(New, null, 1, Token))[0];
        (last.Trigger, RunReport.FromJson(last.Report).Purpose).ShouldBe((Imports.UnitingTrigger, RunPurpose.Uniting));
    }

    [Fact]
    public async Task While_the_old_ones_records_stay_they_are_one_with_the_new_ones()
    {
        await using var district = await StartAsync();
        await district.ImportAsync(New);
        var together = await PeopleAsync(district);
        await DeactivateAsync(district, keepIds: false, removeData: false);

        @new.Records[Collection.Users]["9-ann"] = Person("9-ann", "Ann", "ann@x.example", "555-9999");
        await district.ImportAsync(New);

        // Of what a source says that has left, only that counts which no other source says.
        (await PeopleAsync(district)).ShouldBe(
            together.Select(person => new KeyValuePair<string, (RollbookId, string)>(
                person.Key,
                (person.Value.Id, person.Value.Sources.Replace("old new", "new old"))
            )),
            ignoreOrder: true
        );
        (await district.Store.Roster.GetAsync(Kind.Student, together["Ann"].Id, null, Token))!.Row["phone"].ShouldBe("555-9999");
    }

    [Fact]
    public async Task Turning_the_comparison_off_and_on_again_gives_back_the_same_roster()
    {
        await using var district = await StartAsync();
        await district.ImportAsync(New);
        var together = await district.RosterAsync();
        await ConfigureAsync(district, compare: false);
        var apart = RunReport.FromJson((await district.ImportAsync(New)).Report).Changes[Kind.Student];

        // Ann and Ben of the new SIS are created, those of the old one changed back; Di stays as she is.
        apart.ShouldBe(new ChangeCounts(Create: 2, Update: 2, Unchanged: 1));
        (await PeopleAsync(district, "New")).Keys.Order(StringComparer.Ordinal).ShouldBe(["Ann", "AnnNew", "Ben", "BenNew", "Cy", "DiNew"]);
        await ConfigureAsync(district, compare: true);
        await district.ImportAsync(New);
        (await district.RosterAsync()).ShouldBe(together, ignoreOrder: true);
    }

    private static RollbookId Id(string app, string sisId) => RollbookId.Derive(new IdScope(TestDistrict.Id, app, Family.Person), sisId);

    private static JsonObject Person(string id, string name, string email, string? phone = null)
    {
        var person = TwoSchools.Pupil(id, "school");
        (person["givenName"], person["familyName"], person["email"]) = (name, "Lee", email);
        if (phone is not null)
        {
            person["phone"] = phone;
        }

        return person;
    }

    private static void Fill(ScriptedSource source, params JsonObject[] people)
    {
        source.Records[Collection.Orgs]["school"] = TwoSchools.Organisation("school", "North", "school");
        source.Records[Collection.Courses]["math"] = TwoSchools.Referring("math", "title", ("org", "school"));
        source.Records[Collection.Classes]["class"] = TwoSchools.Referring("class", "title", ("course", "math"), ("school", "school"));
        foreach (var person in people)
        {
            source.Records[Collection.Users][(string)person["sourcedId"]!] = person;
        }

        var enrolled = (string)people[0]["sourcedId"]!;
        source.Records[Collection.Enrollments]["first"] = TwoSchools.Referring(
            "first",
            "role",
            ("user", enrolled),
            ("class", "class"),
            ("school", "school")
        );
    }

    private async Task<TestDistrict> StartAsync()
    {
        Fill(old, Person("1", "Ann", "Ann@x.example"), Person("2", "Ben", "ben@x.example"), Person("3", "Cy", "cy@x.example"));
        Fill(
            @new,
            Person("9-ann", "Ann", " ann@X.example", "555-1234"),
            Person("9-ben", "Ben", "ben@x.example"),
            Person("9-di", "Di", "di@x.example")
        );
        var district = await TestDistrict.StartAsync([old, @new]);
        await ConfigureAsync(district, compare: true);
        (await district.ImportAsync(Old)).State.ShouldBe("published");
        return district;
    }

    private static Task ConfigureAsync(TestDistrict district, bool compare)
    {
        var school = RollbookId.Derive(new IdScope(TestDistrict.Id, Old, Family.Org), "school").ToString();
        var advanced = new AdvancedSettings { MultipleDataSources = true, CompareByDomainsOfUniqueness = compare };
        return district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
            {
                [Old] = new()
                {
                    Type = Old,
                    Order = 1,
                    Advanced = advanced,
                },
                [New] = new()
                {
                    Type = New,
                    Order = 2,
                    Advanced = advanced,
                    Schools = TwoSchools.Listed(TwoSchools.Join("school", school)),
                },
            }
        );
    }

    /// <summary>The pupils by given name, with a suffix for those that only the new SIS has, and their sources.</summary>
    private static async Task<Dictionary<string, (RollbookId Id, string Sources)>> PeopleAsync(TestDistrict district, string suffix = "")
    {
        var people = new Dictionary<string, (RollbookId Id, string Sources)>(StringComparer.Ordinal);
        await foreach (var person in district.Store.Roster.ReadAsync(Kind.Student, null, Token))
        {
            var sources = string.Join(' ', (string[])person.Row["sources"]!);
            people.Add((string)person.Row["givenName"]! + (sources == New ? suffix : ""), (person.Id, sources));
        }

        return people;
    }

    private static async Task<List<RollbookId>> EnrolledAsync(TestDistrict district) =>
        await district.Store.Roster.ReadAsync(Kind.Enrollment, null, Token).Select(each => (RollbookId)each.Row["person"]!).ToListAsync(Token);

    private Task<DeactivationResult> DeactivateAsync(TestDistrict district, bool keepIds, bool removeData = true)
    {
        var audit = new MemoryAuditLog();
        var configurations = new Configurations(district.Installation, new PlainSecrets(), audit, TimeProvider.System);
        return new Deactivations(district.Imports, configurations, [old, @new], audit, TimeProvider.System).DeactivateAsync(
            district.Store,
            Old,
            removeData,
            keepIds,
            "ada",
            Token
        );
    }
}
