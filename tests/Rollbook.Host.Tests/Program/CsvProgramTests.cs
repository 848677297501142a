using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Testing;

namespace Rollbook.Host.Tests.Program;

/// <summary>OneRoster CSV packages through the real program: from the configuration file to the roster.</summary>
public sealed class CsvProgramTests
{
    /// <summary>The folder of packages from elsewhere, beside the checkout or above it; null where there is none.</summary>
    private static readonly string? SharedData = Above(AppContext.BaseDirectory)
        .Select(folder => Path.Combine(folder, "shared", "data"))
        .FirstOrDefault(Directory.Exists);

    [Fact]
    public async Task Packages_lie_only_where_the_operator_says()
    {
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        here.Environment.Remove("ROLLBOOK_PACKAGE_FOLDERS");
        var zip = Path.Combine(here.Folder, "roster.zip");
        CsvPackage.District("1.1").WriteZip(zip);
        await ApplyAsync(here, $"path: {zip}");
        var refused = await here.RunAsync("import", "oneroster-csv");
        refused.Status.ShouldNotBe(0);
        (refused.Output + refused.Error).ShouldContain("Packages may not lie at this path");

        here.Environment["ROLLBOOK_PACKAGE_FOLDERS"] = here.Folder;
        (await ImportAsync(here))["state"]!.GetValue<string>().ShouldBe("published");
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task A_package_is_imported_and_a_later_one_deletes_changes_and_reports(string version)
    {
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        var zip = Path.Combine(here.Folder, "roster.zip");
        var package = CsvPackage.District(version);
        package.WriteZip(zip);
        await ApplyAsync(here, $"path: {zip}");

        var check = await here.RunAsync("check", "oneroster-csv");
        check.Status.ShouldBe(0, check.Output);
        check.Output.ShouldContain("Connection is OK");

        var first = await ImportAsync(here);
        first["state"]!.GetValue<string>().ShouldBe("published");
        Read(first).ShouldBe((3, 200, 10, 200, 210));
        first["findings"]!.AsArray().ShouldBeEmpty();
        var student = Lines(await here.RunAsync("records", "student", "--json")).Single(record => record["sisId"]!.GetValue<string>() == "P0-0-3");
        student["stateId"]!.GetValue<string>().ShouldBe("9P0-0-3");
        student["metadata.house"]!.GetValue<string>().ShouldBe("Blue");
        student["birthDate"]!.GetValue<string>().ShouldBe("2011-04-13");
        student["contacts"]!.AsArray().Count.ShouldBe(1);
        student["schools"]!.AsArray().Count.ShouldBe(1);
        student["primarySchool"].ShouldNotBeNull();
        (await ImportAsync(here))["state"]!.GetValue<string>().ShouldBe("unchanged");

        package
            .Keep("users.csv", line => !line.StartsWith("P0-0-3,", StringComparison.Ordinal))
            .Keep("demographics.csv", line => !line.StartsWith("P0-0-3,", StringComparison.Ordinal))
            .Keep("enrollments.csv", line => !line.Contains("P0-0-3,", StringComparison.Ordinal))
            .Keep("roles.csv", line => !line.Contains(",P0-0-3,", StringComparison.Ordinal))
            .Replace("classes.csv", "ENG9-00,scheduled", "ENG9-00,Scheduled")
            .WriteZip(zip);
        var second = await ImportAsync(here);
        Changed(second, "student", "delete").ShouldBe(1);
        Changed(second, "enrollment", "delete").ShouldBe(1);
        var finding = second["findings"]!.AsArray().Select(found => found!["rule"]!.GetValue<string>()).ToList();
        finding.ShouldContain("word-case");
        finding.ShouldContain("reference-dangling");
        var printed = await here.RunAsync("run", second["run"]!.GetValue<string>());
        printed.Output.ShouldContain("word-case");
        printed.Output.ShouldContain("line 2, classType, \"Scheduled\"");
        printed.Output.ShouldNotContain("P0-0-3");

        package.Keep("enrollments.csv", _ => false).WriteZip(zip);
        var third = await here.RunAsync("import", "oneroster-csv", "--json");
        third.Status.ShouldBe(1);
        Json(third)["failure"]!["part"]!.GetValue<string>().ShouldBe("files");
        Lines(await here.RunAsync("records", "enrollment", "--json")).Count.ShouldBe(209);
    }

    [Fact]
    public async Task A_delta_changes_what_is_in_it_and_nothing_else()
    {
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        var zip = Path.Combine(here.Folder, "roster.zip");
        CsvPackage.District().WriteZip(zip);
        await ApplyAsync(here, $"path: {zip}");
        await ImportAsync(here);

        CsvPackage
            .District(mode: "delta")
            .Keep("orgs.csv", _ => false)
            .Remove("demographics.csv")
            .Replace("manifest.csv", "file.demographics,delta", "file.demographics,absent")
            .Keep("users.csv", line => line.StartsWith("P0-0-1,", StringComparison.Ordinal) || line.StartsWith("P0-0-2,", StringComparison.Ordinal))
            .Replace("users.csv", "P0-0-1,active", "P0-0-1,tobedeleted")
            .Replace("users.csv", "Iris,Pupil002", "Iris,Changed")
            .Keep("enrollments.csv", line => line.StartsWith("E0-0-3,", StringComparison.Ordinal))
            .Replace("enrollments.csv", "E0-0-3,active", "E0-0-3,tobedeleted")
            .WriteZip(zip);
        var run = await ImportAsync(here);
        run["state"]!.GetValue<string>().ShouldBe("published");
        Changed(run, "student", "delete").ShouldBe(1);
        Changed(run, "student", "update").ShouldBe(1);
        Changed(run, "enrollment", "delete").ShouldBe(2);
        foreach (var kind in new[] { "school", "class", "teacher", "calendar", "course" })
        {
            Changed(run, kind, "delete").ShouldBe(0);
            Changed(run, kind, "update").ShouldBe(0);
        }

        run["findings"]!.AsArray().Single()!["rule"]!.GetValue<string>().ShouldBe("file-no-rows");
        Lines(await here.RunAsync("records", "student", "--json")).Count.ShouldBe(199);
    }

    [Fact]
    public async Task In_a_delta_of_1_2_a_user_and_the_users_roles_change_apart_from_each_other()
    {
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        var zip = Path.Combine(here.Folder, "roster.zip");
        CsvPackage.District("1.2").WriteZip(zip);
        await ApplyAsync(here, $"path: {zip}");
        await ImportAsync(here);

        var delta = CsvPackage
            .District("1.2", mode: "delta")
            .Keep("users.csv", line => line.StartsWith("P0-0-1,", StringComparison.Ordinal) || line.StartsWith("P0-0-2,", StringComparison.Ordinal))
            .Replace("users.csv", "P0-0-1,active", "P0-0-1,tobedeleted")
            .Replace("users.csv", "Iris,Pupil002", "Iris,Changed")
            .Keep("roles.csv", line => line.StartsWith("R-T0-0,", StringComparison.Ordinal))
            .Replace("roles.csv", "R-T0-0,active", "R-T0-0,tobedeleted");
        delta["roles.csv"] += "R2,active,2026-11-24T02:00:00.000Z,T0-0,primary,aide,,,S1,\n";
        delta["manifest.csv"] = "propertyName,value\noneroster.version,1.2\nfile.users,delta\nfile.roles,delta\n";
        foreach (var file in delta.Names.Where(name => name is not ("users.csv" or "roles.csv" or "manifest.csv")).ToList())
        {
            delta.Remove(file);
        }

        delta.WriteZip(zip);
        var run = await ImportAsync(here);
        run["state"]!.GetValue<string>().ShouldBe("published");
        (Changed(run, "student", "delete"), Changed(run, "student", "update"), Changed(run, "teacher", "update")).ShouldBe((1, 1, 1));
        run["findings"]!.AsArray().ShouldBeEmpty();
        var student = Lines(await here.RunAsync("records", "student", "--json")).Single(record => record["sisId"]!.GetValue<string>() == "P0-0-2");
        student["familyName"]!.GetValue<string>().ShouldBe("Changed");
        student["schools"]!.AsArray().Count.ShouldBe(1);
        var teachers = Lines(await here.RunAsync("records", "teacher", "--json"));
        teachers.Count.ShouldBe(10);
        var schools = Lines(await here.RunAsync("records", "school", "--json"));
        var teacher = teachers.Single(record => record["sisId"]!.GetValue<string>() == "T0-0");
        teacher["role"]!.GetValue<string>().ShouldBe("aide");
        teacher["familyName"]!.GetValue<string>().ShouldBe("Teacher00");
        teacher["schools"]!
            .AsArray()
            .Select(school => school!.GetValue<string>())
            .ShouldContain(schools.Single(school => school["sisId"]!.GetValue<string>() == "S1")["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("oneroster-1.1-250-persons.zip", 247, 1_687, 140)]
    [InlineData("oneroster-1.1-12k-persons.zip", 11_911, 83_230, 4_158)]
    public async Task Packages_that_nobody_of_this_project_made_are_imported_and_their_oddities_reported(
        string name,
        int people,
        int enrollments,
        int classes
    )
    {
        if (SharedData is null || !File.Exists(Path.Combine(SharedData, name)))
        {
            return;
        }

        await using var here = await Installation.NewAsync(Engine.Sqlite);
        await ApplyAsync(here, $"path: {Path.Combine(SharedData, name)}");
        var run = await ImportAsync(here);
        run["state"]!.GetValue<string>().ShouldBe("published");
        var read = run["read"]!.AsObject().ToDictionary(kind => kind.Key, kind => kind.Value!.GetValue<int>());
        (read["student"] + read["teacher"] + read.GetValueOrDefault("admin") + read.GetValueOrDefault("contact")).ShouldBe(people);
        read["enrollment"].ShouldBe(enrollments);
        read["class"].ShouldBe(classes);
        var rules = run["findings"]!.AsArray().Select(found => $"{found!["file"]} {found["rule"]}").ToList();
        rules.ShouldBeUnique();
        foreach (
            var expected in new[]
            {
                "manifest.csv manifest-header-twice",
                "classes.csv header-misspelt",
                "demographics.csv header-case",
                "enrollments.csv header-unknown",
                "enrollments.csv primary-empty",
                "academicSessions.csv school-year",
            }
        )
        {
            rules.ShouldContain(expected);
        }
    }

    [Fact]
    public async Task A_package_is_pulled_over_sftp_as_the_file_says_and_the_file_comes_back_as_it_was()
    {
        await using var server = await SshServer.StartAsync();
        CsvPackage.District(schools: 1).WriteZip(Path.Combine(server.Folder, "roster.zip"));
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        here.Environment["ONEROSTER_CSV_SFTP_PRIVATE_KEY"] = server.PrivateKey;
        await ApplyAsync(
            here,
            $$"""
            sftp:
                      host: 127.0.0.1
                      port: {{server.Port}}
                      user: {{SshServer.User}}
                      privateKey: ${env:ONEROSTER_CSV_SFTP_PRIVATE_KEY}
                      hostKey: {{server.HostKey}}
                      path: {{server.Folder}}/roster.zip
            """
        );
        Read(await ImportAsync(here)).ShouldBe((2, 100, 5, 100, 105));
        var file = Path.Combine(here.Folder, "written.yaml");
        var written = await here.RunAsync("config", "--output", file);
        written.Status.ShouldBe(0, written.Error);
        var text = await File.ReadAllTextAsync(file);
        text.ShouldContain("sftp:");
        text.ShouldContain("privateKey: ${env:ONEROSTER_CSV_SFTP_PRIVATE_KEY}");
        Json(await here.RunAsync("apply", "-f", file, "--json"))["changed"]!.GetValue<bool>().ShouldBeFalse();
    }

    private static IEnumerable<string> Above(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private static async Task ApplyAsync(Installation here, string delivery)
    {
        var file = Path.Combine(here.Folder, "district.yaml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            district:
              id: riverside
              name: Riverside Unified
            apps:
              oneroster-csv:
                type: oneroster-csv
                delivery:
                  {{delivery}}
                  acceptTerms: true
            """
        );
        var applied = await here.RunAsync("apply", "-f", file, "--json");
        applied.Status.ShouldBe(0, applied.Error);
    }

    private static async Task<JsonNode> ImportAsync(Installation here)
    {
        var answer = await here.RunAsync("import", "oneroster-csv", "--json");
        answer.Status.ShouldBe(0, answer.Error + answer.Output);
        return Json(answer);
    }

    private static (int Schools, int Students, int Teachers, int Contacts, int Enrollments) Read(JsonNode run)
    {
        int Of(string kind) => run["read"]![kind]!.GetValue<int>();
        return (Of("school"), Of("student"), Of("teacher"), Of("contact"), Of("enrollment"));
    }

    private static int Changed(JsonNode run, string kind, string operation) => run["changes"]![kind]?[operation]?.GetValue<int>() ?? 0;

    private static JsonNode Json(RollbookProcess.Answer answer) => JsonNode.Parse(answer.Output)!;

    private static List<JsonNode> Lines(RollbookProcess.Answer answer) =>
        [.. answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
