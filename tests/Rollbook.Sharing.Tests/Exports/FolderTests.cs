using Rollbook.Sharing.Exports;
using Rollbook.Sharing.Tests.Csv;
using Rollbook.Sources;
using Rollbook.Sync.Deliver;

namespace Rollbook.Sharing.Tests.Exports;

/// <summary>Packages put into folders of this server: where they may be, and how they get there.</summary>
public sealed class FolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("rollbook-folder-").FullName;

    private string Open => Path.Combine(root, "open");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_package_is_put_into_the_districts_own_folder_and_replaces_whatever_was_left_half_done()
    {
        var path = Path.Combine(Open, "riverside", "vendor", "roster.zip");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(Path.Combine(Open, "riverside", "vendor", ".riverside-app.part"), new string('x', 1 << 20), Token);
        var package = await PutAsync(path);
        new FileInfo(path).Length.ShouldBe(package.Bytes);
        package.Rows["users"].ShouldBe(new ExportedRows(2, 0));
        Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).ShouldBe([path]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        var steps = new List<CheckStep>();
        await foreach (var step in Exporter.CheckAsync(Settings(path), Token))
        {
            steps.Add(step);
        }

        steps.ShouldAllBe(step => step.Ok);
        Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).ShouldBe([path]);
    }

    [Theory]
    [InlineData("elsewhere/roster.zip")]
    [InlineData("open/roster.zip")]
    [InlineData("open/other-district/roster.zip")]
    [InlineData("open/riverside/../other-district/roster.zip")]
    [InlineData("open/riverside-2/roster.zip")]
    [InlineData("open/riverside/link/roster.zip")]
    public async Task Elsewhere_nothing_is_put(string path)
    {
        Directory.CreateDirectory(Path.Combine(root, "elsewhere"));
        Directory.CreateDirectory(Path.Combine(Open, "riverside"));
        Directory.CreateSymbolicLink(Path.Combine(Open, "riverside", "link"), Path.Combine(root, "elsewhere"));
        var failure = await Should.ThrowAsync<SourceException>(() => PutAsync(Path.Combine(root, path)));
        failure.Message.ShouldContain("Packages may not be put at this path");
        failure.Failure.ShouldBe(SourceFailure.Configuration);
        Directory.GetFiles(root, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("path", "roster.zip", "not a whole one")]
    [InlineData("path", "/srv/exports/riverside/", "name of a ZIP file")]
    [InlineData("path", "/srv/exports/riverside/roster.csv", "name of a ZIP file")]
    [InlineData("path", "/srv/{version}/roster.zip", "name of a folder")]
    [InlineData("version", "2.0", "1.1 or 1.2")]
    [InlineData("mode", "both", "bulk or delta")]
    public void A_wrong_setting_is_told_at_its_field(string name, string value, string message)
    {
        var found = Exporter.Inspect(new SourceSettings(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value }));
        var finding = found.Where(finding => finding.Problem is not null).ShouldHaveSingleItem();
        finding.Name.ShouldBe(name);
        finding.Problem.ShouldNotBeNull().ShouldContain(message);
    }

    [Fact]
    public void Deltas_need_names_of_their_own()
    {
        Problem(("mode", "delta"), ("path", "/srv/exports/riverside/roster.zip")).ShouldNotBeNull().ShouldContain("{version}");
        Problem(("mode", "delta"), ("path", "/srv/exports/riverside/roster-{version}.zip")).ShouldBeNull();
        Problem(("mode", "delta")).ShouldBeNull("each download is one of its own");
        Problem(("path", "/srv/a/roster.zip"), ("sftp.host", "sftp.x.example")).ShouldNotBeNull().ShouldContain("Empty one of them");
        Problem(("mode", "delta"), ("sftp.host", "sftp.x.example"), ("sftp.user", "u"), ("sftp.path", "in/roster.zip"))
            .ShouldNotBeNull()
            .ShouldContain("{version}");

        string? Problem(params (string Name, string Value)[] settings) =>
            Exporter
                .Inspect(new SourceSettings(settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal)))
                .FirstOrDefault(finding => finding.Problem is not null)
                ?.Problem;
    }

    private OneRosterCsvExporter Exporter => new(new ExportOptions { WorkFolder = Path.Combine(root, "elsewhere"), Folders = [Open] });

    private Task<ExportedPackage> PutAsync(string path) =>
        Exporter.DeliverAsync(
            new ExportRequest(Settings(path), new RosterInMemory(OneRosterCsvExportTests.Version, OneRosterCsvExportTests.Small()), 3, null),
            Token
        );

    private static SourceSettings Settings(string path) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal) { ["path"] = path }) { Owner = new SourceOwner("riverside", "app") };
}
