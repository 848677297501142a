using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Deliver;

/// <summary>Packages read back by Rollbook's own OneRoster CSV app, in another district: no finding, and after each package the same records.</summary>
public sealed class MirrorTests
{
    /// <summary>What of a record the formats have no column for; a person's number is in the column of the identifier, and 1.1 has no order among schools.</summary>
    private static readonly string[] NotIn11 = ["primarySchool", "preferredGivenName", "preferredMiddleName", "preferredFamilyName", "pronouns"];

    private static readonly string[] NotInEither = ["title", "metadata"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1", "bulk")]
    [InlineData("1.1", "delta")]
    [InlineData("1.2", "bulk")]
    [InlineData("1.2", "delta")]
    public async Task Every_package_makes_another_district_the_same(string version, string mode)
    {
        var options = new OneRosterCsvOptions { Settle = TimeSpan.FromMilliseconds(1) };
        var connector = new OneRosterCsvConnector(options);
        await using var bed = await ExportBed.NewAsync(connector);
        await using var mirror = await TestDistrict.StartAsync(connector);
        var source = Path.Combine(bed.Folder, "source.zip");
        await bed.ConfigureAsync(
            Import(source),
            ("path", Path.Combine(bed.Folder, TestDistrict.Id, "roster-{version}.zip")),
            ("mode", mode),
            ("version", version)
        );

        var package = CsvPackage.District(version, classes: 2, students: 4);
        foreach (var change in Changes(version))
        {
            change(package);
            package.WriteZip(source);
            var run = await bed.District.ImportAsync();
            run.State.ShouldBe("published", RunReport.FromJson(run.Report).Failure?.Message);
            var delivery = (await bed.LookAsync())!;
            delivery.State.ShouldBe(DeliveryState.Delivered, delivery.Failure);
            delivery.Start.Since.HasValue.ShouldBe(mode == "delta" && delivery.Start.Version > 1);

            var file = Path.Combine(bed.Folder, TestDistrict.Id, $"roster-{delivery.Start.Version}.zip");
            using var again = new MemoryStream();
            await bed.Deliveries.WriteAsync(
                bed.Store,
                bed.Configuration.Exports[ExportBed.App],
                delivery.Start.Version,
                delivery.Start.Since,
                again,
                Token
            );
            again.ToArray().ShouldBe(await File.ReadAllBytesAsync(file, Token), "the same versions are the same bytes");

            await mirror.ConfigureAsync(Import(file));
            var read = await mirror.ImportAsync();
            RunReport.FromJson(read.Report).Findings.ShouldBeEmpty();
            read.State.ShouldBe("published", RunReport.FromJson(read.Report).Failure?.Message);
            (await TextAsync(mirror, version, isMirror: true)).ShouldBe(await TextAsync(bed.District, version, isMirror: false));
        }
    }

    /// <summary>The first package, and then what happens in a school year: values, leavers, newcomers, another role, another school, no demographics, all of it.</summary>
    private static IEnumerable<Action<CsvPackage>> Changes(string version)
    {
        yield return _ => { };
        yield return package =>
            package
                .Replace("users.csv", "Iris,Pupil000", "Iris,\"O\"\"Hara, Åberg\"")
                .Replace("classes.csv", "English 9 - 1,09", "English 9 - One,09")
                .Replace("enrollments.csv", "E0-0-1,,,C0-0,S0", "E0-0-1,,,C0-1,S0");
        yield return package => Leave(package, "P0-0-2");
        yield return package =>
            package
                .Replace(
                    version == "1.1" ? "users.csv" : "roles.csv",
                    version == "1.1" ? "true,S0,teacher,teacher00" : "T0-0,primary,teacher",
                    version == "1.1" ? "true,S0,administrator,teacher00" : "T0-0,primary,administrator"
                )
                .Keep("enrollments.csv", line => !line.StartsWith("E0-0-T,", StringComparison.Ordinal))
                .Keep("demographics.csv", line => !line.StartsWith("P0-0-3,", StringComparison.Ordinal));
        yield return package =>
        {
            Leave(package, "P1-0-0");
            package.Replace(
                version == "1.1" ? "users.csv" : "roles.csv",
                version == "1.1" ? "G0-0-1,,,true,S0,guardian" : "R-G0-0-1,,,G0-0-1,primary,guardian,,,S0",
                version == "1.1"
                    ? "G0-0-1,,,true,\"S0,S1\",guardian"
                    : "R-G0-0-1,,,G0-0-1,primary,guardian,,,S0,\nR-G0-0-1b,,,G0-0-1,secondary,guardian,,,S1"
            );
        };
    }

    private static void Leave(CsvPackage package, string pupil)
    {
        var guardian = "G" + pupil[1..];
        package
            .Keep(
                "users.csv",
                line => !line.StartsWith(pupil + ",", StringComparison.Ordinal) && !line.StartsWith(guardian + ",", StringComparison.Ordinal)
            )
            .Keep("demographics.csv", line => !line.StartsWith(pupil + ",", StringComparison.Ordinal))
            .Keep(
                "roles.csv",
                line => !line.Contains($",{pupil},", StringComparison.Ordinal) && !line.Contains($",{guardian},", StringComparison.Ordinal)
            )
            .Keep("enrollments.csv", line => !line.Contains($",{pupil},", StringComparison.Ordinal));
    }

    private static AppConfiguration Import(string path) =>
        new()
        {
            Type = "oneroster-csv",
            Delivery = new Dictionary<string, string>(StringComparer.Ordinal) { ["path"] = path },
        };

    /// <summary>
    /// Every record in words, by the first district's IDs, which the other one has as SIS IDs: so that references can be compared. What the format has no column for is left out.
    /// </summary>
    private static async Task<List<string>> TextAsync(TestDistrict district, string version, bool isMirror)
    {
        var records = await district.RecordsAsync();
        var names = records.ToDictionary(record => record.Key.Id, record => isMirror ? record.Value.SisId : record.Key.Id.ToString());
        var left = version == "1.1" ? [.. NotIn11, .. NotInEither] : NotInEither;
        return
        [
            .. records
                .Select(record =>
                    $"{record.Key.Kind} {names[record.Key.Id]} "
                    + string.Join(
                        " ",
                        Kinds
                            .Of(record.Key.Kind)
                            .Attributes.Where(attribute => attribute.Name is not "sisId" && !left.Contains(attribute.Name))
                            .Select(attribute => $"{attribute.Name}={Value(record.Value[attribute], names)}")
                    )
                )
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string Value(object? value, Dictionary<RollbookId, string> names) =>
        value switch
        {
            RollbookId id => names[id],
            IEnumerable<RollbookId> ids => string.Join(",", ids.Select(id => names[id])),
            IEnumerable<string> texts => string.Join(",", texts),
            _ => $"{value}",
        };
}
