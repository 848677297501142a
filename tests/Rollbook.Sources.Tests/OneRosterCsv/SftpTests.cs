using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Sources.Tests.Contract;
using Rollbook.Testing;

namespace Rollbook.Sources.Tests.OneRosterCsv;

/// <summary>What an SFTP server must show and do before anything is read from it, on a real one.</summary>
public sealed class SftpTests : IAsyncLifetime
{
    private static readonly OneRosterCsvOptions Options = PackageOnDisk.Hurried with { UploadFolder = Path.GetTempPath() };

    private SshServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await SshServer.StartAsync();
        CsvPackage.District(schools: 1).WriteZip(Path.Combine(server.Folder, "roster.zip"));
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_server_that_is_not_known_yet_is_refused_with_the_fingerprint_that_it_shows()
    {
        var failure = (await ReadAsync(("sftp.hostKey", ""))).SourceFailure.ShouldNotBeNull();
        failure.Part.ShouldBe(CheckPart.HostKey);
        failure.Failure.ShouldBe(SourceFailure.Configuration);
        failure.Message.ShouldContain(server.HostKey, Case.Sensitive);
        var steps = await new OneRosterCsvConnector(Options).CheckAsync(SftpContract.SettingsOf(server, ("sftp.hostKey", "")));
        steps[^1].Ok.ShouldBeFalse();
        steps[^1].Part.ShouldBe(CheckPart.HostKey);
    }

    [Fact]
    public async Task A_server_with_another_key_is_refused()
    {
        var failure = (await ReadAsync(("sftp.hostKey", "SHA256:" + new string('A', 43)))).SourceFailure.ShouldNotBeNull();
        failure.Part.ShouldBe(CheckPart.HostKey);
        failure.Message.ShouldContain("another key");
        failure.Message.ShouldContain("Nothing was sent");
        (await ReadAsync(("sftp.hostKey", $"SHA256:{new string('A', 43)} {server.HostKey}"))).Failure.ShouldBeNull();
    }

    [Fact]
    public async Task A_key_pasted_into_one_line_is_read_and_a_wrong_password_is_told()
    {
        (await ReadAsync(("sftp.privateKey", server.PrivateKey.ReplaceLineEndings(" ")))).Failure.ShouldBeNull();
        var wrong = await ReadAsync(("sftp.privateKey", ""), ("sftp.password", "wr0ng-password-of-nobody"));
        wrong.SourceFailure.ShouldNotBeNull().Part.ShouldBe(CheckPart.Credentials);
        wrong.Everything().ShouldNotContain("wr0ng-password");
    }

    [Fact]
    public async Task Of_a_folder_the_newest_package_is_taken_and_nothing_there_is_told()
    {
        CsvPackage.District(schools: 3).WriteZip(Path.Combine(server.Folder, "newer.zip"));
        File.SetLastWriteTimeUtc(Path.Combine(server.Folder, "roster.zip"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        (await ReadAsync(("sftp.path", server.Folder))).Records[Collection.Orgs].Count.ShouldBe(4);
        var nothing = (await ReadAsync(("sftp.path", server.Folder + "/nothing.zip"))).SourceFailure.ShouldNotBeNull();
        nothing.Part.ShouldBe(CheckPart.Package);
        nothing.Message.ShouldContain("nothing at the SFTP path");
    }

    [Fact]
    public async Task A_package_that_grows_while_it_is_looked_at_is_waited_for()
    {
        var zip = CsvPackage.District(schools: 2).Zip();
        var path = Path.Combine(server.Folder, "growing.zip");
        await File.WriteAllBytesAsync(path, zip[..(zip.Length / 2)], TestContext.Current.CancellationToken);
        var connector = new OneRosterCsvConnector(Options with { Settle = TimeSpan.FromSeconds(1) });
        var reading = Reading.OfAsync(
            connector,
            SftpContract.SettingsOf(server, ("sftp.path", path)),
            cancellationToken: TestContext.Current.CancellationToken
        );
        await Task.Delay(600, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, zip, TestContext.Current.CancellationToken);
        (await reading).Failure.ShouldBeNull();
        (await reading).Records[Collection.Orgs].Count.ShouldBe(3);
    }

    [Fact]
    public void Settings_that_can_not_work_are_told_at_their_fields()
    {
        var connector = new OneRosterCsvConnector(Options);
        Problem("sftp.host", ("sftp.host", "sftp://sis.example/x")).ShouldContain("no name of a host");
        Problem("sftp.port", ("sftp.port", "70000")).ShouldContain("65535");
        Problem("sftp.hostKey", ("sftp.hostKey", "MD5:aa:bb")).ShouldContain("no fingerprint");
        Problem("sftp.privateKey", ("sftp.privateKey", "secret words")).ShouldNotContain("secret words");
        Problem("path", ("path", "/srv/roster.zip")).ShouldContain("Empty one of them");
        connector.TakesPackages(SftpContract.SettingsOf(server)).ShouldBeFalse();

        string Problem(string name, params (string, string)[] other) =>
            connector.Inspect(SftpContract.SettingsOf(server, other)).Single(finding => finding.Name == name).Problem.ShouldNotBeNull();
    }

    private Task<Reading> ReadAsync(params (string Name, string Value)[] other) =>
        Reading.OfAsync(
            new OneRosterCsvConnector(Options),
            SftpContract.SettingsOf(server, other),
            cancellationToken: TestContext.Current.CancellationToken
        );
}
