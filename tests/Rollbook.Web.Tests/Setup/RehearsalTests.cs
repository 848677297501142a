using Rollbook.Simulator;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Tests.History;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Setup;

/// <summary>A rehearsal shows what an import of another connection would do, and leaves everything as it was.</summary>
public abstract class RehearsalTests(ConsoleBed bed) : ReviewedDistrict(bed)
{
    private string Page => $"{Home}/apps/{App}/rehearsal";

    [Fact]
    public async Task Another_connection_is_rehearsed_and_nothing_is_saved()
    {
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        (await admin.GetAsync($"{Home}/apps/{App}")).Text.ShouldContain(Page);
        var before = await StateAsync();

        Sis.Scenarios.Withdrawal();
        await RehearseAsync(admin, Sis, secret: "");
        var now = await EndedAsync(admin);
        now.ShouldContain("Of the connection in force: the import would be published at once.");
        now.ShouldContain("would be deleted");

        await using var other = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 30, Seed = 11 }, Token);
        await RehearseAsync(admin, other, other.ClientSecret);
        var next = await EndedAsync(admin);
        next.ShouldContain("Of another connection: the import would wait for a person.");
        next.ShouldContain("This import would be held until a person decides");
        next.ShouldContain("40 of the 40 students that this source has in the roster would be deleted");

        await RehearseAsync(admin, other, "not the secret");
        (await EndedAsync(admin)).ShouldContain("The import would fail.");
        var wrong = await RehearseAsync(admin, other, other.ClientSecret, apiUrl: "ftp://sis.example");
        wrong.Status.ShouldBe(200);
        wrong.Text.ShouldMatch("<input id=\"apiUrl\"[^>]*aria-invalid=\"true\"");
        wrong.Text.ShouldNotContain(other.ClientSecret);

        (await StateAsync()).ShouldBe(before);
        (await AuditAsync(admin)).ShouldContain("Rehearsal started");
    }

    [Fact]
    public async Task Only_who_may_change_the_configuration_begins_one()
    {
        await ConfigureAsync(new AdvancedSettings());
        using var viewer = await Bed.SignInAsync(District, Role.Viewer);
        var page = await viewer.GetAsync(Page);
        page.Main.ShouldContain("A District Admin begins a rehearsal.");
        page.Text.ShouldNotContain("value=\"rehearse\"");
        (await viewer.GetAsync($"{Home}/apps/nothing/rehearsal")).Status.ShouldBe(404);
    }

    private Task<Answer> RehearseAsync(Visitor visitor, SimulatedSynergy sis, string secret, string? apiUrl = null) =>
        visitor.SubmitAsync(
            Page,
            "rehearse",
            ("apiUrl", apiUrl ?? sis.ApiUrl.ToString()),
            ("tokenUrl", sis.TokenUrl.ToString()),
            ("clientId", sis.ClientId),
            ("clientSecret", secret)
        );

    private async Task<string> EndedAsync(Visitor visitor)
    {
        for (var tries = 0; ; tries++)
        {
            var page = await visitor.GetAsync(Page);
            if (tries == 300 || !page.Text.Contains("data-poll>", StringComparison.Ordinal))
            {
                return page.Main;
            }

            await Task.Delay(100, Token);
        }
    }

    private async Task<(int?, int, int)> StateAsync() =>
        (
            (await Store.Roster.LatestAsync(Token))?.Number,
            (await Store.Configuration.LatestAsync(Token)).ShouldNotBeNull().Number,
            (await Store.Runs.ListAsync(null, null, 100, Token)).Count
        );
}

/// <summary>On SQLite.</summary>
public sealed class RehearsalTestsOnSqlite(ConsoleBed bed) : RehearsalTests(bed), IClassFixture<ConsoleBed>;
