using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Sources.ActiveDirectory;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.Synergy;
using Rollbook.Storage;
using Rollbook.Storage.Sqlite;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Testing;
using Kind = Rollbook.Model.Kind;

namespace Rollbook.Host.Tests.Imports;

/// <summary>A simulated SIS and a directory of the same people: students known by their number, teachers by their e-mail address.</summary>
public sealed class DirectoryBesideSisTests
{
    private const string District = "riverside";
    private const string Sis = "synergy";
    private const string Directory = "directory";
    private const string Students = "OU=Students,OU=Lincoln High";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_person_is_one_record_that_the_directory_adds_to_and_never_takes_away()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("rollbook-directory-").FullName;
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 200, Seed = 11 });
        await using var installation = SqliteInstallationStore.Open(folder, TimeProvider.System);
        await using var imports = new Sync.Runs.Imports(
            installation,
            [new SynergyConnector(new OneRosterOptions()), new DirectoryConnector()],
            new PlainSecrets(),
            new ImportOptions(Path.Combine(folder, "work")),
            TimeProvider.System,
            NullLogger<Sync.Runs.Imports>.Instance
        );
        var store = await ConfigureAsync(installation, sis, directory: null);
        (await ImportAsync(imports, store, Sis)).State.ShouldBe("published");
        var before = await PeopleAsync(store);
        var known = before.Values.Where(IsKnown).ToList();
        known.Count(row => row.Kind == Kind.Student).ShouldBe(200);
        known.Count(row => row.Kind == Kind.Teacher).ShouldBeGreaterThan(5);

        var accounts = known.Select(AccountOf).ToList();
        await using var directory = await OpenLdap.StartAsync([
            .. accounts,
            new DirectoryPerson(
                "New Hire",
                "OU=Staff",
                new Guid("0a0b0c0d-0000-0000-0000-000000000001"),
                [("givenName", "New"), ("sn", "Hire"), ("userAccountControl", "512")]
            ),
            new DirectoryPerson("Visitor", "OU=Visitors", new Guid("0a0b0c0d-0000-0000-0000-000000000002"), []),
        ]);
        await ConfigureAsync(installation, sis, directory);
        (await ImportAsync(imports, store, Directory)).State.ShouldBe("published");

        var together = await PeopleAsync(store);
        together.Count.ShouldBe(before.Count + 1);
        foreach (var (id, row) in before.Where(person => IsKnown(person.Value)))
        {
            SourcesOf(together[id]).ShouldBe($"{Sis} {Directory}");
            together[id]["username"].ShouldBe(AccountName(row));
            together[id]["email"].ShouldBe(AddressOf(row));
            together[id]["givenName"].ShouldBe(row["givenName"]);
            together[id]["familyName"].ShouldBe(row["familyName"]);
            together[id].SisId.ShouldBe(row.SisId);
        }

        // One is disabled, one renamed and moved, one deleted, one moved out of the rules' sight.
        var four = before.Where(person => person.Value.Kind == Kind.Student).Take(4).Select(person => person.Key).ToList();
        string DnOf(int which) => AccountOf(before[four[which]]).Dn;
        await directory.ReplaceAsync(DnOf(0), "userAccountControl", "514");
        await directory.ReplaceAsync(DnOf(1), "mail", "renamed@directory.example");
        await directory.DeleteAsync(DnOf(2));
        await directory.MoveAsync(DnOf(3), "OU=Visitors");
        await directory.MoveAsync(DnOf(1), Students);
        (await ImportAsync(imports, store, Directory)).State.ShouldBe("published");

        var after = await PeopleAsync(store);
        after.Keys.ShouldBe(together.Keys, ignoreOrder: true);
        after[four[0]]["enabled"].ShouldBe(false);
        after[four[1]]["email"].ShouldBe("renamed@directory.example");
        SourcesOf(after[four[1]]).ShouldBe($"{Sis} {Directory}");
        SourcesOf(after[four[2]]).ShouldBe(Sis);
        after[four[2]]["email"].ShouldBe(before[four[2]]["email"]);
        after[four[2]]["username"].ShouldBe(before[four[2]]["username"]);
        SourcesOf(after[four[3]]).ShouldBe(Sis);

        (await ImportAsync(imports, store, Directory)).State.ShouldBe("unchanged");
        (await ImportAsync(imports, store, Sis)).State.ShouldBe("unchanged");
        System.IO.Directory.Delete(folder, recursive: true);
    }

    private static bool IsKnown(Row row) =>
        row.Kind == Kind.Student ? row["studentNumber"] is string : row.Kind == Kind.Teacher && row["email"] is string;

    private static string SourcesOf(Row row) => string.Join(' ', (string[])row["sources"]!);

    private static string AccountName(Row row) => $"ad-{row.SisId}"[..Math.Min(20, row.SisId.Length + 3)];

    private static string AddressOf(Row row) => row.Kind == Kind.Student ? $"{row.SisId}@directory.example" : (string)row["email"]!;

    // The directory knows everybody by a nickname.
    private static DirectoryPerson AccountOf(Row row) =>
        new(
            $"{row.Kind} {row.SisId}",
            row.Kind == Kind.Student ? "OU=2030," + Students : "OU=Staff",
            new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(row.SisId)).AsSpan(0, 16)),
            [
                ("givenName", "Nick"),
                ("sn", "Name"),
                ("mail", AddressOf(row)),
                ("sAMAccountName", AccountName(row)),
                ("userAccountControl", "512"),
                .. row.Kind == Kind.Student ? new[] { ("employeeID", $"S{row["studentNumber"]}") } : [],
            ]
        );

    private static async Task<IDistrictStore> ConfigureAsync(IInstallationStore installation, SimulatedSynergy sis, OpenLdap? directory)
    {
        var advanced = new AdvancedSettings { MultipleDataSources = true, CompareByDomainsOfUniqueness = true };
        var domains = new SortedDictionary<string, IReadOnlyList<IReadOnlyList<string>>>(StringComparer.Ordinal)
        {
            ["student"] =
            [
                ["studentNumber"],
            ],
            ["teacher"] =
            [
                ["email"],
            ],
        };
        var masters = new SortedDictionary<string, MasterMode>(StringComparer.Ordinal)
        {
            ["email"] = MasterMode.Master,
            ["username"] = MasterMode.Master,
            ["enabled"] = MasterMode.Master,
        };
        var apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
        {
            [Sis] = new()
            {
                Type = "synergy",
                Order = 1,
                Advanced = advanced,
                DomainsOfUniqueness = domains,
                Delivery = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["apiUrl"] = sis.ApiUrl.ToString(),
                    ["tokenUrl"] = sis.TokenUrl.ToString(),
                    ["clientId"] = sis.ClientId,
                },
                Secrets = ["clientSecret"],
            },
        };
        var secrets = new Dictionary<(string App, string Setting), string> { [(Sis, "clientSecret")] = sis.ClientSecret };
        if (directory is not null)
        {
            apps[Directory] = new AppConfiguration
            {
                Type = "directory",
                Name = "Active Directory",
                Order = 2,
                Advanced = advanced,
                DomainsOfUniqueness = domains,
                MasterFields = new SortedDictionary<string, IReadOnlyDictionary<string, MasterMode>>(StringComparer.Ordinal)
                {
                    ["student"] = masters,
                    ["teacher"] = masters,
                },
                Delivery = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["host"] = "localhost",
                    ["port"] = directory.SecurePort.ToString(CultureInfo.InvariantCulture),
                    ["caCertificate"] = directory.Authority,
                    ["bindDn"] = OpenLdap.Reader,
                    ["baseDns"] = OpenLdap.Suffix,
                    ["numberPrefixes"] = "s",
                    ["rules"] = $"{Students} => student, Lincoln High\nOU=Staff => teacher, *",
                },
                Secrets = ["password"],
            };
            secrets[(Directory, "password")] = OpenLdap.Password;
        }

        var read = new ConfigurationFileResult.Read(
            new DistrictConfiguration
            {
                Id = District,
                Name = "Riverside Unified",
                Apps = apps,
            },
            secrets
        );
        await new Configurations(installation, new PlainSecrets(), new MemoryAuditLog(), TimeProvider.System).ApplyAsync(read, "test", Stop);
        return (await installation.OpenAsync(District, Stop))!;
    }

    private static async Task<RunRecord> ImportAsync(Sync.Runs.Imports imports, IDistrictStore store, string app)
    {
        var run = (await imports.StartAsync(District, app, "command", "test", Stop)).ShouldBeOfType<StartResult.Started>().Run;
        await imports.WaitAsync(District, run, Stop);
        return (await store.Runs.GetAsync(run, Stop))!;
    }

    private static async Task<Dictionary<RollbookId, Row>> PeopleAsync(IDistrictStore store)
    {
        var people = new Dictionary<RollbookId, Row>();
        foreach (var kind in Rollbook.Model.Kinds.Of(Family.Person))
        {
            await foreach (var record in store.Roster.ReadAsync(kind.Kind, null, Stop))
            {
                people.Add(record.Id, record.Row.Copy());
            }
        }

        return people;
    }
}
