using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Simulator;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.History;

/// <summary>SIS Migration in the console.</summary>
public abstract partial class MigrationTests(ConsoleBed bed) : ReviewedDistrict(bed)
{
    [Fact]
    public async Task Finds_pairs_shows_them_and_keeps_one_separate()
    {
        var run = await RekeyedAsync();
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        var page = (await primary.GetAsync($"{Home}/history/{run}")).Main;
        page.ShouldContain("Was the SIS replaced, or has it given new IDs?");
        (await primary.GetAsync($"{Home}/history/{run}/pairs")).Main.ShouldContain("No pair waits for a decision");

        (await SendAsync(primary, run, "migrate")).Location.ShouldBe($"{Home}/history/{run}");
        await Imports.WaitAsync(District, run, Token);
        page = (await primary.GetAsync($"{Home}/history/{run}")).Main;
        page.ShouldContain("SIS Migration:");
        page.ShouldContain("Compute the changes again");
        var changes = RunReport.FromJson((await Store.Runs.GetAsync(run, Token))!.Report).Changes;
        changes[Model.Kind.Student].Rekey.ShouldBe(40);

        var pairs = await primary.GetAsync($"{Home}/history/{run}/pairs?kind=student");
        var old = new List<Model.Row>();
        await foreach (var record in Store.Roster.ReadAsync(Model.Kind.Student, null, Token))
        {
            old.Add(record.Row.Copy());
        }

        // Each with its name twice, as it is and as it comes, and with both SIS IDs.
        old.ShouldAllBe(row =>
            pairs.Main.Contains(
                $"{row["familyName"]}, {row["givenName"]} SIS ID {row.SisId} {row["familyName"]}, {row["givenName"]} SIS ID ",
                StringComparison.Ordinal
            )
        );
        var key = KeyField().Match(pairs.Text).Groups[1].Value;
        (await SendAsync(primary, run, "separate", ("key", key), ("separate", "true"), ("back", "?kind=student"))).Location.ShouldBe(
            $"{Home}/history/{run}/pairs?kind=student"
        );
        (await primary.GetAsync($"{Home}/history/{run}/pairs?kind=student")).Main.ShouldContain("Take as one");
        await SendAsync(primary, run, "migrate");
        await Imports.WaitAsync(District, run, Token);
        var student = RunReport.FromJson((await Store.Runs.GetAsync(run, Token))!.Report).Changes[Model.Kind.Student];
        (student.Create, student.Delete, student.Rekey).ShouldBe((1, 1, 39));

        // Where nothing of the sort waits, it says so.
        (await SendAsync(primary, run, "separate", ("key", Guid.Empty.ToString()), ("separate", "true"))).Location.ShouldEndWith("/pairs");
        (await primary.GetAsync($"{Home}/history/{run}/pairs")).Main.ShouldContain("There is no such pair that waits for a decision.");
    }

    [Fact]
    public async Task Is_for_a_primary_district_admin_to_do_and_for_a_viewer_without_names()
    {
        var run = await RekeyedAsync();
        using (var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin))
        {
            await SendAsync(primary, run, "migrate");
            await Imports.WaitAsync(District, run, Token);
        }

        using var viewer = await Bed.SignInAsync(District, Role.Viewer);
        var page = (await viewer.GetAsync($"{Home}/history/{run}/pairs?kind=student")).Main;
        page.ShouldNotContain("Keep separate");
        var names = new List<string>();
        await foreach (var student in Store.Roster.ReadAsync(Model.Kind.Student, null, Token))
        {
            names.Add((string)student.Row["familyName"]!);
        }

        names.ShouldAllBe(name => !page.Contains($" {name}<", StringComparison.Ordinal));
        (await viewer.GetAsync($"{Home}/history/{run}")).Main.ShouldNotContain("Compute the changes again");
        (await SendAsync(viewer, run, "migrate")).Status.ShouldBe(403);
    }

    [GeneratedRegex("name=\"key\" value=\"([0-9a-f-]+)\"")]
    private static partial Regex KeyField();

    /// <summary>A run of the SIS after it has given new IDs to all but its schools, which is held.</summary>
    private async Task<long> RekeyedAsync()
    {
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        Sis.Scenarios.IdReKey([
            Simulator.Kind.AcademicSessions,
            Simulator.Kind.Courses,
            Simulator.Kind.Classes,
            Simulator.Kind.Users,
            Simulator.Kind.Enrollments,
        ]);
        return await ImportAsync("held");
    }
}

public sealed class MigrationTestsOnSqlite(ConsoleBed bed) : MigrationTests(bed), IClassFixture<ConsoleBed>;

public sealed class MigrationTestsOnPostgres(PostgresBed bed) : MigrationTests(bed), IClassFixture<PostgresBed>;
