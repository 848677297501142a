using System.IO.Compression;
using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;

namespace Rollbook.Host.Tests.Program;

/// <summary>The contract of command-line.md, kept by the real program.</summary>
public abstract class CommandTests(Engine engine)
{
    [Fact]
    public async Task From_a_file_to_a_published_roster_and_back_in_time()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 100, Seed = 2 });
        await using var here = await Installation.NewAsync(engine);
        var file = await here.WriteAsync(sis);

        var applied = await here.RunAsync("apply", "-f", file, "--json");
        applied.Status.ShouldBe(0, applied.Error);
        Json(applied)["changed"]!.GetValue<bool>().ShouldBeTrue();
        Json(await here.RunAsync("apply", "-f", file, "--json"))["changed"]!.GetValue<bool>().ShouldBeFalse();

        var check = await here.RunAsync("check", "synergy");
        check.Status.ShouldBe(0, check.Output);
        check.Output.ShouldContain("Connection is OK");

        var first = await here.RunAsync("import", "synergy", "--json");
        first.Status.ShouldBe(0, first.Error);
        var run = Json(first);
        run["app"]!.GetValue<string>().ShouldBe("synergy");
        run["state"]!.GetValue<string>().ShouldBe("published");
        run["version"]!.GetValue<int>().ShouldBe(1);
        run["read"]!["student"]!.GetValue<int>().ShouldBe(100);
        run["changes"]!["student"]!["create"]!.GetValue<int>().ShouldBe(100);
        run["changes"]!["student"]!["unchanged"]!.GetValue<int>().ShouldBe(0);
        run["failure"].ShouldBeNull();
        run["holds"]!.AsArray().ShouldBeEmpty();
        run["startedAt"]!.GetValue<string>().ShouldEndWith("Z");

        var again = await here.RunAsync("import", "synergy", "--json");
        again.Status.ShouldBe(0);
        Json(again)["state"]!.GetValue<string>().ShouldBe("unchanged");
        Json(again)["version"].ShouldBeNull();

        var gone = sis.Scenarios.Withdrawal().Deleted(Simulator.Kind.Users)[0];
        var second = Json(await here.RunAsync("import", "synergy", "--json"));
        second["version"]!.GetValue<int>().ShouldBe(2);
        var number = second["run"]!.GetValue<string>();
        var changes = Lines(await here.RunAsync("changes", number, "--kind", "student", "--operation", "delete", "--json"));
        changes.Single()["sisId"]!.GetValue<string>().ShouldBe(gone);
        changes.Single()["old"]!["familyName"].ShouldNotBeNull();
        changes.Single()["new"].ShouldBeNull();

        Lines(await here.RunAsync("records", "student", "--json")).Count.ShouldBe(99);
        var before = Lines(await here.RunAsync("records", "student", "--as-of", "1", "--json"));
        before.Count.ShouldBe(100);
        before[0]["sources"]!.AsArray().Select(source => source!.GetValue<string>()).ShouldBe(["synergy"]);
        before[0].AsObject().Select(value => value.Key).ShouldContain("preferredFamilyName");

        JsonNode.Parse((await here.RunAsync("versions", "--json")).Output)!.AsArray().Count.ShouldBe(2);
        JsonNode.Parse((await here.RunAsync("runs", "synergy", "--json")).Output)!.AsArray().Count.ShouldBe(3);
        Json(await here.RunAsync("run", number, "--json"))["state"]!.GetValue<string>().ShouldBe("published");

        var zip = Path.Combine(here.Folder, "roster.zip");
        (await here.RunAsync("export", "--format", "oneroster-1.1", "--output", zip)).Status.ShouldBe(0);
        using var package = await ZipFile.OpenReadAsync(zip);
        package
            .Entries.Select(entry => entry.FullName)
            .ShouldBe(
                [
                    "academicSessions.csv",
                    "orgs.csv",
                    "courses.csv",
                    "classes.csv",
                    "users.csv",
                    "enrollments.csv",
                    "demographics.csv",
                    "manifest.csv",
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task The_secret_is_found_nowhere_that_the_program_writes()
    {
        const string Secret = "simulated-secret";
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20 });
        await using var here = await Installation.NewAsync(engine);
        var file = await here.WriteAsync(sis);
        var answers = new[]
        {
            await here.RunAsync("apply", "-f", file),
            await here.RunAsync("check", "synergy", "--json"),
            await here.RunAsync("import", "synergy"),
            await here.RunAsync("run", "1", "--json"),
        };
        foreach (var answer in answers)
        {
            (answer.Output + answer.Error).ShouldNotContain(Secret);
        }

        foreach (var path in Directory.EnumerateFiles(here.Data, "*", SearchOption.AllDirectories))
        {
            System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path)).ShouldNotContain(Secret, Case.Sensitive, path);
        }

        if (!OperatingSystem.IsWindows())
        {
            // The folder may have been made by hand and be open to all; the files hold pupils and keys.
            foreach (var path in Directory.EnumerateFiles(here.Data, "*.db", SearchOption.AllDirectories))
            {
                File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, path);
            }

            (File.GetUnixFileMode(here.Data) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)).ShouldBe(UnixFileMode.None);
        }
    }

    [Fact]
    public async Task Wrong_usage_and_wrong_configuration_end_with_2_and_say_what_to_do()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20 });
        await using var here = await Installation.NewAsync(engine);
        (await here.RunAsync("improt")).Status.ShouldBe(2);
        (await here.RunAsync("import")).Status.ShouldBe(2);
        (await here.RunAsync("runs")).Error.ShouldContain("rollbook apply -f");

        var file = await here.WriteAsync(sis, more: "    limits: {}");
        var refused = await here.RunAsync("apply", "-f", file);
        refused.Status.ShouldBe(2);
        refused.Error.ShouldContain($"{file}:15: apps.synergy.limits");
        refused.Error.ShouldContain("Nothing was applied.");

        here.Environment.Remove("SYNERGY_SECRET");
        var missing = await here.RunAsync("apply", "-f", await here.WriteAsync(sis));
        missing.Status.ShouldBe(2);
        missing.Error.ShouldContain("SYNERGY_SECRET is not set");

        here.Environment["SYNERGY_SECRET"] = Installation.Secret;
        (await here.RunAsync("apply", "-f", await here.WriteAsync(sis))).Status.ShouldBe(0);
        (await here.RunAsync("import", "powerschool")).Status.ShouldBe(2);
        (await here.RunAsync("records", "pupil")).Error.ShouldContain("student");
        (await here.RunAsync("records", "student")).Error.ShouldContain("Nothing is published yet");
        (await here.RunAsync("run", "99")).Status.ShouldBe(2);
        foreach (
            var command in new[]
            {
                "demo",
                "serve",
                "simulate",
                "apply",
                "check",
                "import",
                "runs",
                "run",
                "changes",
                "versions",
                "records",
                "export",
            }
        )
        {
            var help = await here.RunAsync(command, "--help");
            help.Status.ShouldBe(0);
            help.Output.ShouldContain("EXAMPLES:");
        }
    }

    [Fact]
    public async Task What_can_be_foreseen_is_told_without_a_stack_trace()
    {
        await using var here = await Installation.NewAsync(engine);
        var file = Path.Combine(here.Folder, "file");
        await File.WriteAllTextAsync(file, "not a folder", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(here.Folder, "broken", "districts"));
        await File.WriteAllTextAsync(
            Path.Combine(here.Folder, "broken", "districts", "riverside.db"),
            new string('x', 4_000),
            TestContext.Current.CancellationToken
        );

        Expect(await RunAsync(null, "runs", "--data", file), 1, "exists");
        Expect(await RunAsync(null, "runs", "--data", Path.Combine(here.Folder, "broken")), 1, "no SQLite database");
        Expect(await RunAsync("Host=127.0.0.1;Port=1;Username=u;Password=hunter2", "runs", "--data", here.Data), 1, "PostgreSQL can't be reached");
        Expect(await RunAsync("Host=x;hunter2", "runs", "--data", here.Data), 2, "ROLLBOOK_DATABASE");
        Expect(await here.RunAsync("serve", "--urls", "foo"), 2, "--urls http://");
        here.Environment["ROLLBOOK_KEY_CERTIFICATE"] = file;
        Expect(await here.RunAsync("runs"), 2, "PKCS#12");

        Task<RollbookProcess.Answer> RunAsync(string? database, params string[] arguments) =>
            RollbookProcess.RunAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROLLBOOK_DATABASE"] = database }, arguments);

        static void Expect(RollbookProcess.Answer answer, int status, string words)
        {
            answer.Error.ShouldContain(words);
            answer.Error.ShouldNotContain("   at ");
            answer.Error.ShouldNotContain("hunter2");
            answer.Output.ShouldBeEmpty();
            answer.Status.ShouldBe(status, answer.Error);
        }
    }

    [Fact]
    public async Task The_demo_publishes_what_the_simulated_sis_has()
    {
        await using var here = await Installation.NewAsync(engine);
        var demo = await here.RunAsync("demo", "--exit", "--students", "150", "--seed", "9", "--json");
        demo.Status.ShouldBe(0, demo.Error);
        Json(demo)["version"]!.GetValue<int>().ShouldBe(1);
        foreach (var (kind, count) in Json(demo)["truth"]!.AsObject())
        {
            Json(demo)["changes"]![kind]!["create"]!.GetValue<int>().ShouldBe(count!.GetValue<int>(), kind);
        }

        var again = await here.RunAsync("demo", "--exit", "--students", "150", "--seed", "9", "--json");
        again.Status.ShouldBe(0, again.Error);
        Json(again)["state"]!.GetValue<string>().ShouldBe("unchanged");
    }

    private protected static JsonNode Json(RollbookProcess.Answer answer) =>
        JsonNode.Parse(answer.Output) ?? throw new InvalidDataException(answer.Error);

    private static List<JsonNode> Lines(RollbookProcess.Answer answer) =>
        [.. answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}

public sealed class CommandTestsOnSqlite() : CommandTests(Engine.Sqlite)
{
    // Which database there is does not matter to a connection.
    [Fact]
    public async Task A_wrong_secret_url_path_token_url_and_certificate_are_told_apart_and_name_the_remedy()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20 });
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        var file = await here.WriteAsync(sis);
        var messages = new List<string>();

        here.Environment["SYNERGY_SECRET"] = "not-the-secret-8f3a";
        messages.Add(await FailAsync());
        here.Environment["SYNERGY_SECRET"] = Installation.Secret;
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, text.Replace(sis.ApiUrl.ToString(), "http://127.0.0.1:9/ims/oneroster/v1p1", StringComparison.Ordinal));
        messages.Add(await FailAsync());
        await File.WriteAllTextAsync(
            file,
            text.Replace(sis.ApiUrl.ToString(), sis.ApiUrl.GetLeftPart(UriPartial.Authority) + "/elsewhere", StringComparison.Ordinal)
        );
        messages.Add(await FailAsync());
        await File.WriteAllTextAsync(file, text.Replace(sis.TokenUrl.ToString(), sis.TokenUrl + "x", StringComparison.Ordinal));
        messages.Add(await FailAsync());

        await using var secure = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20, Tls = true });
        await here.WriteAsync(secure);
        messages.Add(await FailAsync());
        messages[^1].ShouldContain("certificate");

        messages.Distinct(StringComparer.Ordinal).Count().ShouldBe(5);
        messages.ShouldAllBe(message => !message.Contains("8f3a") && !message.Contains(Installation.Secret));

        async Task<string> FailAsync()
        {
            (await here.RunAsync("apply", "-f", file)).Status.ShouldBe(0);
            var check = await here.RunAsync("check", "synergy");
            check.Status.ShouldBe(1);
            check.Output.ShouldContain("FAILED");
            var answer = await here.RunAsync("import", "synergy", "--json");
            answer.Status.ShouldBe(1, answer.Output);
            Json(answer)["state"]!.GetValue<string>().ShouldBe("failed");
            return Json(answer)["failure"]!["message"]!.GetValue<string>();
        }
    }
}

public sealed class CommandTestsOnPostgres() : CommandTests(Engine.Postgres);
