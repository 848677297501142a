using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Testing;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Access;

/// <summary>The console beside a provider of OpenID Connect.</summary>
public sealed class ProviderBed : ConsoleBed
{
    internal OpenIdProvider Provider { get; } = new();

    public override async ValueTask InitializeAsync()
    {
        await Provider.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override IReadOnlyDictionary<string, string?> Settings() =>
        new Dictionary<string, string?>
        {
            ["ROLLBOOK_OIDC_AUTHORITY"] = Provider.Issuer,
            ["ROLLBOOK_OIDC_CLIENT_ID"] = OpenIdProvider.Client,
            ["ROLLBOOK_OIDC_CLIENT_SECRET"] = OpenIdProvider.Secret,
            ["ROLLBOOK_OIDC_NAME"] = "Riverside ID",
        };
}

/// <summary>The console beside a provider that is down.</summary>
public sealed class LostProviderBed : ConsoleBed
{
    // The port of nobody: the kernel gives none below 1024 to a program of ours.
    protected override IReadOnlyDictionary<string, string?> Settings() =>
        new Dictionary<string, string?> { ["ROLLBOOK_OIDC_AUTHORITY"] = "http://127.0.0.1:1", ["ROLLBOOK_OIDC_CLIENT_ID"] = "rollbook" };
}

/// <summary>A provider that is down, or set up wrongly.</summary>
public sealed class LostProviderTests(LostProviderBed bed) : IClassFixture<LostProviderBed>
{
    [Fact]
    public async Task Leads_back_to_the_sign_in_with_what_to_do()
    {
        using var visitor = bed.Visit();
        var answer = await visitor.GetAsync("/sign-in/provider?return=/d/riverside");
        answer.Location.ShouldBe("/sign-in?refused=unreachable&return=%2Fd%2Friverside");
        (await visitor.GetAsync(answer.Location!)).Main.ShouldContain("It can't be reached at the moment.");
    }

    [Theory]
    [InlineData("login.riverside.example", "rollbook", "ROLLBOOK_OIDC_AUTHORITY is no address")]
    [InlineData("http://login.riverside.example", "rollbook", "ROLLBOOK_OIDC_AUTHORITY is no address")]
    [InlineData("https://login.riverside.example?realm=staff", "rollbook", "ROLLBOOK_OIDC_AUTHORITY is no address")]
    [InlineData("https://login.riverside.example", " ", "ROLLBOOK_OIDC_CLIENT_ID is not")]
    [InlineData("", "rollbook", "ROLLBOOK_OIDC_AUTHORITY is not")]
    public void Is_refused_when_the_program_starts_with_settings_that_can_not_be_right(string authority, string client, string message)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ROLLBOOK_OIDC_AUTHORITY"] = authority, ["ROLLBOOK_OIDC_CLIENT_ID"] = client })
            .Build();
        Should.Throw<RefusedSettingException>(() => ExternalSignIn.Add(new ServiceCollection(), configuration)).Message.ShouldContain(message);
    }
}

/// <summary>The provider says who someone is; the invitation, what the person may do.</summary>
public sealed class OpenIdConnectTests(ProviderBed bed) : IClassFixture<ProviderBed>
{
    [Fact]
    public async Task The_page_offers_the_provider_by_its_name()
    {
        using var visitor = bed.Visit();
        (await visitor.GetAsync("/sign-in?return=/d/riverside/history")).Main.ShouldContain("Continue with Riverside ID");
    }

    [Fact]
    public async Task Someone_with_an_account_is_known_by_the_verified_address_and_later_by_the_subject()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var visitor = bed.Visit();
        (await SignInAsync(visitor, "s-1", email)).Location.ShouldBe("/d/riverside/history");
        (await visitor.GetAsync("/d/riverside")).Status.ShouldBe(200);

        using var renamed = bed.Visit();
        (await SignInAsync(renamed, "s-1", "married@riverside.example")).Location.ShouldBe("/d/riverside/history");
        (await renamed.GetAsync("/account")).Main.ShouldContain(email);
    }

    [Fact]
    public async Task The_tie_of_account_and_identity_is_told()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var visitor = bed.Visit();
        await SignInAsync(visitor, "s-told", email);
        await SignInAsync(visitor, "s-told", email);
        var told = await bed.Log.ReadAsync(new AuditQuery(ConsoleBed.Riverside) { Action = AuditActions.ProviderTied }, 100, Token);
        told.Count(record => record.Entry.Subject == email).ShouldBe(1);
    }

    [Fact]
    public async Task A_subject_is_nobody_without_its_issuer()
    {
        var other = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        await bed.WithUsersAsync(async users =>
            await users.AddLoginAsync((await users.FindByEmailAsync(other))!, new UserLoginInfo(ExternalSignIn.Scheme, "s-issuer", "OpenID Connect"))
        );
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var visitor = bed.Visit();
        (await SignInAsync(visitor, "s-issuer", email)).Location.ShouldBe("/d/riverside/history");
        (await visitor.GetAsync("/account")).Main.ShouldContain(email);
    }

    [Theory]
    [InlineData("authenticator")]
    [InlineData("passkey")]
    [InlineData("operator")]
    public async Task An_address_at_the_provider_does_not_open_an_account_that_is_guarded_better(string by)
    {
        var email = by == "operator" ? await bed.AddPersonAsync("", Role.Operator) : await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        if (by == "authenticator")
        {
            using var own = await bed.SignInAsync(email);
            await own.AddAuthenticatorAsync();
        }
        else if (by == "passkey")
        {
            await bed.AddPasskeyAsync(email);
        }

        using var visitor = bed.Visit();
        var refused = await SignInAsync(visitor, $"s-{by}", email, methods: ["pwd", "mfa"]);
        refused.Location.ShouldBe("/sign-in?refused=guarded");
        (await visitor.GetAsync(refused.Location!)).Main.ShouldContain("an e-mail address does not open it");
        (await visitor.GetAsync("/account")).Status.ShouldBe(302);
        (await bed.WithUsersAsync(async users => await users.GetLoginsAsync((await users.FindByEmailAsync(email))!))).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_operator_is_made_by_the_provider()
    {
        await bed.InviteAsync(new Invitation("", Role.Operator, "operator@county.example"));
        using var visitor = bed.Visit();
        (await SignInAsync(visitor, "s-county", "operator@county.example")).Location.ShouldBe("/sign-in?refused=account");
    }

    [Fact]
    public async Task Who_guesses_the_password_shuts_nobody_out_of_the_provider_nor_of_the_code_after_it()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var visitor = bed.Visit();
        await SignInAsync(visitor, "s-guessed", email);
        using var guesser = bed.Visit();
        for (var i = 0; i < PasswordRules.AttemptsBeforeLock; i++)
        {
            await guesser.SignInAsync(email, "wrong password");
        }

        (await bed.UserAsync(email)).LockoutEnd.ShouldNotBeNull();
        (await SignInAsync(visitor, "s-guessed", email)).Location.ShouldBe("/d/riverside/history");
        var (key, _) = await visitor.AddAuthenticatorAsync();
        using var later = bed.Visit();
        var asked = await SignInAsync(later, "s-guessed", email);
        asked.Location.ShouldBe("/sign-in/code?return=%2Fd%2Friverside%2Fhistory");
        var code = Totp.Code(key, TimeProvider.System.GetUtcNow().AddSeconds(30));
        (await later.SubmitAsync(asked.Location!, "code", ("Input.Code", code))).Location.ShouldBe("/d/riverside/history");
    }

    [Fact]
    public async Task An_invited_person_gets_an_account_with_the_role_of_the_invitation()
    {
        await bed.InviteAsync(new Invitation(ConsoleBed.Riverside, Role.DistrictAdmin, "invited@riverside.example"));
        using var visitor = bed.Visit();
        (await SignInAsync(visitor, "s-2", "Invited@riverside.example")).Location.ShouldBe("/d/riverside/history");
        (await visitor.GetAsync("/d/riverside/administration/admins")).Main.ShouldContain("invited@riverside.example District Admin");
    }

    [Fact]
    public async Task Who_comes_from_the_invitation_itself_lands_in_the_district()
    {
        var link = await bed.InviteAsync(new Invitation(ConsoleBed.Riverside, Role.Viewer, "from-link@riverside.example"));
        using var visitor = bed.Visit();
        (await visitor.GetAsync(link)).Main.ShouldContain("Continue with Riverside ID");
        var signedIn = await SignInAsync(visitor, "s-link", "from-link@riverside.example", back: link);
        signedIn.Location.ShouldBe(link);
        (await visitor.GetAsync(link)).Location.ShouldBe("/d/riverside");
        using var other = bed.Visit();
        (await other.GetAsync(link)).Status.ShouldBe(410);
    }

    [Fact]
    public async Task A_name_that_is_too_long_or_has_control_characters_is_shortened()
    {
        await bed.InviteAsync(new Invitation(ConsoleBed.Riverside, Role.Viewer, "long@riverside.example"));
        using var visitor = bed.Visit();
        (await SignInAsync(visitor, "s-long", "long@riverside.example", name: "\0Ada\n" + new string('a', 300))).Location.ShouldBe(
            "/d/riverside/history"
        );
        (await bed.UserAsync("long@riverside.example")).DisplayName.ShouldBe("Ada" + new string('a', 197));
    }

    [Fact]
    public async Task Nobody_gets_in_without_an_invitation()
    {
        using var visitor = bed.Visit();
        var refused = await SignInAsync(visitor, "s-3", "stranger@riverside.example");
        refused.Location.ShouldBe("/sign-in?refused=account");
        (await visitor.GetAsync(refused.Location!)).Main.ShouldContain("Riverside ID did not sign you in here");
        (await visitor.GetAsync("/account")).Status.ShouldBe(302);
    }

    [Fact]
    public async Task An_address_that_the_provider_has_not_verified_counts_for_nothing()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        using var visitor = bed.Visit();
        (await SignInAsync(visitor, "s-4", email, verified: false)).Location.ShouldBe("/sign-in?refused=account");
    }

    [Fact]
    public async Task A_withdrawn_or_old_invitation_counts_for_nothing()
    {
        await bed.InviteAsync(new Invitation(ConsoleBed.Riverside, Role.Viewer, "old@riverside.example"));
        bed.Time.Pass(SetupLinks.Lifetime);
        using var visitor = bed.Visit();
        (await SignInAsync(visitor, "s-5", "old@riverside.example")).Location.ShouldBe("/sign-in?refused=account");
        bed.Time.Pass(-SetupLinks.Lifetime);
    }

    [Fact]
    public async Task The_districts_second_factor_is_asked_for_unless_the_provider_has_asked()
    {
        using var primary = await bed.SignInAsync(ConsoleBed.Lakeside, Role.PrimaryDistrictAdmin);
        await primary.SubmitAsync("/d/lakeside/administration/admins", "rules", ("Rules.Required", "true"));
        var email = await bed.AddPersonAsync(ConsoleBed.Lakeside, Role.DistrictAdmin);
        using var weak = bed.Visit();
        await SignInAsync(weak, "s-6", email);
        (await weak.GetAsync("/d/lakeside")).Location.ShouldNotBeNull().ShouldStartWith("/account/second-factor");
        using var strong = bed.Visit();
        await SignInAsync(strong, "s-6", email, methods: ["pwd", "mfa"]);
        (await strong.GetAsync("/d/lakeside")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_is_refused()
    {
        using var visitor = bed.Visit();
        (await visitor.GetAsync("/sign-in/provider/callback?code=made-up&state=made-up")).Location.ShouldBe("/sign-in?refused=provider");
        (await visitor.GetAsync("/sign-in/provider/back?return=/d/riverside")).Location.ShouldBe("/sign-in?refused=provider");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<Answer> SignInAsync(
        Visitor visitor,
        string subject,
        string email,
        bool verified = true,
        string[]? methods = null,
        string back = "/d/riverside/history",
        string name = "Someone"
    )
    {
        bed.Provider.Person = new JsonObject
        {
            ["sub"] = subject,
            ["email"] = email,
            ["email_verified"] = verified,
            ["name"] = name,
        };
        if (methods is not null)
        {
            bed.Provider.Person["amr"] = new JsonArray([.. methods.Select(method => JsonValue.Create(method))]);
        }

        var there = await visitor.GetAsync($"/sign-in/provider?return={back}");
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        using var answer = await client.GetAsync(there.Location, Token);
        var answered = await visitor.GetAsync(answer.Headers.Location!.PathAndQuery);
        answered.Location.ShouldNotBeNull($"{answered.Status}: {answered.Main}").ShouldStartWith("/sign-in/provider/back");
        return await visitor.GetAsync(answered.Location!);
    }
}
