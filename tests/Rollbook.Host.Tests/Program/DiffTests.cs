using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;

namespace Rollbook.Host.Tests.Program;

/// <summary><c>diff</c> says beforehand what <c>apply</c> and the next import do, and <c>config</c> writes out what <c>apply</c> takes.</summary>
public abstract class DiffTests(Engine engine)
{
    private const string Prefix = "    advanced:\n      sisIdPrefix: N-\n";

    [Fact]
    public async Task What_diff_says_is_what_apply_and_the_next_import_then_do()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 100, Seed = 2 });
        await using var here = await Installation.NewAsync(engine);
        var file = await here.WriteAsync(sis);
        await here.RunAsync("apply", "-f", file);
        await here.RunAsync("import", "synergy");
        Json(await DiffAsync(here, file))["changed"]!.GetValue<bool>().ShouldBeFalse();

        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, text.Replace("Riverside Unified", "Riverside USD", StringComparison.Ordinal).TrimEnd() + "\n" + Prefix);
        var diff = Json(await DiffAsync(here, file));
        diff["configuration"]!
            .AsArray()
            .Select(change => $"{change!["path"]}: {change["old"]} -> {change["new"]}")
            .ShouldBe(["district.name: Riverside Unified -> Riverside USD", "apps.synergy.advanced.sisIdPrefix:  -> N-"]);
        var app = diff["roster"]!.AsArray().ShouldHaveSingleItem()!;
        app["basis"]!.GetValue<string>().ShouldBe("keptUpload");
        app["changes"]!["student"]!["create"]!.GetValue<int>().ShouldBe(100);
        app["changes"]!["student"]!["delete"]!.GetValue<int>().ShouldBe(100);
        app["schools"]!.AsArray().Count.ShouldBeGreaterThan(0);
        app["samples"]!
            .AsArray()
            .Count(sample => sample!["kind"]!.GetValue<string>() == "student" && sample["operation"]!.GetValue<string>() == "create")
            .ShouldBe(20);

        var told = await here.RunAsync("diff", "-f", file);
        told.Status.ShouldBe(0, told.Error);
        told.Output.ShouldContain("district.name: Riverside Unified -> Riverside USD");
        told.Output.ShouldContain("synergy, from what the source said at its last import");
        Json(await here.RunAsync("versions", "--json")).AsArray().Count.ShouldBe(1);
        (await here.RunAsync("config")).Output.ShouldContain("Riverside Unified");

        (await here.RunAsync("apply", "-f", file)).Status.ShouldBe(0);
        var run = Json(await here.RunAsync("import", "synergy", "--json"));
        run["changes"]!.ToJsonString().ShouldBe(app["changes"]!.ToJsonString());
        run["skipped"]!.ToJsonString().ShouldBe(app["skipped"]!.ToJsonString());
    }

    [Fact]
    public async Task A_new_app_is_told_of_by_its_first_import_or_by_reading_its_source()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 40, Seed = 2 });
        await using var here = await Installation.NewAsync(engine);
        var file = await here.WriteAsync(sis);
        var before = Json(await DiffAsync(here, file));
        before["new"]!.GetValue<bool>().ShouldBeTrue();
        (await here.RunAsync("config")).Status.ShouldBe(2);

        await here.RunAsync("apply", "-f", file);
        var text = await File.ReadAllTextAsync(file);
        var second = text[text.IndexOf("  synergy:", StringComparison.Ordinal)..].Replace("  synergy:", "  second:", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text.TrimEnd() + "\n" + second);
        var untold = Json(await DiffAsync(here, file));
        untold["configuration"]!.AsArray().ShouldHaveSingleItem()!["path"]!.GetValue<string>().ShouldBe("apps.second");
        untold["roster"]!.AsArray().ShouldHaveSingleItem()!["reason"]!.GetValue<string>().ShouldContain("--read");

        var told = Json(await DiffAsync(here, file, "--read"))["roster"]!.AsArray().ShouldHaveSingleItem()!;
        told["basis"]!.GetValue<string>().ShouldBe("source");
        told["changes"]!["student"]!["create"]!.GetValue<int>().ShouldBe(40);

        await File.WriteAllTextAsync(file, text.Split("apps:")[0]);
        var without = await here.RunAsync("diff", "-f", file);
        without.Status.ShouldBe(0, without.Error);
        without.Output.ShouldContain("- the app synergy is taken out");
        without.Output.ShouldContain("stays in the roster");
    }

    [Fact]
    public async Task A_secret_is_told_as_changed_and_never_shown()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20 });
        await using var here = await Installation.NewAsync(engine);
        var file = await here.WriteAsync(sis);
        await here.RunAsync("apply", "-f", file);
        here.Environment["SYNERGY_SECRET"] = "another-secret-8f3a";
        var diff = await DiffAsync(here, file);
        var change = Json(diff)["configuration"]!.AsArray().ShouldHaveSingleItem()!;
        change["path"]!.GetValue<string>().ShouldBe("apps.synergy.delivery.clientSecret");
        change["new"]!.GetValue<string>().ShouldBe("changed");
        $"{diff}{await here.RunAsync("diff", "-f", file)}{await here.RunAsync("config")}".ShouldNotContain("8f3a");

        await File.AppendAllTextAsync(file, "      colour: green\n");
        var refused = await here.RunAsync("diff", "-f", file);
        refused.Status.ShouldBe(2);
        refused.Error.ShouldContain("colour");
        refused.Error.ShouldContain("Nothing was compared.");
    }

    [Fact]
    public async Task What_config_writes_is_applied_elsewhere_and_written_there_with_the_same_bytes()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20 });
        await using var here = await Installation.NewAsync(engine);
        await using var there = await Installation.NewAsync(engine);
        await here.RunAsync("apply", "-f", await here.WriteAsync(sis, more: Prefix));
        var file = Path.Combine(there.Folder, "written.yaml");
        var written = await here.RunAsync("config", "--output", file);
        written.Status.ShouldBe(0, written.Error);
        written.Output.ShouldBeEmpty();
        var bytes = await File.ReadAllBytesAsync(file);

        foreach (var installation in new[] { here, there })
        {
            installation.Environment["SYNERGY_CLIENT_SECRET"] = Installation.Secret;
            (await installation.RunAsync("apply", "-f", file)).Status.ShouldBe(0);
            (await DiffAsync(installation, file)).Output.ShouldContain("\"changed\": false");
            (await installation.RunAsync("diff", "-f", file)).Output.ShouldContain("nothing would change");
            var again = Path.Combine(installation.Folder, "again.yaml");
            await installation.RunAsync("config", "--output", again);
            (await File.ReadAllBytesAsync(again)).ShouldBe(bytes);
            var json = Json(await installation.RunAsync("config", "--json"));
            json["file"]!.GetValue<string>().ShouldBe(System.Text.Encoding.UTF8.GetString(bytes));
            (json["district"]!.GetValue<string>(), json["configurationVersion"]!.GetValue<int>()).ShouldBe(("riverside", 1));
        }
    }

    private static async Task<RollbookProcess.Answer> DiffAsync(Installation here, string file, params string[] more)
    {
        var answer = await here.RunAsync(["diff", "-f", file, "--json", .. more]);
        answer.Status.ShouldBe(0, answer.Error);
        return answer;
    }

    private static JsonNode Json(RollbookProcess.Answer answer) => JsonNode.Parse(answer.Output) ?? throw new InvalidDataException(answer.Error);
}

public sealed class DiffTestsOnSqlite() : DiffTests(Engine.Sqlite);

public sealed class DiffTestsOnPostgres() : DiffTests(Engine.Postgres);
