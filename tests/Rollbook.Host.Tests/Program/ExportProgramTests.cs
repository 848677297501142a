using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Storage;
using Rollbook.Testing;

namespace Rollbook.Host.Tests.Program;

/// <summary>Export apps through the real program: the commands, a server that delivers by itself, <c>kill -9</c>, and two servers.</summary>
public sealed class ExportProgramTests
{
    [Fact]
    public async Task Killed_while_it_delivers_the_file_is_the_old_or_the_new_one_and_the_next_server_delivers_it()
    {
        var random = new Random(20261129);
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        var file = await ApplyAsync(here, students: 150);
        (await here.RunAsync("check", "vendor")).Status.ShouldBe(0);
        (await here.RunAsync("deliver", "vendor")).Error.ShouldContain("Nothing is published yet");
        (await here.RunAsync("import", "files")).Status.ShouldBe(0);
        var first = JsonNode.Parse((await here.RunAsync("deliver", "vendor", "--json")).Output)!;
        (first["state"]!.GetValue<string>(), first["version"]!.GetValue<int>()).ShouldBe(("delivered", 1));
        first["rows"]!["users"]!["active"]!.GetValue<long>().ShouldBe(1_505);
        var old = await File.ReadAllBytesAsync(file);
        old.ShouldBe(await ExportAsync(here, "--as-of", "1"));

        Package(150).Replace("users.csv", "Iris,Pupil0010", "Iris,Changed").WriteZip(Path.Combine(here.Folder, "source.zip"));
        (await here.RunAsync("import", "files")).Status.ShouldBe(0);
        var now = await ExportAsync(here);
        now.ShouldNotBe(old);
        await using var opened = here.Open();
        var deliveries = (await opened.OpenAsync("riverside", default))!.Deliveries;
        var hits = 0;
        for (var round = 0; round < 3; round++)
        {
            using var process = here.Start("deliver", "vendor");
            await Server.UntilAsync(async () => process.HasExited || (await LatestAsync(deliveries)).State is DeliveryState.Working, 60);
            await Task.Delay(random.Next(120));
            process.Kill();
            await process.WaitForExitAsync();
            hits += (await LatestAsync(deliveries)).State is DeliveryState.Working ? 1 : 0;
            var bytes = await File.ReadAllBytesAsync(file);
            (bytes.AsSpan().SequenceEqual(old) || bytes.AsSpan().SequenceEqual(now)).ShouldBeTrue("half a package was seen");
        }

        await using var server = await Server.StartAsync(here, node: null);
        await Server.UntilAsync(async () => await LatestAsync(deliveries) is { Succeeded: true, Start.Version: 2 }, 60);
        (await File.ReadAllBytesAsync(file)).ShouldBe(now);
        Directory.GetFiles(Path.GetDirectoryName(file)!, ".*").ShouldBeEmpty();
        hits.ShouldBeGreaterThan(0);

        // And by itself once an import is published.
        Package(150).Replace("users.csv", "Iris,Pupil0010", "Iris,Changed again").WriteZip(Path.Combine(here.Folder, "source.zip"));
        (await here.RunAsync("import", "files")).Status.ShouldBe(0);
        await Server.UntilAsync(async () => await LatestAsync(deliveries) is { Succeeded: true, Start.Version: 3 }, 60);
        (await File.ReadAllBytesAsync(file)).ShouldBe(await ExportAsync(here));
        var told = JsonNode.Parse((await here.RunAsync("deliveries", "vendor", "--json")).Output)!.AsArray();
        told.Select(delivery => delivery!["version"]!.GetValue<int>()).Distinct().ShouldBe([3, 2, 1]);
    }

    [Fact]
    public async Task Two_servers_deliver_a_version_once()
    {
        await using var here = await Installation.NewAsync(Engine.Postgres);
        var file = await ApplyAsync(here, students: 20);
        await using var first = await Server.StartAsync(here, "first");
        await using var second = await Server.StartAsync(here, "second");
        await using var opened = here.Open();
        var deliveries = (await opened.OpenAsync("riverside", default))!.Deliveries;
        for (var version = 1; version <= 2; version++)
        {
            Package(20).Replace("users.csv", "Iris,Pupil001", $"Iris,Changed{version}").WriteZip(Path.Combine(here.Folder, "source.zip"));
            (await here.RunAsync("import", "files")).Status.ShouldBe(0);
            await Server.UntilAsync(
                async () => await deliveries.ListAsync("vendor", null, 1, default) is [{ Succeeded: true } last] && last.Start.Version == version,
                60
            );
        }

        await Task.Delay(TimeSpan.FromSeconds(5));
        (await deliveries.ListAsync("vendor", null, 10, default))
            .Select(delivery => (delivery.Start.Version, delivery.Attempts, delivery.Start.StartedBy))
            .ShouldBe([(2, 1, "Publication"), (1, 1, "Publication")]);
        File.Exists(file).ShouldBeTrue();
    }

    [Fact]
    public async Task Commands_write_both_formats_and_deltas_and_refuse_what_can_not_be()
    {
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        await ApplyAsync(here, students: 5);
        (await here.RunAsync("import", "files")).Status.ShouldBe(0);
        Package(5)
            .Keep("enrollments.csv", line => !line.StartsWith("E0-0-1,", StringComparison.Ordinal))
            .WriteZip(Path.Combine(here.Folder, "source.zip"));
        (await here.RunAsync("import", "files")).Status.ShouldBe(0);

        (await EntriesAsync(await ExportAsync(here, "--format", "oneroster-1.2"))).ShouldContain("roles.csv");
        (await EntriesAsync(await ExportAsync(here, "--since", "1"))).ShouldBe(["enrollments.csv", "manifest.csv"]);
        var output = Path.Combine(here.Folder, "out.zip");
        foreach (
            var (arguments, message) in new (string[] Arguments, string Message)[]
            {
                (["export", "--format", "oneroster-2", "--output", output], "Formats are: oneroster-1.1, oneroster-1.2"),
                (["export", "--app", "files", "--output", output], "files is an import app"),
                (["export", "--app", "nobody", "--output", output], "no export app nobody"),
                (["export", "--since", "2", "--output", output], "not before version 2"),
                (["deliver", "files"], "files is an import app"),
                (["import", "vendor"], "vendor"),
            }
        )
        {
            var refused = await here.RunAsync(arguments);
            refused.Status.ShouldBe(2, refused.Output);
            refused.Error.ShouldContain(message);
        }
    }

    private static async Task<DeliveryRecord> LatestAsync(IDeliveryStore deliveries) => (await deliveries.ListAsync("vendor", null, 1, default))[0];

    private static async Task<byte[]> ExportAsync(Installation here, params string[] arguments)
    {
        var file = Path.Combine(here.Folder, "export.zip");
        var exported = await here.RunAsync(["export", "--app", "vendor", "--output", file, .. arguments]);
        exported.Status.ShouldBe(0, exported.Error);
        return await File.ReadAllBytesAsync(file);
    }

    private static async Task<IEnumerable<string>> EntriesAsync(byte[] package)
    {
        using var stream = new MemoryStream(package);
        await using var zip = new System.IO.Compression.ZipArchive(stream);
        return [.. zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal)];
    }

    private static CsvPackage Package(int students) => CsvPackage.District(schools: 1, students: students);

    private static Task<string> ApplyAsync(Installation here, int students)
    {
        var source = Path.Combine(here.Folder, "source.zip");
        Package(students).WriteZip(source);
        return here.ApplyDeliveredAsync(source);
    }
}
