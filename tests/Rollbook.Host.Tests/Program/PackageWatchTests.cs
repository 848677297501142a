using Rollbook.Host.Tests.Imports;
using Rollbook.Storage;
using Rollbook.Testing;

namespace Rollbook.Host.Tests.Program;

/// <summary>Packages that are put where an app of a running server watches for them.</summary>
public sealed class PackageWatchTests
{
    /// <summary>Longer than a server takes from a package's coming to its import.</summary>
    private static readonly TimeSpan Unhurried = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_package_that_comes_is_imported_once_also_after_a_restart()
    {
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        var zip = await ApplyAsync(here);
        await using var opened = here.Open();
        var store = (await opened.OpenAsync("riverside", default))!;
        await using (var first = await Server.StartAsync(here, node: null))
        {
            CsvPackage.District().WriteZip(zip);
            (await NextAsync(store, 1)).ShouldBe(("published", "package", "New package"));

            await File.WriteAllTextAsync(zip, "half a package");
            (await NextAsync(store, 2)).State.ShouldBe("failed");
            await Server.UntilAsync(async () => await store.Jobs.LatestAsync("files", "package", default) is { Number: 2, EndedAt: not null }, 30);
            await first.KillAsync();
        }

        await using var again = await Server.StartAsync(here, node: null);
        await Task.Delay(Unhurried);
        (await store.Runs.ListAsync(null, null, 10, default)).Count.ShouldBe(2);

        CsvPackage.District().Replace("classes.csv", "ENG9-00", "ENG9-X0").WriteZip(zip);
        (await NextAsync(store, 3)).State.ShouldBe("published");
    }

    [Fact]
    public async Task Two_servers_import_a_package_once()
    {
        await using var here = await Installation.NewAsync(Engine.Postgres);
        var zip = await ApplyAsync(here);
        await using var opened = here.Open();
        var store = (await opened.OpenAsync("riverside", default))!;
        await using var first = await Server.StartAsync(here, "first");
        await using var second = await Server.StartAsync(here, "second");

        CsvPackage.District().WriteZip(zip);
        (await NextAsync(store, 1)).State.ShouldBe("published");
        await Task.Delay(Unhurried);
        (await store.Runs.ListAsync(null, null, 10, default)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("watch: yes", "Only a place on the Rollbook server can be watched")]
    [InlineData("watch: often", "watch")]
    public async Task A_watch_that_is_none_is_refused(string delivery, string message)
    {
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        var file = await WriteAsync(here, delivery);
        var refused = await here.RunAsync("apply", "-f", file);
        refused.Status.ShouldBe(2);
        refused.Error.ShouldContain(message);
    }

    private static async Task<string> ApplyAsync(Installation here)
    {
        var zip = Path.Combine(here.Folder, "roster.zip");
        var applied = await here.RunAsync("apply", "-f", await WriteAsync(here, $"path: {zip}\n      watch: yes"));
        applied.Status.ShouldBe(0, applied.Error);
        return zip;
    }

    private static async Task<string> WriteAsync(Installation here, string delivery)
    {
        var file = Path.Combine(here.Folder, "district.yaml");
        await File.WriteAllTextAsync(
            file,
            $"""
            district:
              id: riverside
              name: Riverside Unified
            apps:
              files:
                type: oneroster-csv
                delivery:
                  {delivery}
                  acceptTerms: true
            """
        );
        return file;
    }

    /// <summary>How the run of this number ended and who began it.</summary>
    private static async Task<(string State, string Trigger, string StartedBy)> NextAsync(IDistrictStore store, long number)
    {
        await Server.UntilAsync(async () => await store.Runs.GetAsync(number, default) is { EndedAt: not null }, 90);
        var run = (await store.Runs.GetAsync(number, default))!;
        return (run.State, run.Trigger, run.StartedBy);
    }
}
