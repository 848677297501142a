using System.IO.Compression;
using Rollbook.Sharing.Exports;
using Rollbook.Sharing.Tests.Csv;
using Rollbook.Sources;
using Rollbook.Sources.Sftp;
using Rollbook.Sync.Deliver;
using Rollbook.Testing;

namespace Rollbook.Sharing.Tests.Exports;

/// <summary>Packages pushed to a real SFTP server.</summary>
public sealed class SftpPushTests : IAsyncLifetime
{
    private readonly string work = Directory.CreateTempSubdirectory("rollbook-push-").FullName;
    private SshServer server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await SshServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(work, recursive: true);
    }

    [Fact]
    public async Task A_package_takes_the_place_of_the_one_before_in_one_step_so_that_whoever_looks_finds_a_whole_one()
    {
        var path = Path.Combine(server.Folder, "roster.zip");
        await PushAsync(Settings(path));
        await File.WriteAllTextAsync(Path.Combine(server.Folder, ".riverside-vendor.part"), new string('x', 1 << 20), Token);
        var first = await File.ReadAllBytesAsync(path, Token);
        var done = false;
        var looked = 0;
        var looking = Task.Run(
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    using var zip = ZipFile.OpenRead(path);
                    zip.Entries.Count.ShouldBe(8);
                    looked++;
                }
            },
            Token
        );
        for (var times = 0; times < 10; times++)
        {
            await PushAsync(Settings(path));
        }

        Volatile.Write(ref done, true);
        await looking;
        looked.ShouldBeGreaterThan(0);
        (await File.ReadAllBytesAsync(path, Token)).ShouldBe(first, "the same version");
        Directory.GetFiles(server.Folder, "*.part").ShouldBeEmpty();

        await PushAsync(Settings(Path.Combine(server.Folder, "roster-{version}.zip")));
        File.Exists(Path.Combine(server.Folder, "roster-3.zip")).ShouldBeTrue();
        (await CheckAsync(Settings(path)))[^1].Ok.ShouldBeTrue();
        Directory.GetFiles(server.Folder, ".*").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_wrong_is_told_and_what_was_there_stays()
    {
        var path = Path.Combine(server.Folder, "roster.zip");
        await File.WriteAllTextAsync(path, "the one before", Token);
        await ShouldFailAsync(Settings(path, ("sftp.hostKey", "")), CheckPart.HostKey, server.HostKey);
        await ShouldFailAsync(Settings(path, ("sftp.hostKey", "SHA256:" + new string('A', 43))), CheckPart.HostKey, "Nothing was sent");
        await ShouldFailAsync(Settings(path, ("sftp.privateKey", server.OtherKey)), CheckPart.Credentials, "does not let");
        await ShouldFailAsync(
            Settings(path, ("sftp.privateKey", ""), ("sftp.password", "wr0ng-password-of-nobody")),
            CheckPart.Credentials,
            "does not let"
        );
        await ShouldFailAsync(Settings(Path.Combine(server.Folder, "nowhere", "roster.zip")), CheckPart.Package, "no folder of the SFTP path");

        // The connection can't be made: the server is down.
        await ShouldFailAsync(Settings(path, ("sftp.port", "1")), CheckPart.Connection, "failed or broke off");
        (await File.ReadAllTextAsync(path, Token)).ShouldBe("the one before");

        async Task ShouldFailAsync(SourceSettings settings, CheckPart part, string message)
        {
            var failure = await Should.ThrowAsync<SourceException>(() => PushAsync(settings));
            failure.Part.ShouldBe(part, failure.Message);
            failure.Message.ShouldContain(message);
            failure.ToString().ShouldNotContain("wr0ng-password");
            var step = (await CheckAsync(settings))[^1];
            (step.Ok, step.Part).ShouldBe((false, part));
        }
    }

    private OneRosterCsvExporter Exporter =>
        new(new ExportOptions { WorkFolder = work, Sftp = SftpOptions.Default with { Timeout = TimeSpan.FromSeconds(10) } });

    private Task<ExportedPackage> PushAsync(SourceSettings settings) =>
        Exporter.DeliverAsync(
            new ExportRequest(settings, new RosterInMemory(OneRosterCsvExportTests.Version, OneRosterCsvExportTests.Small()), 3, null),
            Token
        );

    private async Task<List<CheckStep>> CheckAsync(SourceSettings settings)
    {
        var steps = new List<CheckStep>();
        await foreach (var step in Exporter.CheckAsync(settings, Token))
        {
            steps.Add(step);
        }

        return steps;
    }

    private SourceSettings Settings(string path, params (string Name, string Value)[] more)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["sftp.host"] = "127.0.0.1",
            ["sftp.port"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["sftp.user"] = SshServer.User,
            ["sftp.privateKey"] = server.PrivateKey,
            ["sftp.hostKey"] = server.HostKey,
            ["sftp.path"] = path,
        };
        foreach (var (name, value) in more)
        {
            values[name] = value;
        }

        return new SourceSettings(values) { Owner = new SourceOwner("riverside", "vendor") };
    }
}
