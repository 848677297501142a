using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Storage;
using Rollbook.Storage.Sqlite;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Testing;

namespace Rollbook.Host.Tests.Imports;

/// <summary>Two hundred packages, each damaged in another way and place: every one is refused in a sentence or reported by rule, none ends in a crash, and none deletes anything.</summary>
public sealed class DamagedPackagesTests
{
    private const int Packages = 200;
    private const string District = "riverside";
    private const string App = "oneroster-csv";

    private static readonly string[] Files =
    [
        "orgs.csv",
        "academicSessions.csv",
        "courses.csv",
        "classes.csv",
        "users.csv",
        "demographics.csv",
        "enrollments.csv",
    ];

    private static readonly (string Name, Func<CsvPackage, Random, byte[]> Make)[] Damages =
    [
        ("a ZIP file cut off", (package, random) => package.Zip() is var zip ? zip[..random.Next(zip.Length - 60)] : []),
        ("a byte that flipped", Flipped),
        ("a file cut off within a row", CutWithinRow),
        ("a stray quotation mark", (package, random) => InField(package, random, field => field.Insert(Math.Min(1, field.Length), "\"") + "x")),
        ("a quotation that is never closed", (package, random) => InField(package, random, field => "\"" + field + "x")),
        ("UTF-16", (package, random) => Encoded(package, random, random.Next(2) == 0 ? Encoding.Unicode : Encoding.BigEndianUnicode)),
        ("Windows-1252", Latin),
        ("a zero byte", (package, random) => InField(package, random, field => field + "\0x")),
        ("a header misnamed", (package, random) => InHeader(package, random, title => "x" + title)),
        ("a header twice", (package, random) => InHeader(package, random, _ => "sourcedId", from: 1)),
        ("another separator", (package, random) => Text(package, random, text => text.Replace(',', ";\t|"[random.Next(3)]))),
        ("no header", (package, random) => Text(package, random, text => text[(text.IndexOf('\n') + 1)..])),
        ("sourcedIds twice", Doubled),
        ("references to nothing", Dangling),
        ("a bomb", (package, random) => package.Set("resources.csv", new byte[(4 + random.Next(8)) << 20]).Zip(CompressionLevel.SmallestSize)),
        ("too many entries", TooMany),
        (
            "a name that leads out",
            (package, random) => package.Set(((string[])["../", "/", "..\\", "C:\\"])[random.Next(4)] + "users.csv", [65]).Zip()
        ),
        ("a folder", (package, random) => package.Set($"export{random.Next(9)}/users.csv", [65]).Zip()),
        ("a file missing", (package, random) => package.Remove(File(random)).Zip()),
        ("a file without rows", (package, random) => package.Keep(File(random), _ => false).Zip()),
        ("an empty file", (package, random) => package.Set(File(random), []).Zip()),
        ("a row too long", (package, random) => InRow(package, random, row => row + ",x")),
        ("a row too short", (package, random) => InRow(package, random, row => row[..row.LastIndexOf(',')])),
        ("a row without an ID", (package, random) => InRow(package, random, row => row[row.IndexOf(',')..])),
        (
            "a line break in a field",
            (package, random) =>
                package.Replace("orgs.csv", "School 0, R", "School 0,\nR").Replace("users.csv", "Iris,", $"\"Iris{random.Next(9)}\n\",").Zip()
        ),
        ("values that are none", Values),
        ("no manifest", (package, _) => package.Remove("manifest.csv").Zip()),
        ("a manifest of noise", (package, random) => package.Set("manifest.csv", Encoding.UTF8.GetBytes($"file.users;{random.Next()}\nx\n")).Zip()),
        ("an encrypted entry", (package, _) => Marked(package.Zip(), 8, 1)),
        ("a size that lies", (package, random) => Marked(package.Zip(), 24, (byte)(1 + random.Next(200)))),
    ];

    [Fact]
    public async Task Each_is_refused_or_reported_and_deletes_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("rollbook-damaged-").FullName;
        await using var installation = SqliteInstallationStore.Open(folder, TimeProvider.System);
        await using var imports = new Sync.Runs.Imports(
            installation,
            [new OneRosterCsvConnector(new OneRosterCsvOptions { Settle = TimeSpan.Zero })],
            new PlainSecrets(),
            new ImportOptions(Path.Combine(folder, "work")),
            TimeProvider.System,
            NullLogger<Sync.Runs.Imports>.Instance
        );
        var path = Path.Combine(folder, "roster.zip");
        var store = await ConfigureAsync(installation, path);
        Sound().WriteZip(path);
        (await ImportAsync(imports, store)).State.ShouldBe("published");
        var before = await IdsAsync(store);
        before.Count.ShouldBeGreaterThan(50);
        for (var i = 0; i < Packages; i++)
        {
            var (name, make) = Damages[i % Damages.Length];
            await System.IO.File.WriteAllBytesAsync(path, make(Sound(), new Random(i)));
            var run = await ImportAsync(imports, store);
            var report = RunReport.FromJson(run.Report);
            var said = $"{i}, {name}: {run.State} {report.Failure}";
            if (run.State == "failed")
            {
                report.Failure.ShouldNotBeNull(said).Part.ShouldBeOneOf("package", "files", "guard");
                report.Failure.Message.ShouldNotBeNullOrWhiteSpace(said);
            }
            else
            {
                run.State.ShouldBeOneOf("published", "unchanged");
                report.Findings.ShouldNotBeEmpty(said);
            }

            before.IsSubsetOf(await IdsAsync(store)).ShouldBeTrue(said);
        }

        await imports.DisposeAsync();
        await installation.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static CsvPackage Sound() => CsvPackage.District(schools: 2, classes: 2, students: 4);

    private static string File(Random random) => Files[random.Next(Files.Length)];

    private static byte[] Text(CsvPackage package, Random random, Func<string, string> change)
    {
        var file = File(random);
        package[file] = change(package[file]);
        return package.Zip();
    }

    private static byte[] InRow(CsvPackage package, Random random, Func<string, string> change) =>
        Text(
            package,
            random,
            text =>
            {
                var rows = text.TrimEnd('\n').Split('\n');
                var row = 1 + random.Next(rows.Length - 1);
                rows[row] = change(rows[row]);
                return string.Join('\n', rows) + "\n";
            }
        );

    private static byte[] InField(CsvPackage package, Random random, Func<string, string> change) =>
        InRow(
            package,
            random,
            row =>
            {
                var fields = row.Split(',');
                var field = 3 + random.Next(fields.Length - 4);
                fields[field] = change(fields[field]);
                return string.Join(',', fields);
            }
        );

    private static byte[] InHeader(CsvPackage package, Random random, Func<string, string> change, int from = 0) =>
        Text(
            package,
            random,
            text =>
            {
                var end = text.IndexOf('\n');
                var titles = text[..end].Split(',');
                var title = from + random.Next(titles.Length - from);
                titles[title] = change(titles[title]);
                return string.Join(',', titles) + text[end..];
            }
        );

    private static byte[] Flipped(CsvPackage package, Random random)
    {
        var zip = package.Zip(CompressionLevel.NoCompression);
        var text = Encoding.Latin1.GetString(zip);
        zip[text.IndexOf("sourcedId,status,dateLastModified,enabledUser", StringComparison.Ordinal) + random.Next(2_000)] ^= (byte)(
            1 << random.Next(8)
        );
        return zip;
    }

    private static byte[] CutWithinRow(CsvPackage package, Random random) =>
        Text(
            package,
            random,
            text =>
            {
                var rows = text.TrimEnd('\n').Split('\n');
                var row = 1 + random.Next(rows.Length - 1);
                return string.Join('\n', rows[..row]) + "\n" + rows[row][..(1 + random.Next(rows[row].LastIndexOf(',') - 1))];
            }
        );

    private static byte[] Encoded(CsvPackage package, Random random, Encoding encoding)
    {
        var file = File(random);
        byte[] mark = random.Next(2) == 0 ? [] : encoding.GetPreamble();
        return package.Set(file, [.. mark, .. encoding.GetBytes(package[file])]).Zip();
    }

    private static byte[] Latin(CsvPackage package, Random random)
    {
        var file = File(random);
        var bytes = Encoding.UTF8.GetBytes(package[file]);
        bytes[random.Next(bytes.Length)] = (byte)(0xC0 + random.Next(0x40));
        return package.Set(file, bytes).Zip();
    }

    private static byte[] Doubled(CsvPackage package, Random random) =>
        Text(
            package,
            random,
            text =>
            {
                var rows = text.TrimEnd('\n').Split('\n');
                return text + string.Join('\n', Enumerable.Range(0, 3).Select(_ => rows[1 + random.Next(rows.Length - 1)])) + "\n";
            }
        );

    private static byte[] Dangling(CsvPackage package, Random random)
    {
        package["enrollments.csv"] += $"X{random.Next()},,,C0-0,S0,nobody,student,false,,\nY{random.Next()},,,nothing,S0,P0-0-1,student,false,,\n";
        package["classes.csv"] += $"Z{random.Next()},,,None,09,nothing,,scheduled,,S0,T9,,,\n";
        return package.Zip();
    }

    private static byte[] TooMany(CsvPackage package, Random random)
    {
        for (var i = 0; i < 60 + random.Next(100); i++)
        {
            package.Set($"resource{i}.csv", [65]);
        }

        return package.Zip();
    }

    private static byte[] Values(CsvPackage package, Random random) =>
        package
            .Replace("academicSessions.csv", "2026-08-16", ((string[])["8/16/2026", "soon", "2026-13-45"])[random.Next(3)])
            .Replace("users.csv", ",true,", ((string[])[",TRUE,", ",perhaps,", ",1,"])[random.Next(3)])
            .Replace("enrollments.csv", ",false,", ",FALSE,")
            .Replace("users.csv", "{stateID:", "stateID=")
            .Zip();

    /// <summary>Sets a byte in the directory's entry of users.csv.</summary>
    private static byte[] Marked(byte[] zip, int at, byte value)
    {
        var name = Encoding.Latin1.GetString(zip).LastIndexOf("users.csv", StringComparison.Ordinal);
        zip[name - 46 + at] = value;
        return zip;
    }

    private static async Task<IDistrictStore> ConfigureAsync(IInstallationStore installation, string path)
    {
        var read = new ConfigurationFileResult.Read(
            new DistrictConfiguration
            {
                Id = District,
                Name = "Riverside Unified",
                Apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
                {
                    [App] = new()
                    {
                        Type = "oneroster-csv",
                        Delivery = new Dictionary<string, string>(StringComparer.Ordinal) { ["path"] = path },
                    },
                },
            },
            new Dictionary<(string App, string Setting), string>()
        );
        await new Configurations(installation, new PlainSecrets(), new MemoryAuditLog(), TimeProvider.System).ApplyAsync(read, "test", default);
        return (await installation.OpenAsync(District, default))!;
    }

    private static async Task<RunRecord> ImportAsync(Sync.Runs.Imports imports, IDistrictStore store)
    {
        var run = (await imports.StartAsync(District, App, "command", "test", default)).ShouldBeOfType<StartResult.Started>().Run;
        await imports.WaitAsync(District, run, default);
        return (await store.Runs.GetAsync(run, default))!;
    }

    private static async Task<HashSet<RollbookId>> IdsAsync(IDistrictStore store)
    {
        var ids = new HashSet<RollbookId>();
        foreach (var kind in Kinds.All)
        {
            await foreach (var record in store.Roster.ReadAsync(kind.Kind, null, default))
            {
                ids.Add(record.Id);
            }
        }

        return ids;
    }
}
