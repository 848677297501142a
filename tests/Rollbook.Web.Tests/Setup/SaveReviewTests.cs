using System.Text.RegularExpressions;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Tests.History;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Setup;

/// <summary>What a configuration would do is shown before it is saved, and over a limit it is saved with a reason only (sync-safety.md section 6).</summary>
public abstract class SaveReviewTests(ConsoleBed bed) : ReviewedDistrict(bed)
{
    private const string Loud = "{{ givenName | upcase }}";

    [Fact]
    public async Task Over_a_limit_it_is_shown_what_it_would_do_and_saved_with_a_reason_only()
    {
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var first = await SaveAsync(admin, "student", Loud);
        first.Status.ShouldBe(200);
        first.Main.ShouldContain("Not saved yet: the next import would be held");
        first.Main.ShouldMatch("Compared with the roster as it is, (3[0-9]|40) records would be updated");
        first.Main.ShouldContain("The next import would be held until a person decides");
        first.Text.ShouldContain(Loud);
        (await PairsAsync("student")).ShouldBeEmpty();

        // Without a reason, with one that is too long, and with one for something else than what was shown.
        var seen = SeenIn(first);
        (await SaveAsync(admin, "student", Loud, seen)).Main.ShouldContain("Give a reason, or go back.");
        (await SaveAsync(admin, "student", Loud, seen, new string('x', 501))).Main.ShouldContain("Give the reason in at most 500 characters.");
        var other = await SaveAsync(admin, "student", "{{ givenName | downcase }}!", seen, "The board decided it.");
        other.Main.ShouldContain("Not saved yet: the next import would be held");
        other.Text.ShouldContain("The board decided it.");
        (await PairsAsync("student")).ShouldBeEmpty();

        (await SaveAsync(admin, "student", Loud, seen, " The board decided it. ")).Status.ShouldBe(302);
        (await PairsAsync("student")).ShouldHaveSingleItem().Template.ShouldBe(Loud);
        var audit = await AuditAsync(admin);
        audit.ShouldContain("The board decided it.");

        // It is no approval: the import shows it to a Primary District Admin.
        await ImportAsync("held");

        // The same once more is no change of what is derived, though the next import is held.
        (await SaveAsync(admin, "student", Loud)).Status.ShouldBe(302);
    }

    [Fact]
    public async Task Where_the_roster_has_moved_on_it_is_shown_again()
    {
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var seen = SeenIn(await SaveAsync(admin, "student", Loud));
        Sis.Scenarios.Withdrawal();
        await ImportAsync("published");
        var again = await SaveAsync(admin, "student", Loud, seen, "The board decided it.");
        again.Main.ShouldContain("Not saved yet: the next import would be held");
        (await SaveAsync(admin, "student", Loud, SeenIn(again), "The board decided it.")).Status.ShouldBe(302);
    }

    [Fact]
    public async Task Below_the_limits_before_the_first_import_and_with_preview_it_is_saved_at_once()
    {
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        (await SaveAsync(admin, "student", "{{ givenName }}")).Status.ShouldBe(302);
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        (await SaveAsync(admin, "admin", Loud)).Status.ShouldBe(302);
        await ImportAsync("published");
        await ConfigureAsync(new AdvancedSettings { PreviewOfDataUpload = true });
        (await SaveAsync(admin, "student", Loud, "", "The board decided it.")).Status.ShouldBe(302);
        (await AuditAsync(admin)).ShouldNotContain("The board decided it.");
    }

    [Fact]
    public async Task The_effect_of_every_step_is_shown_before_it_is_saved()
    {
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var pair = await SaveAsync(admin, "student", Loud, go: "effect");
        pair.Main.ShouldMatch("Compared with the roster as it is, (3[0-9]|40) records would be updated");
        (await SaveAsync(admin, "student", "{{ givenName | nonsense }}", go: "effect")).Main.ShouldNotContain("Compared with the roster as it is");
        var masters = await admin.SubmitAsync($"{Home}/apps/{App}/settings/masters?kind=student", "step", ("kind", "student"), ("go", "effect"));
        masters.Main.ShouldContain("The roster would stay as it is.");

        // Every school of the page is posted as not mapped.
        var page = $"{Home}/apps/{App}/settings/schools";
        var rows = Regex.Matches((await admin.GetAsync(page)).Text, "name=\"row\" value=\"([^\"]+)\"").Select(row => row.Groups[1].Value).ToList();
        rows.ShouldNotBeEmpty();
        var schools = await admin.SubmitAsync(page, "step", [("go", "effect"), .. rows.Select(row => ("row", row))]);
        schools.Main.ShouldContain("records would be deleted");
        schools.Main.ShouldContain("The next import would be held until a person decides");
        (await Store.Configuration.LatestAsync(Token)).ShouldNotBeNull().Number.ShouldBe(2);
    }

    [Fact]
    public async Task A_secret_that_was_entered_is_entered_once_more_and_never_lost_unsaid()
    {
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var stored = await Store.Configuration.GetSecretAsync($"{App}/clientSecret", Token);
        var first = await DeliverAsync("a new secret");
        first.Main.ShouldContain("Not saved yet: the next import would be held");
        first.Main.ShouldContain("Enter it again: a secret is not kept while you look at what would change.");
        first.Text.ShouldNotContain("a new secret");
        (
            await DeliverAsync("", ("overLimitsSecrets", "clientSecret"), ("overLimits", "Other IDs."), ("overLimitsSeen", SeenIn(first)))
        ).Status.ShouldBe(200);
        (await Store.Configuration.GetSecretAsync($"{App}/clientSecret", Token)).ShouldBe(stored);
        (
            await DeliverAsync("a new secret", ("overLimitsSecrets", "clientSecret"), ("overLimits", "Other IDs."), ("overLimitsSeen", SeenIn(first)))
        ).Status.ShouldBe(302);
        (await Store.Configuration.GetSecretAsync($"{App}/clientSecret", Token)).ShouldNotBe(stored);

        async Task<Answer> DeliverAsync(string secret, params (string, string)[] more)
        {
            var page = $"{Home}/apps/{App}/settings/delivery";
            for (var tries = 0; ; tries++)
            {
                var answer = await admin.SubmitAsync(
                    page,
                    "step",
                    [
                        ("opened", Regex.Match((await admin.GetAsync(page)).Text, "name=\"opened\" value=\"([^\"]*)\"").Groups[1].Value),
                        ("go", "save"),
                        ("apiUrl", Sis.ApiUrl.ToString()),
                        ("tokenUrl", Sis.TokenUrl.ToString()),
                        ("clientId", Sis.ClientId),
                        ("clientSecret", secret),
                        ("sisIdPrefix", "N-"),
                        ("bulkUploadMode", "on"),
                        .. more,
                    ]
                );
                if (tries == 20 || !answer.Text.Contains("is being worked out", StringComparison.Ordinal))
                {
                    return answer;
                }
            }
        }
    }

    private static string SeenIn(Answer answer) => Regex.Match(answer.Text, "name=\"overLimitsSeen\" value=\"([^\"]+)\"").Groups[1].Value;

    private async Task<IReadOnlyList<AttributePair>> PairsAsync(string kind)
    {
        var document = (await Store.Configuration.LatestAsync(Token)).ShouldNotBeNull().Document;
        return DistrictConfiguration.FromDocument(document).Apps[App].Attributes.GetValueOrDefault(kind) ?? [];
    }

    private async Task<Answer> SaveAsync(Visitor visitor, string kind, string template, string seen = "", string reason = "", string go = "save")
    {
        var page = $"{Home}/apps/{App}/settings/attributes/{kind}?target=givenName";
        for (var tries = 0; ; tries++)
        {
            var answer = await visitor.SubmitAsync(
                page,
                "step",
                ("opened", Regex.Match((await visitor.GetAsync(page)).Text, "name=\"opened\" value=\"([^\"]*)\"").Groups[1].Value),
                ("go", go),
                ("target", "givenName"),
                ("way", "template"),
                ("template", template),
                ("overLimitsSeen", seen),
                ("overLimits", reason)
            );
            if (tries == 20 || !answer.Text.Contains("is being worked out", StringComparison.Ordinal))
            {
                return answer;
            }
        }
    }
}

/// <summary>On SQLite.</summary>
public sealed class SaveReviewTestsOnSqlite(ConsoleBed bed) : SaveReviewTests(bed), IClassFixture<ConsoleBed>;
