using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Testing;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Access;

/// <summary>Authenticator app and recovery codes.</summary>
public abstract class SecondFactorTests(ConsoleBed bed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_password_the_code_of_the_app_is_asked_for()
    {
        var (email, key, _) = await EnrolAsync();
        using var visitor = bed.Visit();
        (await visitor.SignInAsync(email, ConsoleBed.Password)).Location.ShouldBe("/sign-in/code?return=%2F");
        (await visitor.GetAsync("/d/riverside")).Status.ShouldBe(302, "the password alone opens nothing");
        (await visitor.SubmitAsync("/sign-in/code", "code", ("Input.Code", "000000"))).Main.ShouldContain("This code is not right");
        (await visitor.SubmitAsync("/sign-in/code", "code", ("Input.Code", Later(key)))).Status.ShouldBe(302);
        (await visitor.GetAsync("/d/riverside")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var (email, key, _) = await EnrolAsync();
        var code = Later(key);
        using var first = bed.Visit();
        await first.SignInAsync(email, ConsoleBed.Password);
        (await first.SubmitAsync("/sign-in/code", "code", ("Input.Code", code))).Status.ShouldBe(302);
        using var second = bed.Visit();
        await second.SignInAsync(email, ConsoleBed.Password);
        (await second.SubmitAsync("/sign-in/code", "code", ("Input.Code", code))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_code_is_good_once_also_when_a_later_one_was_used_meanwhile()
    {
        var (email, key, _) = await EnrolAsync();
        var now = TimeProvider.System.GetUtcNow();
        var (first, second) = (Totp.Code(key, now.AddSeconds(30)), Totp.Code(key, now.AddSeconds(60)));
        (await WithCodeAsync(first)).ShouldBe(302);
        (await WithCodeAsync(second)).ShouldBe(302);
        (await WithCodeAsync(first)).ShouldBe(200);
        (await WithCodeAsync(second)).ShouldBe(200);

        async Task<int> WithCodeAsync(string code)
        {
            using var visitor = bed.Visit();
            await visitor.SignInAsync(email, ConsoleBed.Password);
            return (await visitor.SubmitAsync("/sign-in/code", "code", ("Input.Code", code))).Status;
        }
    }

    [Fact]
    public async Task A_code_sent_twice_at_the_same_moment_signs_in_once()
    {
        var (email, key, _) = await EnrolAsync();
        var visitors = Enumerable.Range(0, 4).Select(_ => bed.Visit()).ToList();
        var tokens = new List<string>();
        foreach (var visitor in visitors)
        {
            await visitor.SignInAsync(email, ConsoleBed.Password);
            tokens.Add(await visitor.TokenAsync("/sign-in/code"));
        }

        var code = Later(key);
        var answers = await Task.WhenAll(
            visitors.Zip(
                tokens,
                (visitor, token) => visitor.PostAsync("/sign-in/code", ("_handler", "code"), (Visitor.Field, token), ("Input.Code", code))
            )
        );
        answers.Count(answer => answer.Status == 302).ShouldBeLessThanOrEqualTo(1);
        answers.ShouldAllBe(answer => answer.Status == 302 || answer.Status == 200);
        visitors.ForEach(visitor => visitor.Dispose());
    }

    [Fact]
    public async Task A_recovery_code_is_good_once_however_it_is_typed()
    {
        var (email, _, recovery) = await EnrolAsync();
        recovery.Count.ShouldBe(10);
        var typed = recovery[3].Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant();
        using var first = bed.Visit();
        await first.SignInAsync(email, ConsoleBed.Password);
        (await first.SubmitAsync("/sign-in/code", "code", ("Input.Code", typed))).Status.ShouldBe(302);
        (await first.GetAsync("/account")).Main.ShouldContain("9 recovery codes left");
        using var second = bed.Visit();
        await second.SignInAsync(email, ConsoleBed.Password);
        (await second.SubmitAsync("/sign-in/code", "code", ("Input.Code", typed))).Status.ShouldBe(200);
        (await second.SubmitAsync("/sign-in/code", "code", ("Input.Code", recovery[4]))).Status.ShouldBe(302);
    }

    [Fact]
    public async Task Five_wrong_codes_lock_the_codes_recovery_codes_among_them()
    {
        var (email, key, recovery) = await EnrolAsync();
        using var visitor = bed.Visit();
        await visitor.SignInAsync(email, ConsoleBed.Password);
        for (var i = 0; i < PasswordRules.AttemptsBeforeLock; i++)
        {
            await visitor.SubmitAsync("/sign-in/code", "code", ("Input.Code", i % 2 == 0 ? "000000" : "AAAAA-AAAAA"));
        }

        (await visitor.SubmitAsync("/sign-in/code", "code", ("Input.Code", Later(key)))).Status.ShouldBe(200);
        (await visitor.SubmitAsync("/sign-in/code", "code", ("Input.Code", recovery[0]))).Status.ShouldBe(200);
        var told = await bed.Log.ReadAsync(new AuditQuery(ConsoleBed.Riverside) { Action = AuditActions.LockedOut }, 10, Token);
        told.Count(record => record.Entry.Subject == email).ShouldBe(3, "the fifth, and the right ones after it");

        bed.Time.Pass(PasswordRules.LockedFor);
        using var later = bed.Visit();
        (await later.SignInAsync(email, ConsoleBed.Password)).Location.ShouldBe("/sign-in/code?return=%2F");
        (await later.SubmitAsync("/sign-in/code", "code", ("Input.Code", recovery[0]))).Status.ShouldBe(302);
    }

    [Fact]
    public async Task A_copy_of_the_database_has_neither_the_key_nor_the_recovery_codes()
    {
        var (_, key, recovery) = await EnrolAsync();
        await using var context = await bed.Services.GetRequiredService<IDbContextFactory<InstallationContext>>().CreateDbContextAsync(Token);
        var kept = string.Join('\n', await context.UserTokens.Select(token => token.Value).ToListAsync(Token));
        kept.ShouldNotContain(key, Case.Insensitive);
        recovery.ShouldAllBe(code => !kept.Contains(code, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_district_that_requires_one_shows_nothing_to_an_admin_with_a_password_alone()
    {
        var district = ConsoleBed.Lakeside;
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
        using var admin = await bed.SignInAsync(district, Role.DistrictAdmin);
        using var viewer = await bed.SignInAsync(district, Role.Viewer);
        (await primary.SubmitAsync($"/d/{district}/administration/admins", "rules", ("Rules.Required", "true"))).Status.ShouldBe(302);

        var led = await admin.GetAsync($"/d/{district}/data?x=1");
        led.Location.ShouldBe($"/account/second-factor?return={Uri.EscapeDataString($"/d/{district}/data")}");
        admin.Referer = $"/d/{district}/apps/synergy?q=Ada";
        var sent = await admin.PostAsync($"/d/{district}/apps/synergy/runs", (Visitor.Field, await admin.TokenAsync("/account")));
        sent.Location.ShouldBe($"/account/second-factor?return={Uri.EscapeDataString($"/d/{district}/apps/synergy")}");
        admin.Referer = null;
        (await viewer.GetAsync($"/d/{district}")).Status.ShouldBe(200, "it is asked of admins");
        (await admin.GetAsync(led.Location!)).Main.ShouldContain("A second factor is needed");

        await TurnOnAsync(admin);
        (await admin.GetAsync($"/d/{district}/data")).Status.ShouldBe(200, "this session has shown it");
        var told = await bed.Log.ReadAsync(new AuditQuery(district) { Action = AuditActions.SecondFactorRequired }, 1, Token);
        told.ShouldHaveSingleItem()
            .Entry.ShouldSatisfyAllConditions(entry => entry.OldValue.ShouldBe("false"), entry => entry.NewValue.ShouldBe("true"));
    }

    [Fact]
    public async Task The_key_stays_until_it_is_confirmed_or_another_one_is_asked_for()
    {
        using var visitor = await bed.SignInAsync(ConsoleBed.Riverside, Role.Viewer);
        var first = await visitor.AuthenticatorKeyAsync();
        (await visitor.AuthenticatorKeyAsync()).ShouldBe(first);
        (await visitor.SubmitAsync("/account/authenticator", "renew")).Status.ShouldBe(200);
        (await visitor.AuthenticatorKeyAsync()).ShouldNotBe(first);
        var code = Totp.Code(first, TimeProvider.System.GetUtcNow());
        (await visitor.SubmitAsync("/account/authenticator", "confirm", ("Input.Code", code))).Main.ShouldContain("This is not the code");
        await visitor.AddAuthenticatorAsync();
        var answer = await visitor.PostAsync("/account/authenticator", ("_handler", "renew"), (Visitor.Field, await visitor.TokenAsync("/account")));
        answer.Main.ShouldNotContain("Type this key", Case.Insensitive, "one that is in use is not shown again, nor replaced");
    }

    [Fact]
    public async Task An_operator_with_a_password_alone_operates_nothing()
    {
        using var visitor = await bed.SignInAsync(await bed.AddPersonAsync("", Role.Operator));
        var led = await visitor.GetAsync("/operator/districts");
        led.Location.ShouldBe("/account/second-factor?return=%2Foperator%2Fdistricts");
        var sent = await visitor.PostAsync("/operator/districts", ("_handler", "district"), (Visitor.Field, await visitor.TokenAsync("/account")));
        sent.Status.ShouldNotBe(200);
        (await visitor.GetAsync(led.Location!)).Main.ShouldContain("A second factor is needed");
        await visitor.AddAuthenticatorAsync();
        (await visitor.GetAsync("/operator/districts")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Removing_it_asks_for_no_code_any_more()
    {
        var (email, key, _) = await EnrolAsync();
        using var visitor = bed.Visit();
        await visitor.SignInAsync(email, ConsoleBed.Password);
        await visitor.SubmitAsync("/sign-in/code", "code", ("Input.Code", Later(key)));
        (await visitor.SubmitAsync("/account/authenticator", "remove")).Status.ShouldBe(302);
        using var later = bed.Visit();
        (await later.SignInAsync(email, ConsoleBed.Password)).Location.ShouldBe("/");
        (await later.GetAsync("/account/authenticator")).Main.ShouldNotContain(key[..4], Case.Insensitive, "a new key is made");
    }

    private async Task<(string Email, string Key, IReadOnlyList<string> Recovery)> EnrolAsync()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var visitor = await bed.SignInAsync(email);
        var (key, recovery) = await TurnOnAsync(visitor);
        return (email, key, recovery);
    }

    private static async Task<(string Key, IReadOnlyList<string> Recovery)> TurnOnAsync(Visitor visitor)
    {
        (await visitor.GetAsync("/account/authenticator")).Text.ShouldContain("<svg class=\"qr\"");
        (await visitor.SubmitAsync("/account/authenticator", "confirm", ("Input.Code", "123"))).Main.ShouldContain("This is not the code");
        return await visitor.AddAuthenticatorAsync();
    }

    // The code of the next half minute, which is taken already; the present one was used to turn it on.
    private static string Later(string key) => Totp.Code(key, TimeProvider.System.GetUtcNow().AddSeconds(30));
}

public sealed class SecondFactorTestsOnSqlite(ConsoleBed bed) : SecondFactorTests(bed), IClassFixture<ConsoleBed>;

public sealed class SecondFactorTestsOnPostgres(PostgresBed bed) : SecondFactorTests(bed), IClassFixture<PostgresBed>;
