using Microsoft.Extensions.DependencyInjection;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.History;

/// <summary>Whoever decides about a run sees which applications it reaches, and whom these gain and lose.</summary>
public sealed class ReceiversTests(ConsoleBed bed) : ReviewedDistrict(bed), IClassFixture<ConsoleBed>
{
    [Fact]
    public async Task Applications_that_receive_what_waits_are_named_with_whom_they_gain()
    {
        var run = await ImportAsync("waiting");
        using var admin = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        (await admin.GetAsync($"{Home}/history/{run}")).Main.ShouldNotContain("Applications that receive this");
        foreach (var (id, waitFor) in new[] { ("library", "all"), ("reading", "other") })
        {
            await Bed
                .Services.GetRequiredService<Configurations>()
                .ChangeAsync(
                    District,
                    "test",
                    configuration =>
                        configuration.WithExport(
                            id,
                            new AppConfiguration
                            {
                                Type = "oneroster-csv-export",
                                Name = id,
                                AcceptTerms = true,
                                Delivery = new Dictionary<string, string> { ["waitFor"] = waitFor },
                            }
                        ),
                    Token
                );
        }

        var page = (await admin.GetAsync($"{Home}/history/{run}")).Main;
        page.ShouldContain("Applications that receive this");
        page.ShouldContain("40 students join");
        page.ShouldMatch("library ?: when this is published");
        page.ShouldMatch("reading ?: when this is published");

        // What is left out they neither gain nor lose.
        (await Imports.ChooseAsync(District, run, null, [new PartChoice(new StagedSelection(Kind.Student), IsLeft: true)], Token)).ShouldBeNull();
        page = (await admin.GetAsync($"{Home}/history/{run}")).Main;
        page.ShouldContain("Applications that receive this");
        page.ShouldNotContain("students join");
    }
}
