using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;

namespace Rollbook.Host.Tests.Program;

/// <summary>What <c>rollbook issues</c> says is what the import of the real program did.</summary>
public abstract class IssuesTests(Engine engine)
{
    [Fact]
    public async Task Says_issue_by_issue_and_by_cause_what_the_import_did()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 100, Seed = 2 });
        await using var here = await Installation.NewAsync(engine);
        var file = await here.WriteAsync(sis, more: "    requirements: { student: { middleName: skip, phone: report } }");
        (await here.RunAsync("apply", "-f", file)).Status.ShouldBe(0);
        var run = JsonNode.Parse((await here.RunAsync("import", "synergy", "--json")).Output)!;
        var issues = await LinesAsync(here);
        issues.ShouldNotBeEmpty();
        foreach (var (type, name) in new[] { ("error", "reported"), ("skipped", "skipped") })
        {
            foreach (var (kind, count) in run[name]!.AsObject())
            {
                issues
                    .Where(issue => Text(issue, "type") == type && Text(issue, "kind") == kind)
                    .DistinctBy(issue => Text(issue, "id"), StringComparer.Ordinal)
                    .Count()
                    .ShouldBe(count!.GetValue<int>(), $"{name} {kind}");
            }
        }

        (await LinesAsync(here, "--type", "skipped", "--kind", "student", "--attribute", "middleName")).Count.ShouldBe(
            run["skipped"]!["student"]!.GetValue<int>()
        );
        (await LinesAsync(here, "--rule", "required")).ShouldAllBe(issue => Text(issue["lacks"]!, "why") == "leftOut");
        var app = JsonNode.Parse((await here.RunAsync("issues", "synergy", "--causes", "--json")).Output)!.AsArray().ShouldHaveSingleItem()!;
        app["score"]!.GetValue<decimal>().ShouldBe(run["score"]!.GetValue<decimal>());
        var cause = app["causes"]!.AsArray()[0]!;
        (Text(cause, "cause"), Text(cause, "attribute")).ShouldBe(("value", "middleName"));
        cause["skipped"]!.ToJsonString().ShouldBe(run["skipped"]!.ToJsonString());
        (await here.RunAsync("issues", "--causes")).Output.ShouldContain("student middleName: missing (skip)");
        foreach (
            var (arguments, refusal) in new[]
            {
                ("issues --problem odd", "There is no problem odd. Expected: missing, invalid."),
                ("issues tpyo", "The district has no app tpyo."),
                ("issues tpyo --causes", "The district has no app tpyo."),
                ("issues --causes --kind student", "can't be combined with a filter"),
            }
        )
        {
            var refused = await here.RunAsync(arguments.Split(' '));
            refused.Status.ShouldBe(2, arguments);
            refused.Error.ShouldContain(refusal, Case.Sensitive, arguments);
        }

        await ExplainAsync(here, Text(issues.First(issue => Text(issue, "rule") == "skip"), "id"), isInRoster: false, "middleName");
        await ExplainAsync(here, Text(issues.First(issue => Text(issue, "rule") == "report"), "id"), isInRoster: true, "givenName");
    }

    private static async Task ExplainAsync(Installation here, string id, bool isInRoster, string tells)
    {
        var text = await here.RunAsync("records", "--explain", id);
        text.Status.ShouldBe(0, text.Error);
        text.Output.ShouldContain(tells);
        var document = await here.RunAsync("records", "student", "--explain", id, "--json");
        document.Status.ShouldBe(0, document.Error);
        var explanation = JsonNode.Parse(document.Output)!;
        (Text(explanation, "id"), Text(explanation, "kind")).ShouldBe((id, "student"));
        explanation["inRoster"]!.GetValue<bool>().ShouldBe(isInRoster);
        var source = explanation["sources"]!.AsArray().ShouldHaveSingleItem()!;
        Text(source, "app").ShouldBe("synergy");
        source["raw"]!["sourcedId"].ShouldNotBeNull();
        (explanation["attributes"]!.AsArray().Count > 0).ShouldBe(isInRoster);
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static async Task<List<JsonNode>> LinesAsync(Installation here, params string[] filters)
    {
        var answer = await here.RunAsync(["issues", .. filters, "--json"]);
        answer.Status.ShouldBe(0, answer.Error);
        return [.. answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}

public sealed class IssuesTestsOnSqlite() : IssuesTests(Engine.Sqlite);

public sealed class IssuesTestsOnPostgres() : IssuesTests(Engine.Postgres);
