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
        (await here.RunAsync("issues", "--problem", "odd")).Error.ShouldContain("There is no problem odd. Expected: missing, invalid.");
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
