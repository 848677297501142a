using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;

namespace Rollbook.Host.Tests.Program;

/// <summary>The app for any SIS through the real program: from the configuration file to the roster and back to the file.</summary>
public sealed class OneRosterProgramTests
{
    [Theory]
    [InlineData(Profile.Clean11, "oauth: \"1.0a\"", "requests are signed with HMAC-SHA256")]
    [InlineData(Profile.Clean12, "version: \"1.2\"", "OneRoster 1.2 answers at")]
    public async Task From_a_file_to_a_published_roster_and_back_to_the_file(Profile profile, string setting, string told)
    {
        await using var sis = await SimulatedSynergy.StartAsync(
            new SimulatorOptions
            {
                Students = 80,
                Seed = 2,
                Profile = profile,
            }
        );
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        var file = await here.WriteOneRosterAsync(sis, profile is Profile.Clean12 ? $"tokenUrl: {sis.TokenUrl}\n      {setting}" : setting);
        (await here.RunAsync("apply", "-f", file)).Status.ShouldBe(0);
        Json(await here.RunAsync("diff", "-f", file, "--json"))["changed"]!.GetValue<bool>().ShouldBeFalse();

        var check = await here.RunAsync("check", "oneroster");
        check.Status.ShouldBe(0, check.Output);
        check.Output.ShouldContain(told);
        check.Output.ShouldContain("Connection is OK");

        var run = Json(await here.RunAsync("import", "oneroster", "--json"));
        run["state"]!.GetValue<string>().ShouldBe("published");
        run["read"]!["student"]!.GetValue<int>().ShouldBe(80);

        var config = await here.RunAsync("config");
        config.Output.ShouldContain("type: oneroster");
        config.Output.ShouldContain("${env:ONEROSTER_CLIENT_SECRET}");
        config.Output.ShouldContain(setting.Split(": ")[1].Trim('"'));
        config.Output.ShouldNotContain(Installation.Secret);
    }

    [Theory]
    [InlineData("oauth: \"1.0a\"\n      version: \"1.2\"", "delivery.version", "OneRoster 1.2 does not know OAuth 1.0a")]
    [InlineData("oauth: \"1\"", "delivery.oauth", "expected one of 2.0, 1.0a")]
    [InlineData("version: \"1.0\"", "delivery.version", "expected one of auto, 1.1, 1.2")]
    [InlineData("tokenUrl: ftp://sis.example", "delivery.tokenUrl", "not a web address")]
    [InlineData("path: /export", "apps.oneroster.delivery", "path")]
    public async Task What_is_nonsense_in_the_file_is_refused_with_its_key(string setting, string key, string message)
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20 });
        await using var here = await Installation.NewAsync(Engine.Sqlite);
        var applied = await here.RunAsync("apply", "-f", await here.WriteOneRosterAsync(sis, setting));
        applied.Status.ShouldBe(2, applied.Output);
        (applied.Output + applied.Error).ShouldContain(key);
        (applied.Output + applied.Error).ShouldContain(message);
    }

    private static JsonObject Json(RollbookProcess.Answer answer) => JsonNode.Parse(answer.Output)!.AsObject();
}
