using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;
using Rollbook.Testing;

namespace Rollbook.Host.Tests.Program;

/// <summary><c>rehearse</c> says what the import of another connection, file or package would do, and changes nothing.</summary>
public sealed class RehearseProgramTests
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const int Waits = 3;

    [Fact]
    public async Task Next_years_upload_is_rehearsed_against_this_years_roster()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 100, Seed = 2 });
        await using var other = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 90, Seed = 9 });
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        await here.RunAsync("apply", "-f", await here.WriteAsync(sis));
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(0);
        var before = await StateAsync(here);

        // The connection in force, unchanged and then with one pupil less.
        var same = await here.RunAsync("rehearse", "synergy", "--json");
        same.Status.ShouldBe(0, same.Error);
        Json(same)["basis"]!.GetValue<string>().ShouldBe("source");
        Json(same)["changes"]!["student"]!["delete"]!.GetValue<int>().ShouldBe(0);
        sis.Scenarios.Withdrawal();
        var less = await here.RunAsync("rehearse", "synergy");
        less.Status.ShouldBe(0, less.Error);
        less.Output.ShouldContain("synergy, from its source, read now");

        // Another connection: a file that is applied nowhere.
        var file = await here.WriteAsync(other);
        var held = await here.RunAsync("rehearse", "synergy", "-f", file, "--json");
        held.Status.ShouldBe(Waits, held.Error);
        Json(held)["waitsAs"]!.GetValue<string>().ShouldBe("held");
        Json(held)["holds"]!.AsArray().Count.ShouldBeGreaterThan(0);
        Json(held)["changes"]!["student"]!["create"]!.GetValue<int>().ShouldBe(90);
        Json(held)["changes"]!["student"]!["delete"]!.GetValue<int>().ShouldBe(100);
        (await here.RunAsync("rehearse", "synergy", "-f", file)).Output.ShouldContain("This import would be held until a person decides");

        // What can't be read fails, and what is wrongly asked is refused.
        await other.DisposeAsync();
        var gone = await here.RunAsync("rehearse", "synergy", "-f", file);
        gone.Status.ShouldBe(Failed, gone.Output);
        gone.Error.ShouldNotContain("   at ");
        (await here.RunAsync("rehearse", "aeries")).Error.ShouldContain("The district has no import app aeries. There are: synergy.");
        (await here.RunAsync("rehearse", "synergy", "--package", file)).Error.ShouldContain("reads no packages");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Split("apps:")[0]);
        var without = await here.RunAsync("rehearse", "synergy", "-f", file);
        (without.Status, without.Error).ShouldSatisfyAllConditions(
            answer => answer.Status.ShouldBe(Usage),
            answer => answer.Error.ShouldContain("The file has no app synergy. Nothing was rehearsed.")
        );
        (await StateAsync(here)).ShouldBe(before);
    }

    [Theory]
    [InlineData("mode: auto")]
    [InlineData("path: {0}")]
    public async Task A_package_is_rehearsed_and_not_kept(string delivery)
    {
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        here.Environment["ROLLBOOK_PACKAGE_FOLDERS"] = here.Folder;
        var zip = Path.Combine(here.Folder, "roster.zip");
        var package = CsvPackage.District("1.1");
        package.WriteZip(zip);
        var file = Path.Combine(here.Folder, "district.yaml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            district:
              id: riverside
              name: Riverside Unified
            apps:
              files:
                type: oneroster-csv
                delivery:
                  {{delivery.Replace("{0}", zip, StringComparison.Ordinal)}}
                  acceptTerms: true
            """
        );
        var applied = await here.RunAsync("apply", "-f", file);
        applied.Status.ShouldBe(0, applied.Error);
        var isFirst = delivery.StartsWith("mode", StringComparison.Ordinal);
        if (!isFirst)
        {
            (await here.RunAsync("import", "files")).Status.ShouldBe(0);
        }

        var next = Path.Combine(here.Folder, "next.zip");
        package.Keep("users.csv", line => !line.StartsWith("P0-0-3,", StringComparison.Ordinal)).WriteZip(next);
        var answer = await here.RunAsync("rehearse", "files", "--package", next, "--json");
        answer.Status.ShouldBe(0, answer.Error);
        var students = Json(answer)["changes"]!["student"]!;
        (students["create"]!.GetValue<int>(), students["delete"]!.GetValue<int>()).ShouldBe(isFirst ? (199, 0) : (0, 1));
        Directory.EnumerateFiles(here.Data, "*.zip", SearchOption.AllDirectories).ShouldBeEmpty();

        await File.WriteAllTextAsync(next, "no ZIP");
        var damaged = await here.RunAsync("rehearse", "files", "--package", next);
        damaged.Status.ShouldBe(Failed, damaged.Output);
        damaged.Error.ShouldNotContain("   at ");
        (await here.RunAsync("rehearse", "files", "--package", next + ".missing")).Status.ShouldBe(Usage);
        Directory.EnumerateFiles(here.Data, "*.zip", SearchOption.AllDirectories).ShouldBeEmpty();
        Json(await here.RunAsync("versions", "--json")).AsArray().Count.ShouldBe(isFirst ? 0 : 1);
    }

    private static async Task<string> StateAsync(Installation here) =>
        (await here.RunAsync("versions", "--json")).Output
        + (await here.RunAsync("runs", "--json")).Output
        + (await here.RunAsync("config")).Output
        + (await here.RunAsync("records", "student", "--json")).Output;

    private static JsonNode Json(RollbookProcess.Answer answer) => JsonNode.Parse(answer.Output) ?? throw new InvalidDataException(answer.Error);
}
