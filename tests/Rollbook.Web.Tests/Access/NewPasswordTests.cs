using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Testing;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Access;

/// <summary>A link for someone who has forgotten the password.</summary>
public abstract class NewPasswordTests(ConsoleBed bed)
{
    private const string Fresh = "four purple bicycles sing";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_primary_makes_one_with_which_the_person_chooses_a_password_once()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var elsewhere = await bed.SignInAsync(email);
        using var guesser = bed.Visit();
        for (var i = 0; i < PasswordRules.AttemptsBeforeLock; i++)
        {
            await guesser.SignInAsync(email, "wrong password");
        }

        var link = await MakeAsync(email);
        (await elsewhere.GetAsync("/account")).Status.ShouldBe(200, "nothing has changed yet");
        using var person = bed.Visit();
        (await ChooseAsync(person, link, "too short")).Main.ShouldContain("Choose a password of at least 12 characters.");
        (await ChooseAsync(person, link, Fresh)).Location.ShouldBe("/sign-in");
        (await person.GetAsync("/sign-in")).Main.ShouldContain("Your password was changed. Sign in with it.");
        (await elsewhere.GetAsync("/account")).Status.ShouldBe(302, "the sessions have ended");
        (await person.GetAsync("/account")).Status.ShouldBe(302, "a link signs nobody in");
        (await person.SignInAsync(email, Fresh)).Status.ShouldBe(302, "the lock is gone as well");
        using var late = bed.Visit();
        var again = await late.GetAsync(link);
        again.Status.ShouldBe(410);
        again.Main.ShouldContain("This link is not good any more");

        var told = (await bed.Log.ReadAsync(new AuditQuery(ConsoleBed.Riverside), 1000, Token))
            .Where(record => record.Entry.Subject == email)
            .ToList();
        told.ShouldContain(record => record.Entry.Action == AuditActions.PasswordLinkMade && record.Entry.Who != email);
        told.ShouldContain(record => record.Entry.Action == AuditActions.PasswordChanged && record.Entry.Who == email);
        var secret = link[^40..];
        told.ShouldAllBe(record => !$"{record.Entry}".Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_second_factor_is_asked_for_as_before()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        string key;
        using (var before = await bed.SignInAsync(email))
        {
            (key, _) = await before.AddAuthenticatorAsync();
        }

        using var person = bed.Visit();
        await ChooseAsync(person, await MakeAsync(email), Fresh);
        (await person.SignInAsync(email, Fresh)).Location.ShouldBe("/sign-in/code?return=%2F");
        (await person.GetAsync("/account")).Status.ShouldBe(302);
        var code = Totp.Code(key, TimeProvider.System.GetUtcNow().AddSeconds(30));
        (await person.SubmitAsync("/sign-in/code", "code", ("Input.Code", code))).Status.ShouldBe(302);
    }

    [Fact]
    public async Task It_is_good_for_a_day_and_until_something_else_changes()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        var link = await MakeAsync(email);
        using var visitor = bed.Visit();
        (await visitor.GetAsync(link)).Status.ShouldBe(200);
        var options = bed.Services.GetRequiredService<IOptions<DataProtectionTokenProviderOptions>>().Value;
        options.TokenLifespan.ShouldBe(TimeSpan.FromHours(24));
        options.TokenLifespan = TimeSpan.FromMilliseconds(-1);
        (await visitor.GetAsync(link)).Status.ShouldBe(410);
        options.TokenLifespan = TimeSpan.FromHours(24);
        (await visitor.GetAsync(link)).Status.ShouldBe(200);

        using var person = await bed.SignInAsync(email);
        await person.AddAuthenticatorAsync();
        (await visitor.GetAsync(link)).Status.ShouldBe(410, "someone has set a second factor up since");
    }

    [Fact]
    public async Task It_is_good_for_its_own_account_alone()
    {
        var (one, other) = (
            await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer),
            await bed.AddPersonAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin)
        );
        var link = await MakeAsync(one);
        using var visitor = bed.Visit();
        foreach (
            var strange in new[]
            {
                link.Replace(await bed.IdAsync(one), await bed.IdAsync(other), StringComparison.Ordinal),
                link[..^3],
                link[..^1] + "!",
                "/new-password/1/1",
                "/new-password/%01/%01",
            }
        )
        {
            (await visitor.GetAsync(strange)).Status.ShouldBe(410, strange);
        }
    }

    [Fact]
    public async Task Only_a_primary_makes_one_and_only_for_an_account_of_this_district_alone()
    {
        var viewer = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        var page = $"/d/riverside/administration/admins/{await bed.IdAsync(viewer)}";
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        (await admin.GetAsync(page)).Main.ShouldNotContain("new password");
        var token = await admin.TokenAsync(page);
        (await admin.PostAsync(page, ("_handler", "password"), (Visitor.Field, token))).Text.ShouldNotContain("/new-password/");

        await bed.GiveAsync(viewer, ConsoleBed.Lakeside, Role.Viewer);
        using var primary = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        (await primary.SubmitAsync(page, "password")).Main.ShouldContain("can only be given by your operator");
    }

    private async Task<string> MakeAsync(string email)
    {
        using var primary = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        var answer = await primary.SubmitAsync($"/d/riverside/administration/admins/{await bed.IdAsync(email)}", "password");
        var link = Regex.Match(answer.Text, "value=\"http[^\"]+(/new-password/[^\"]+)\"").Groups[1].Value;
        link.ShouldNotBeEmpty(answer.Main);
        return link;
    }

    private static Task<Answer> ChooseAsync(Visitor visitor, string link, string password) =>
        visitor.SubmitAsync(link, "new-password", ("Input.Password", password), ("Input.Again", password));
}

public sealed class NewPasswordTestsOnSqlite(ConsoleBed bed) : NewPasswordTests(bed), IClassFixture<ConsoleBed>;

public sealed class NewPasswordTestsOnPostgres(PostgresBed bed) : NewPasswordTests(bed), IClassFixture<PostgresBed>;
