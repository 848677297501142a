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
    public async Task Of_2000_people_those_are_one_whom_the_domains_tell_and_the_directory_takes_nobody_away()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("rollbook-directory-").FullName;
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 2_000, Seed = 11 });
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

        // The truth: nine of ten have an account, some of these disabled; and the directory has others, who look like people of the SIS in everything that is no domain.
        var pairs = before.Where(person => IsKnown(person.Value)).Where((_, i) => i % 10 != 9).ToDictionary();
        pairs.Values.Count(row => row.Kind == Kind.Student).ShouldBeGreaterThan(1_700);
        pairs.Values.Count(row => row.Kind == Kind.Teacher).ShouldBeGreaterThan(90);
        var strangers = before.Values.Where(IsKnown).Where((_, i) => i % 20 == 9).Select(StrangerLike).ToList();
        await using var directory = await OpenLdap.StartAsync([
            .. pairs.Values.Select(AccountOf),
            .. strangers,
            new DirectoryPerson("Visitor", "OU=Visitors", new Guid("0a0b0c0d-0000-0000-0000-000000000002"), []),
        ]);
        await ConfigureAsync(installation, sis, directory);
        (await ImportAsync(imports, store, Directory)).State.ShouldBe("published");

        var together = await PeopleAsync(store);
        together.Count.ShouldBe(before.Count + strangers.Count);
        foreach (var (id, row) in together)
        {
            if (pairs.TryGetValue(id, out var own))
            {
                ShouldBeBoth(row, own);
            }
            else if (before.TryGetValue(id, out own))
            {
                row.ShouldBe(own);
            }
            else
            {
                SourcesOf(row).ShouldBe(Directory);
            }
        }

        await ShouldFollowTheDirectoryAsync(imports, store, directory, before, together, pairs);
        await ShouldFollowTheSisAsync(imports, store, sis, pairs);
        System.IO.Directory.Delete(folder, recursive: true);
    }

    /// <summary>Ten are disabled, ten renamed, ten moved, ten deleted, and ten moved out of the rules' sight; nobody goes.</summary>
    private static async Task ShouldFollowTheDirectoryAsync(
        Sync.Runs.Imports imports,
        IDistrictStore store,
        OpenLdap directory,
        Dictionary<RollbookId, Row> before,
        Dictionary<RollbookId, Row> together,
        Dictionary<RollbookId, Row> pairs
    )
    {
        // Of each ten, three are teachers.
        var enabled = pairs.Where(person => !IsDisabled(person.Value)).ToList();
        var students = enabled.Where(person => person.Value.Kind == Kind.Student).Select(person => person.Key).Chunk(7);
        var teachers = enabled.Where(person => person.Value.Kind == Kind.Teacher).Select(person => person.Key).Chunk(3);
        var groups = students.Zip(teachers, (some, others) => some.Concat(others).ToList()).Take(5).ToList();
        var (disabled, renamed, moved, deleted, hidden) = (groups[0], groups[1], groups[2], groups[3], groups[4]);
        string DnOf(RollbookId id) => AccountOf(before[id]).Dn;
        foreach (var id in disabled)
        {
            await directory.ReplaceAsync(DnOf(id), "userAccountControl", "514");
        }

        foreach (var id in renamed)
        {
            // A teacher is known by the address, which stays; the account's name does not.
            await directory.ReplaceAsync(DnOf(id), "sAMAccountName", $"new-{AccountName(before[id])}"[..20]);
            await directory.ReplaceAsync(DnOf(id), "sn", "Married");
            await directory.RenameAsync(DnOf(id), $"Renamed {before[id].SisId}");
        }

        foreach (var id in moved)
        {
            await directory.MoveAsync(DnOf(id), before[id].Kind == Kind.Student ? Students : "OU=Office,OU=Staff");
        }

        foreach (var id in deleted)
        {
            await directory.DeleteAsync(DnOf(id));
        }

        foreach (var id in hidden)
        {
            await directory.MoveAsync(DnOf(id), "OU=Visitors");
        }

        (await ImportAsync(imports, store, Directory)).State.ShouldBe("published");
        var after = await PeopleAsync(store);
        after.Keys.ShouldBe(together.Keys, ignoreOrder: true);
        foreach (var (id, row) in after)
        {
            if (disabled.Contains(id))
            {
                row["enabled"].ShouldBe(false);
                row["email"].ShouldBe(together[id]["email"]);
            }
            else if (renamed.Contains(id))
            {
                row["username"].ShouldBe($"new-{AccountName(before[id])}"[..20]);
                (row["familyName"], row["email"]).ShouldBe((before[id]["familyName"], together[id]["email"]));
                SourcesOf(row).ShouldBe($"{Sis} {Directory}");
            }
            else if (deleted.Contains(id) || hidden.Contains(id))
            {
                row.ShouldBe(before[id]);
            }
            else
            {
                row.ShouldBe(together[id]);
            }
        }

        (await ImportAsync(imports, store, Directory)).State.ShouldBe("unchanged");
        (await ImportAsync(imports, store, Sis)).State.ShouldBe("unchanged");
    }

    /// <summary>Who leaves the SIS is the directory's alone, under its own ID, or gone when the directory has no account.</summary>
    private static async Task ShouldFollowTheSisAsync(
        Sync.Runs.Imports imports,
        IDistrictStore store,
        SimulatedSynergy sis,
        Dictionary<RollbookId, Row> pairs
    )
    {
        var known = await PeopleAsync(store);
        var left = Enumerable
            .Range(0, 12)
            .Select(_ => sis.Scenarios.Withdrawal().Deleted(Simulator.Kind.Users)[0])
            .Select(id => ImportBed.IdOf(Family.Person, id))
            .ToList();
        var stay = left.Where(id => SourcesOf(known[id]).Contains(Directory, StringComparison.Ordinal)).ToList();
        stay.ShouldNotBeEmpty();
        (await ImportAsync(imports, store, Sis)).State.ShouldBe("published");

        // A run of the directory's people follows by itself.
        var after = await PeopleAsync(store);
        for (var tries = 0; tries < 200 && after.Count < known.Count - left.Count + stay.Count; tries++)
        {
            await Task.Delay(100, Stop);
            after = await PeopleAsync(store);
        }

        after.Count.ShouldBe(known.Count - left.Count + stay.Count);
        left.Any(after.ContainsKey).ShouldBeFalse();
        var alone = after.Values.Where(row => SourcesOf(row) == Directory).Select(row => (string?)row["username"]).ToHashSet(StringComparer.Ordinal);
        stay.ShouldAllBe(id => alone.Contains(AccountName(pairs[id])));
    }

    private static void ShouldBeBoth(Row row, Row own)
    {
        SourcesOf(row).ShouldBe($"{Sis} {Directory}");
        row.Kind.ShouldBe(own.Kind);
        (row["username"], row["email"], row["enabled"]).ShouldBe((AccountName(own), AddressOf(own), !IsDisabled(own)));
        (row["givenName"], row["familyName"], row.SisId).ShouldBe((own["givenName"], own["familyName"], own.SisId));
    }

    private static bool IsKnown(Row row) =>
        row.Kind == Kind.Student ? row["studentNumber"] is string : row.Kind == Kind.Teacher && row["email"] is string;

    private static string SourcesOf(Row row) => string.Join(' ', (string[])row["sources"]!);

    private static string AccountName(Row row) => $"ad-{row.SisId}"[..Math.Min(20, row.SisId.Length + 3)];

    // Addresses of staff are written in capital letters in the directory, which makes no difference.
    private static string AddressOf(Row row) =>
        row.Kind == Kind.Student ? $"{row.SisId}@directory.example" : ((string)row["email"]!).ToUpperInvariant();

    private static bool IsDisabled(Row row) => GuidOf(row.SisId).ToByteArray()[0] % 16 == 0;

    private static Guid GuidOf(string text) =>
        new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    // The directory knows everybody by a nickname, and half of the students' numbers with a letter before.
    private static DirectoryPerson AccountOf(Row row) =>
        new(
            $"{row.Kind} {row.SisId}",
            row.Kind == Kind.Student ? "OU=2030," + Students : "OU=Staff",
            GuidOf(row.SisId),
            [
                ("givenName", "Nick"),
                ("sn", "Name"),
                ("mail", AddressOf(row)),
                ("sAMAccountName", AccountName(row)),
                ("userAccountControl", IsDisabled(row) ? "514" : "512"),
                .. row.Kind == Kind.Student ? new[] { ("employeeID", $"{(row.SisId[^1] % 2 == 0 ? "S" : "")}{row["studentNumber"]}") } : [],
            ]
        );

    // A student of the same name and address under another number; a teacher of the same name and number under another address.
    private static DirectoryPerson StrangerLike(Row row) =>
        new(
            $"Stranger {row.SisId}",
            row.Kind == Kind.Student ? Students : "OU=Office,OU=Staff",
            GuidOf("stranger " + row.SisId),
            [
                ("givenName", (string)row["givenName"]!),
                ("sn", (string)row["familyName"]!),
                ("mail", row.Kind == Kind.Student && row["email"] is string email ? email : $"{row.SisId}@elsewhere.example"),
                ("userAccountControl", "512"),
                ("employeeID", row.Kind == Kind.Student ? $"7{row["studentNumber"]}" : $"{row["staffNumber"]}"),
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
