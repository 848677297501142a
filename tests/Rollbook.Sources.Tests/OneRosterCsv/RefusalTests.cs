using System.IO.Compression;
using System.Text;
using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Testing;

namespace Rollbook.Sources.Tests.OneRosterCsv;

/// <summary>What is no whole and honest package is refused with a sentence that says what to do, and nothing of it counts as complete.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task A_file_that_was_cut_off_in_its_middle_is_refused()
    {
        var zip = CsvPackage.District().Zip();
        await RefusedAsync(zip[..(zip.Length / 2)], "cut off");
    }

    [Fact]
    public async Task A_flipped_byte_is_found_by_the_checksum()
    {
        var zip = CsvPackage.District().Zip(CompressionLevel.NoCompression);
        zip[Encoding.UTF8.GetString(zip).IndexOf("Iris", StringComparison.Ordinal)] ^= 1;
        await RefusedAsync(zip, "checksum");
    }

    [Fact]
    public async Task Utf_16_and_windows_1252_are_told_by_their_bytes()
    {
        var text = CsvPackage.District()["users.csv"];
        await RefusedAsync(CsvPackage.District().Set("users.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]).Zip(), "UTF-16", "FF FE");
        await RefusedAsync(CsvPackage.District().Set("users.csv", Encoding.Unicode.GetBytes(text)).Zip(), "zero byte", "line 1");
        var latin = Encoding.Latin1.GetBytes(text.Replace("T0-1,,,true", "T0-1,,,trué", StringComparison.Ordinal));
        var line = text[..text.IndexOf("T0-1,", StringComparison.Ordinal)].Count(letter => letter == '\n') + 1;
        await RefusedAsync(CsvPackage.District().Set("users.csv", latin).Zip(), "users.csv is not UTF-8", $"line {line}", "E9");
    }

    [Fact]
    public async Task A_character_in_two_pieces_at_every_place_of_a_buffer_is_still_one()
    {
        for (var shift = 0; shift < 4; shift++)
        {
            var package = CsvPackage.District();
            package["orgs.csv"] += $"X{new string('x', shift)},,,{string.Concat(Enumerable.Repeat("€ü😀", 30_000))},school,1,D\n";
            using var disk = new PackageOnDisk(package);
            (await disk.ReadAsync()).Failure.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("../users.csv", "leads out")]
    [InlineData("/etc/users.csv", "leads out")]
    [InlineData("C:\\users.csv", "leads out")]
    [InlineData("__MACOSX/../../users.csv", "leads out")]
    [InlineData("export/users.csv", "in a folder")]
    public async Task A_name_that_leads_elsewhere_is_refused(string name, string said) =>
        await RefusedAsync(CsvPackage.District().Set(name, [65]).Zip(), said);

    [Fact]
    public async Task What_operating_systems_add_is_passed_over()
    {
        using var disk = new PackageOnDisk(
            CsvPackage.District().Set("__MACOSX/._users.csv", [0, 1, 2]).Set(".DS_Store", [0]).Set("__MACOSX/", []).Set("empty/", [])
        );
        var reading = await disk.ReadAsync();
        reading.Failure.ShouldBeNull();
        reading.Messages.OfType<SourceMessage.Findings>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Bombs_are_refused_by_entries_size_total_and_ratio()
    {
        var many = CsvPackage.District();
        for (var i = 0; i < 70; i++)
        {
            many.Set($"file{i}.csv", []);
        }

        await RefusedAsync(many.Zip(), "entries");
        var large = CsvPackage.District().Set("resources.csv", new byte[8 << 20]).Zip(CompressionLevel.SmallestSize);
        await RefusedAsync(large, "times its size");
        await RefusedAsync(large, "8 MB unpacked", ("maxFileSize", "2"));
        await RefusedAsync(large, ["8 MB unpacked"], [("maxTotalSize", "7"), ("maxRatio", "10000")]);
        using var allowed = new PackageOnDisk(large);
        (await allowed.ReadAsync(("maxRatio", "10000"))).Failure.ShouldBeNull();
    }

    [Fact]
    public async Task A_size_that_lies_is_found_out_while_reading()
    {
        var zip = CsvPackage.District().Zip();
        var text = Encoding.Latin1.GetString(zip);
        var central = text.LastIndexOf("users.csv", StringComparison.Ordinal) - 46;
        BitConverter.GetBytes(1000).CopyTo(zip, central + 24);
        using var disk = new PackageOnDisk(zip);
        (await disk.ReadAsync()).SourceFailure.ShouldNotBeNull().Part.ShouldBe(CheckPart.Package);
    }

    [Fact]
    public async Task Headers_that_are_wrong_are_refused()
    {
        await RefusedAsync(CsvPackage.District().Replace("orgs.csv", "sourcedId,", "id,").Zip(), "orgs.csv has no column sourcedId");
        await RefusedAsync(CsvPackage.District().Replace("orgs.csv", "identifier", "name").Zip(), "the column name twice");
        await RefusedAsync(CsvPackage.District().Replace("orgs.csv", ",", ";").Zip(), "none of the columns");
        await RefusedAsync(CsvPackage.District().Replace("users.csv", ",role,", ",rolle,").Zip(), "users.csv has no column role");
        await RefusedAsync(CsvPackage.District(mode: "delta").Replace("orgs.csv", "status", "state").Zip(), "without the column status");
    }

    [Fact]
    public async Task A_package_that_holds_less_than_its_manifest_says_is_refused()
    {
        await RefusedAsync(CsvPackage.District().Remove("enrollments.csv").Zip(), "enrollments.csv is in the package (bulk), and it is not there");
        await RefusedAsync(CsvPackage.District().Keep("enrollments.csv", _ => false).Zip(), "enrollments.csv has no rows");
        await RefusedAsync(CsvPackage.District().Set("enrollments.csv", []).Zip(), "enrollments.csv is empty");
        await RefusedAsync(new CsvPackage().Zip(), "is empty");
        await RefusedAsync(new CsvPackage().Set("notes.txt", [65]).Zip(), "none of the files");
        await RefusedAsync(
            CsvPackage.District("1.2").Remove("roles.csv").Replace("manifest.csv", "file.roles,bulk", "file.roles,absent").Zip(),
            "roles.csv"
        );
    }

    [Fact]
    public async Task A_file_that_ends_within_a_row_or_a_quotation_is_refused()
    {
        var users = CsvPackage.District()["users.csv"];
        await RefusedAsync(CsvPackage.District().Set("users.csv", Encoding.UTF8.GetBytes(users[..^40])).Zip(), "cut off");
        await RefusedAsync(CsvPackage.District().Replace("orgs.csv", "\"School 1, Riverside\"", "\"School 1, Riverside").Zip(), "orgs.csv");
    }

    [Fact]
    public async Task A_path_without_a_package_says_what_to_do()
    {
        var connector = new OneRosterCsvConnector(PackageOnDisk.Hurried);
        var reading = await Reading.OfAsync(
            connector,
            PackageOnDisk.Of("/nowhere/at/all.zip"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        reading.SourceFailure.ShouldNotBeNull().Message.ShouldContain("nothing at the path");
        connector.Inspect(PackageOnDisk.Of("all.zip")).ShouldHaveSingleItem().Problem.ShouldNotBeNull().ShouldContain("not a whole one");
        connector.Inspect(PackageOnDisk.Of("/a.zip", ("maxRatio", "1"))).ShouldHaveSingleItem().Name.ShouldBe("maxRatio");
        var fenced = new OneRosterCsvConnector(PackageOnDisk.Hurried with { Folders = ["/srv/rollbook"] });
        var other = await Reading.OfAsync(
            fenced,
            PackageOnDisk.Of("/srv/rollbook/../x.zip"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        other.SourceFailure.ShouldNotBeNull().Message.ShouldContain("may not lie at this path");
    }

    [Fact]
    public async Task Of_a_folder_of_packages_the_newest_is_taken_once_it_is_whole()
    {
        using var disk = new PackageOnDisk(CsvPackage.District(schools: 1).Zip(), "old.zip");
        var folder = Path.GetDirectoryName(disk.Path)!;
        var zip = CsvPackage.District(schools: 3).Zip();
        var path = Path.Combine(folder, "new.zip");
        await using var writing = File.Create(path);
        await writing.WriteAsync(zip.AsMemory(0, zip.Length / 2), TestContext.Current.CancellationToken);
        await writing.FlushAsync(TestContext.Current.CancellationToken);
        var connector = new OneRosterCsvConnector(new OneRosterCsvOptions { Settle = TimeSpan.FromMilliseconds(300) });
        var reading = Reading.OfAsync(connector, PackageOnDisk.Of(folder), cancellationToken: TestContext.Current.CancellationToken);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        await writing.WriteAsync(zip.AsMemory(zip.Length / 2), TestContext.Current.CancellationToken);
        await writing.DisposeAsync();
        (await reading).Failure.ShouldBeNull();
        (await reading).Records[Collection.Orgs].Count.ShouldBe(4);
    }

    private static Task RefusedAsync(byte[] zip, params string[] said) => RefusedAsync(zip, said, []);

    private static Task RefusedAsync(byte[] zip, string said, (string Name, string Value) setting) => RefusedAsync(zip, [said], [setting]);

    private static async Task RefusedAsync(byte[] zip, string[] said, (string Name, string Value)[] settings)
    {
        using var disk = new PackageOnDisk(zip);
        var failure = (await disk.ReadAsync(settings)).SourceFailure.ShouldNotBeNull();
        failure.Part.ShouldBeOneOf(CheckPart.Package, CheckPart.Files);
        foreach (var part in said)
        {
            failure.Message.ShouldContain(part, Case.Sensitive);
        }
    }
}
