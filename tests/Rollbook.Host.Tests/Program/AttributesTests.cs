using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;

namespace Rollbook.Host.Tests.Program;

/// <summary>Attributes Mapping as the real program carries it out.</summary>
public abstract class AttributesTests(Engine engine)
{
    /// <summary>Every record changes here, which a limit would hold.</summary>
    private const string Unlimited = "    advanced: { syncHoldThreshold: off }";

    private const string Pairs = """
            attributes:
              student:
                - { target: email, template: "{{ username | downcase }}@mapped.example" }
                - { source: grades, target: grades, map: { "KG": "K", "01": "1st" } }
                - { source: userIds.stateID, target: metadata.state }
                - target: preferredGivenName
                  template: |
                    {% if demographics.sex == "female" %}F{% else %}M{% endif %}-{{ familyName | divided_by: 0 }}
              school:
                - { source: metadata.level, target: metadata.band, map: { high: 9-12 } }
        """;

    [Fact]
    public async Task A_map_a_template_and_a_metadata_pair_make_the_roster_and_taking_them_out_brings_the_defaults_back()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 60, Seed = 5 });
        await using var here = await Installation.NewAsync(engine);
        (await here.RunAsync("apply", "-f", await here.WriteAsync(sis), "--json")).Status.ShouldBe(0);
        (await here.RunAsync("import", "synergy", "--json")).Status.ShouldBe(0);
        var plain = await StudentsAsync(here);

        (await here.RunAsync("apply", "-f", await here.WriteAsync(sis, more: $"{Unlimited}\n{Pairs}"), "--json")).Status.ShouldBe(0);
        var mappedRun = await here.RunAsync("import", "synergy", "--json");
        mappedRun.Status.ShouldBe(0, mappedRun.Error);
        JsonNode.Parse(mappedRun.Output)!["changes"]!["student"]!["update"]!.GetValue<int>().ShouldBe(60);
        var mapped = await StudentsAsync(here);
        mapped.Count.ShouldBe(60);
        foreach (var (id, student) in mapped)
        {
            var before = plain[id];
            student["email"]!.GetValue<string>().ShouldBe(before["username"]!.GetValue<string>().ToLowerInvariant() + "@mapped.example");
            student["metadata.state"]?.GetValue<string>().ShouldBe(before["stateId"]?.GetValue<string>());
            student["preferredGivenName"].ShouldBeNull();
            var grades = before["grades"]
                ?.AsArray()
                .Select(grade =>
                    grade!.GetValue<string>() switch
                    {
                        "KG" => "K",
                        "01" => "1st",
                        var other => other,
                    }
                );
            student["grades"]?.AsArray().Select(grade => grade!.GetValue<string>()).ShouldBe(grades);
        }

        mapped.Values.ShouldContain(student =>
            student["grades"]![0]!.GetValue<string>() == "K" || student["grades"]![0]!.GetValue<string>() == "1st"
        );
        (await here.RunAsync("records", "school", "--json")).Output.ShouldContain("\"metadata.band\":\"9-12\"");
        var number = JsonNode.Parse(mappedRun.Output)!["run"]!.GetValue<string>();
        (await here.RunAsync("run", number))
            .Output.ReplaceLineEndings(" ")
            .ShouldContain("The template of student preferredGivenName failed for 60 records");

        JsonNode.Parse((await here.RunAsync("import", "synergy", "--json")).Output)!["state"]!.GetValue<string>().ShouldBe("unchanged");
        (await here.RunAsync("apply", "-f", await here.WriteAsync(sis, more: Unlimited), "--json")).Status.ShouldBe(0);
        (await here.RunAsync("import", "synergy", "--json")).Status.ShouldBe(0);
        (await StudentsAsync(here))
            .ToDictionary(one => one.Key, one => one.Value.ToJsonString())
            .ShouldBe(plain.ToDictionary(one => one.Key, one => one.Value.ToJsonString()), ignoreOrder: true);
    }

    [Fact]
    public async Task A_template_that_is_not_right_is_refused_with_file_line_and_reason_and_nothing_is_applied()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20, Seed = 5 });
        await using var here = await Installation.NewAsync(engine);
        var wrong = Pairs.Replace("| downcase", "| lowercase", StringComparison.Ordinal);
        var answer = await here.RunAsync("apply", "-f", await here.WriteAsync(sis, more: wrong));
        answer.Status.ShouldBe(2);
        (answer.Output + answer.Error).ReplaceLineEndings(" ").ShouldContain("there is no filter \"lowercase\"");
        (answer.Output + answer.Error).ShouldContain("riverside.yaml:17");
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(2);
    }

    private static async Task<Dictionary<string, JsonNode>> StudentsAsync(Installation here) =>
        (await here.RunAsync("records", "student", "--json"))
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!)
            .ToDictionary(student => student["id"]!.GetValue<string>(), StringComparer.Ordinal);
}

public sealed class AttributesTestsOnSqlite() : AttributesTests(Engine.Sqlite);

public sealed class AttributesTestsOnPostgres() : AttributesTests(Engine.Postgres);
