using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;
using Rollbook.Web.Tests.History;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Setup;

/// <summary>A kept secret goes to the address for which it was entered, and to no other that somebody types beside it.</summary>
public abstract class KeptSecretTests(ConsoleBed bed) : ReviewedDistrict(bed)
{
    private const string Again = "Enter it again: it was kept for another address.";
    private const string Elsewhere = "https://mine.example/token";

    private string Page => $"{Home}/apps/{App}/settings/delivery";

    [Theory]
    [InlineData("apiUrl")]
    [InlineData("tokenUrl")]
    public async Task The_test_of_a_connection_asks_for_it_again_when_an_address_is_another(string setting)
    {
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var check = $"{Home}/apps/{App}/check";
        var refused = await admin.PostAsync(check, [(Visitor.Field, await admin.TokenAsync(Home)), .. Settings((setting, Elsewhere))]);
        refused.Status.ShouldBe(409);
        refused.Text.ShouldBe("Enter the Client Secret again: it was kept for another address.");

        // The same address with blanks around it is no other one, and what is entered goes where the person says.
        var same = await admin.PostAsync(check, [(Visitor.Field, await admin.TokenAsync(Home)), .. Settings(("apiUrl", $" {Sis.ApiUrl} "))]);
        same.Status.ShouldBe(200);
        var entered = await admin.PostAsync(
            check,
            [(Visitor.Field, await admin.TokenAsync(Home)), .. Settings((setting, "http://127.0.0.1:1/"), ("clientSecret", "another"))]
        );
        entered.Status.ShouldBe(200);

        // Without scripts.
        var page = await SubmitAsync(admin, "test", (setting, Elsewhere));
        page.Main.ShouldContain(Again);
        page.Text.ShouldMatch("<input id=\"clientSecret\"[^>]*aria-invalid=\"true\"");
        page.Text.ShouldNotContain("check-steps");
    }

    [Fact]
    public async Task A_rehearsal_of_another_address_asks_for_it_again()
    {
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var page = await admin.SubmitAsync($"{Home}/apps/{App}/rehearsal", "rehearse", Settings(("tokenUrl", Elsewhere)));
        page.Status.ShouldBe(200);
        page.Main.ShouldContain(Again);
        (await AuditAsync(admin, "?what=rehearsal.started")).ShouldContain("No entry matches");
    }

    [Fact]
    public async Task Another_address_is_saved_with_the_secret_for_it_only()
    {
        using var admin = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        var refused = await SubmitAsync(admin, "save", ("tokenUrl", Elsewhere));
        refused.Status.ShouldBe(200);
        refused.Main.ShouldContain(Again);
        (await SavedAsync()).ShouldBe(Sis.TokenUrl.ToString());
        (await Store.Configuration.GetSecretAsync($"{App}/clientSecret", Token)).ShouldNotBeNull();

        var saved = await SubmitAsync(admin, "save", ("tokenUrl", Elsewhere), ("clientSecret", "that of the other"));
        saved.Status.ShouldBe(302, saved.Main);
        (await SavedAsync()).ShouldBe(Elsewhere);
    }

    [Theory]
    [InlineData("synergy", "apiUrl tokenUrl caCertificate")]
    [InlineData("oneroster", "apiUrl tokenUrl caCertificate")]
    [InlineData("oneroster-csv", "sftp.host sftp.port sftp.hostKey")]
    [InlineData("directory", "host port caCertificate")]
    public void Every_app_says_which_of_its_settings_are_addresses(string type, string settings) =>
        Bed
            .Services.GetRequiredService<Setups>()
            .Gallery.Single(entry => entry.Type == type)
            .Settings.Where(setting => setting.Address)
            .Select(setting => setting.Name)
            .ShouldBe(settings.Split(' '));

    private async Task<string?> SavedAsync() =>
        DistrictConfiguration.FromDocument((await Store.Configuration.LatestAsync(Token)).ShouldNotBeNull().Document).Apps[App].Delivery["tokenUrl"];

    private async Task<Answer> SubmitAsync(Visitor visitor, string go, params (string Name, string Value)[] other)
    {
        var opened = Regex.Match((await visitor.GetAsync(Page)).Text, "name=\"opened\" value=\"([^\"]*)\"").Groups[1].Value;
        return await visitor.SubmitAsync(
            Page,
            "step",
            [("opened", opened), ("go", go), ("acceptTerms", "on"), ("previewOfDataUpload", "on"), .. Settings(other)]
        );
    }

    /// <summary>What is saved, without the secret, but for some.</summary>
    private (string, string)[] Settings(params (string Name, string Value)[] other)
    {
        var settings = new Dictionary<string, string>
        {
            ["apiUrl"] = Sis.ApiUrl.ToString(),
            ["tokenUrl"] = Sis.TokenUrl.ToString(),
            ["clientId"] = Sis.ClientId,
            ["clientSecret"] = "",
        };
        foreach (var (name, value) in other)
        {
            settings[name] = value;
        }

        return [.. settings.Select(setting => (setting.Key, setting.Value))];
    }
}

/// <summary>On SQLite.</summary>
public sealed class KeptSecretTestsOnSqlite(ConsoleBed bed) : KeptSecretTests(bed), IClassFixture<ConsoleBed>;
