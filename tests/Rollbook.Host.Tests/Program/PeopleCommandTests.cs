using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;

namespace Rollbook.Host.Tests.Program;

/// <summary>The commands about people, with the real program.</summary>
public abstract class PeopleCommandTests(Engine engine)
{
    [Fact]
    public async Task An_invitation_is_printed_as_a_link_and_nothing_else()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20, Seed = 2 });
        await using var here = await Installation.NewAsync(engine);
        (await here.RunAsync("apply", "-f", await here.WriteAsync(sis))).Status.ShouldBe(0);

        var invited = await here.RunAsync("invite", "--email", "ada@riverside.example", "--role", "viewer", "--url", "https://hub.example/");
        invited.Status.ShouldBe(0, invited.Error);
        invited.Output.ShouldMatch(@"\Ahttps://hub\.example/setup/[0-9a-f]{48}\s*\z");
        invited.Error.ShouldContain("within 24 hours");
        var json = JsonNode.Parse((await here.RunAsync("invite", "--email", "op@county.example", "--role", "operator", "--json")).Output)!;
        json["link"]!.GetValue<string>().ShouldStartWith("http://127.0.0.1:5080/setup/");
        json["hours"]!.GetValue<double>().ShouldBe(24);
    }

    [Theory]
    [InlineData("There is no role", "--email", "a@b.example", "--role", "king")]
    [InlineData("Name the person", "--role", "viewer")]
    [InlineData("There is no district nowhere", "--email", "a@b.example", "--role", "viewer", "--district", "nowhere")]
    [InlineData("--url is the address of the console", "--email", "a@b.example", "--role", "operator", "--url", "hub")]
    public async Task What_can_not_be_is_refused_with_what_to_do(string message, params string[] arguments)
    {
        await using var here = await Installation.NewAsync(engine);
        var refused = await here.RunAsync(["invite", .. arguments]);
        refused.Status.ShouldBe(2);
        refused.Error.ShouldContain(message);
        refused.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("reset-second-factor")]
    [InlineData("reset-password")]
    public async Task Nothing_of_nobody_is_reset(string command)
    {
        await using var here = await Installation.NewAsync(engine);
        var unnamed = await here.RunAsync(command, "--email", "nobody");
        unnamed.Status.ShouldBe(2);
        unnamed.Error.ShouldContain($"Name the person: rollbook {command} --email");
        var refused = await here.RunAsync(command, "--email", "nobody@riverside.example");
        refused.Status.ShouldBe(2);
        refused.Error.ShouldContain("There is no account with the address nobody@riverside.example.");
    }
}

public sealed class PeopleCommandTestsOnSqlite() : PeopleCommandTests(Engine.Sqlite);

public sealed class PeopleCommandTestsOnPostgres() : PeopleCommandTests(Engine.Postgres);
