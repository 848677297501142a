using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Access;

/// <summary>Sessions end: by time, by signing out, and when what they were begun with changes.</summary>
public abstract class SessionTests(ConsoleBed bed)
{
    private const string Home = "/d/riverside";

    [Fact]
    public async Task After_half_an_hour_without_a_request()
    {
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        bed.Time.Pass(TimeSpan.FromMinutes(29));
        (await admin.GetAsync(Home)).Status.ShouldBe(200);
        bed.Time.Pass(TimeSpan.FromMinutes(29));
        (await admin.GetAsync(Home)).Status.ShouldBe(200, "it was used meanwhile");
        bed.Time.Pass(TimeSpan.FromMinutes(31));
        (await admin.GetAsync(Home)).Status.ShouldBe(302);
    }

    [Fact]
    public async Task After_twelve_hours_however_much_it_is_used()
    {
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        for (var minutes = 20; minutes < 12 * 60; minutes += 20)
        {
            bed.Time.Pass(TimeSpan.FromMinutes(20));
            (await admin.GetAsync(Home)).Status.ShouldBe(200, $"after {minutes} minutes");
        }

        bed.Time.Pass(TimeSpan.FromMinutes(20));
        (await admin.GetAsync(Home)).Status.ShouldBe(302);
    }

    [Fact]
    public async Task By_signing_out_for_a_copy_of_the_cookie_too()
    {
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        using var thief = bed.Visit();
        thief.Take(admin.Session);
        (await thief.GetAsync(Home)).Status.ShouldBe(200);
        (await admin.PostAsync("/sign-out", (Visitor.Field, await admin.TokenAsync(Home)))).Status.ShouldBe(302);
        (await admin.GetAsync(Home)).Status.ShouldBe(302);
        (await thief.GetAsync(Home)).Status.ShouldBe(302);
    }

    [Fact]
    public async Task Everywhere_at_once_when_the_person_says_so()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var here = await bed.SignInAsync(email);
        using var there = await bed.SignInAsync(email);
        (await here.GetAsync("/account")).Main.ShouldContain("Another browser");
        (await here.PostAsync("/account/sessions/end", (Visitor.Field, await here.TokenAsync("/account")))).Status.ShouldBe(302);
        (await here.GetAsync(Home)).Status.ShouldBe(302);
        (await there.GetAsync(Home)).Status.ShouldBe(302);
    }

    [Fact]
    public async Task Elsewhere_when_the_password_changes()
    {
        const string Fresh = "four purple bicycles sing";
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var here = await bed.SignInAsync(email);
        using var there = await bed.SignInAsync(email);
        var wrong = await here.SubmitAsync(
            "/account/password",
            "password",
            ("Input.Old", "not it"),
            ("Input.Password", Fresh),
            ("Input.Again", Fresh)
        );
        wrong.Main.ShouldContain("This is not your present password.");
        (await there.GetAsync(Home)).Status.ShouldBe(200);

        var changed = await here.SubmitAsync(
            "/account/password",
            "password",
            ("Input.Old", ConsoleBed.Password),
            ("Input.Password", Fresh),
            ("Input.Again", Fresh)
        );
        changed.Status.ShouldBe(302, changed.Main);
        (await here.GetAsync(Home)).Status.ShouldBe(200);
        (await there.GetAsync(Home)).Status.ShouldBe(302);
        using var old = bed.Visit();
        (await old.SignInAsync(email, ConsoleBed.Password)).Main.ShouldContain("is not right");
        (await old.SignInAsync(email, Fresh)).Status.ShouldBe(302);
    }

    [Fact]
    public async Task Elsewhere_when_a_passkey_is_removed()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var here = await bed.SignInAsync(email);
        var (_, recovery) = await here.AddAuthenticatorAsync();
        await bed.AddPasskeyAsync(email);
        using var other = bed.Visit();
        await other.SignInAsync(email, ConsoleBed.Password);
        (await other.SubmitAsync("/sign-in/code", "code", ("Input.Code", recovery[0]))).Status.ShouldBe(302);
        var page = (await here.GetAsync("/account/passkeys")).Text;
        var remove = System.Text.RegularExpressions.Regex.Match(page, "formaction=\"([^\"]+/remove)\"").Groups[1].Value;
        (await here.PostAsync(remove, (Visitor.Field, await here.TokenAsync("/account")))).Location.ShouldBe("/account/passkeys");
        (await here.GetAsync("/account/passkeys")).Main.ShouldContain("Blue key was removed.");
        (await other.GetAsync(Home)).Status.ShouldBe(302);
    }

    [Theory]
    [InlineData("GET", "/d/riverside/data/student?q=Ada&filter=x", null, "/d/riverside/data/student")]
    [InlineData("GET", "/account/authenticator?return=/d/riverside/data%3Fq%3DAda", null, "/account/authenticator?return=%2Fd%2Friverside%2Fdata")]
    [InlineData("POST", "/d/riverside/apps/synergy/runs", "/d/riverside/apps/synergy?tab=Ada", "/d/riverside/apps/synergy")]
    [InlineData("POST", "/d/riverside/apps/synergy/runs", "http://evil.example/d/riverside", "/")]
    [InlineData("POST", "/d/riverside/apps/synergy/runs", null, "/")]
    public async Task And_the_page_comes_back_after_signing_in_without_what_was_searched_for(string method, string path, string? from, string back)
    {
        using var nobody = bed.Visit();
        var token = await nobody.TokenAsync();
        nobody.Referer = from;
        var answer = await nobody.SendAsync(HttpMethod.Parse(method), path, [new(Visitor.Field, token)]);
        answer.Location.ShouldBe($"/sign-in?return={Uri.EscapeDataString(back)}");
    }

    [Fact]
    public async Task When_the_role_changes()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        using var changed = await bed.SignInAsync(email);
        using var primary = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        var page = $"/d/riverside/administration/admins/{await bed.IdAsync(email)}";
        (await primary.SubmitAsync(page, "role", ("Input.Role", "Viewer"))).Status.ShouldBe(302);
        (await changed.GetAsync(Home)).Status.ShouldBe(302);
    }

    [Fact]
    public async Task What_changes_how_one_signs_in_asks_to_sign_in_again_after_a_quarter_of_an_hour()
    {
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        (await admin.GetAsync("/account/passkeys")).Status.ShouldBe(200);
        bed.Time.Pass(TimeSpan.FromMinutes(16));
        foreach (var page in new[] { "/account/passkeys", "/account/authenticator", "/account/password" })
        {
            var answer = await admin.GetAsync(page);
            answer.Status.ShouldBe(302);
            answer.Location.ShouldBe($"/sign-in?again=yes&return={Uri.EscapeDataString(page)}");
        }

        (await admin.GetAsync("/account")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Each_sign_in_and_sign_out_is_told_in_the_districts_log_and_no_other()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var viewer = bed.Visit();
        await viewer.SignInAsync(email, "wrong password");
        await viewer.SignInAsync(email, ConsoleBed.Password);
        await viewer.PostAsync("/sign-out", (Visitor.Field, await viewer.TokenAsync(Home)));
        var token = TestContext.Current.CancellationToken;
        var told = (await bed.Log.ReadAsync(new AuditQuery(ConsoleBed.Riverside), 1000, token))
            .Where(record => record.Entry.Subject == email)
            .ToList();
        told.Select(record => record.Entry.Action).ShouldBe([AuditActions.SignedOut, AuditActions.SignedIn, AuditActions.SignInFailed]);
        told[1].Entry.Who.ShouldBe(email);
        told[1].Entry.NewValue.ShouldNotBeNull().ShouldContain("\"from\":\"127.");
        (await bed.Log.ReadAsync(new AuditQuery(ConsoleBed.Lakeside), 1000, token)).ShouldAllBe(record => record.Entry.Subject != email);
    }
}

public sealed class SessionTestsOnSqlite(ConsoleBed bed) : SessionTests(bed), IClassFixture<ConsoleBed>;

public sealed class SessionTestsOnPostgres(PostgresBed bed) : SessionTests(bed), IClassFixture<PostgresBed>;
