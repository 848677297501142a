using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Administration;

/// <summary>Inviting people and looking after them.</summary>
public abstract class PeopleTests(ConsoleBed bed)
{
    private const string Admins = "/d/riverside/administration/admins";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invited_person_makes_an_account_and_has_the_role()
    {
        using var primary = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        var link = await InviteAsync(primary, "new@riverside.example", "DistrictAdmin");
        (await primary.GetAsync(Admins)).Main.ShouldContain("new@riverside.example District Admin");

        using var invited = bed.Visit();
        (await invited.GetAsync(link)).Main.ShouldContain("You become District Admin of Riverside Unified");
        var made = await CreateAsync(invited, link, "another@riverside.example");
        made.Location.ShouldBe("/d/riverside");
        (await invited.GetAsync(Admins)).Main.ShouldContain(
            "new@riverside.example",
            Case.Sensitive,
            "the address of the invitation, whatever was posted"
        );
        (await invited.GetAsync(Admins)).Main.ShouldNotContain("the invitation for new@riverside.example");
    }

    [Theory]
    [InlineData("mary.o'brien@riverside.example")]
    [InlineData("núñez+roster@riverside.example")]
    [InlineData("a&b!#%/=?^`{|}~@riverside.example")]
    public async Task Whatever_an_address_may_have_signs_in(string email)
    {
        var link = await bed.InviteAsync(new Invitation(ConsoleBed.Riverside, Role.Viewer, email));
        using var invited = bed.Visit();
        (await CreateAsync(invited, link)).Location.ShouldBe("/d/riverside");
        using var again = bed.Visit();
        (await again.SignInAsync(email, ConsoleBed.Password)).Status.ShouldBe(302);
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("two@at@riverside.example")]
    [InlineData("tab\tin@riverside.example")]
    public async Task What_is_no_address_is_refused_with_what_to_do(string email)
    {
        using var primary = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        var refused = await primary.SubmitAsync($"{Admins}/invite", "invite", ("Input.Email", email), ("Input.Role", "Viewer"));
        refused.Main.ShouldContain("Enter an e-mail address, such as");
        refused.Text.ShouldNotContain("/setup/");
    }

    [Fact]
    public async Task A_name_has_at_most_200_characters_and_none_that_controls()
    {
        var link = await bed.InviteAsync(new Invitation(ConsoleBed.Riverside, Role.Viewer, "name@riverside.example"));
        using var invited = bed.Visit();
        foreach (var name in new[] { new string('a', 201), "Ada\u0007Lovelace", "Ada\nLovelace" })
        {
            (await CreateAsync(invited, link, name: name)).Main.ShouldContain("Enter a name of at most 200 characters.");
        }

        (await CreateAsync(invited, link, name: new string('ñ', 200))).Location.ShouldBe("/d/riverside");
    }

    [Fact]
    public async Task Two_who_remove_each_other_at_the_same_moment_leave_one_primary()
    {
        await using var alone = Another();
        await alone.InitializeAsync();
        for (var round = 0; round < 5; round++)
        {
            var emails = new[]
            {
                await alone.AddPersonAsync(ConsoleBed.Lakeside, Role.PrimaryDistrictAdmin),
                await alone.AddPersonAsync(ConsoleBed.Lakeside, Role.PrimaryDistrictAdmin),
            };
            var page = "/d/lakeside/administration/admins";
            var moves = new List<(Visitor Visitor, string Token, string Other)>();
            for (var i = 0; i < 2; i++)
            {
                var visitor = await alone.SignInAsync(emails[i]);
                moves.Add((visitor, await visitor.TokenAsync(page), await alone.IdAsync(emails[1 - i])));
            }

            var answers = await Task.WhenAll(
                moves.Select(move => move.Visitor.PostAsync($"{page}/{move.Other}", ("_handler", "remove"), (Visitor.Field, move.Token)))
            );
            answers.ShouldAllBe(answer => answer.Status < 500, string.Join("; ", answers.Select(answer => $"{answer.Status} {answer.Main}")));
            await using var scope = alone.Services.CreateAsyncScope();
            var roles = scope.ServiceProvider.GetRequiredService<InstallationContext>().DistrictRoles;
            (await roles.CountAsync(role => role.DistrictId == ConsoleBed.Lakeside, Token)).ShouldBe(1);
            await roles.Where(role => role.DistrictId == ConsoleBed.Lakeside).ExecuteDeleteAsync(Token);
            moves.ForEach(move => move.Visitor.Dispose());
        }
    }

    [Fact]
    public async Task A_link_is_good_once()
    {
        var link = await bed.InviteAsync(new Invitation(ConsoleBed.Riverside, Role.Viewer, "once@riverside.example"));
        using var first = bed.Visit();
        using var second = bed.Visit();
        var form = await second.TokenAsync(link);
        (await CreateAsync(first, link)).Status.ShouldBe(302);
        var late = await second.PostAsync(
            link,
            ("_handler", "set-up"),
            (Visitor.Field, form),
            ("Input.Name", "X"),
            ("Input.Password", ConsoleBed.Password),
            ("Input.Again", ConsoleBed.Password)
        );
        late.Status.ShouldBe(400, "the page has no such form any more");
        (await second.GetAsync(link)).Main.ShouldContain("This link was used already");
    }

    [Fact]
    public async Task A_link_is_good_for_a_day()
    {
        var link = await bed.InviteAsync(new Invitation(ConsoleBed.Riverside, Role.Viewer, "late@riverside.example"));
        using var visitor = bed.Visit();
        bed.Time.Pass(TimeSpan.FromHours(23.9));
        (await visitor.GetAsync(link)).Status.ShouldBe(200);
        bed.Time.Pass(TimeSpan.FromHours(0.2));
        (await visitor.GetAsync(link)).Main.ShouldContain("This link is too old");
    }

    [Fact]
    public async Task A_withdrawn_link_is_good_for_nothing()
    {
        using var primary = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        var link = await InviteAsync(primary, "withdrawn@riverside.example", "Viewer");
        var action = Regex.Match((await primary.GetAsync(Admins)).Text, "action=\"([^\"]+/withdraw)\"").Groups[1].Value;
        (await primary.PostAsync(action, (Visitor.Field, await primary.TokenAsync(Admins)))).Status.ShouldBe(302);
        using var visitor = bed.Visit();
        (await visitor.GetAsync(link)).Main.ShouldContain("This link was withdrawn");
    }

    [Fact]
    public async Task A_link_for_one_address_gives_nothing_to_another_account()
    {
        var link = await bed.InviteAsync(new Invitation(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin, "one@riverside.example"));
        using var other = await bed.SignInAsync(ConsoleBed.Lakeside, Role.Viewer);
        (await other.GetAsync(link)).Main.ShouldContain("This link is for someone else");
        await other.PostAsync(link, ("_handler", "accept"), (Visitor.Field, await other.TokenAsync("/account")));
        (await other.GetAsync("/d/riverside")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Who_has_an_account_accepts_with_it_and_loses_nothing_by_it()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Lakeside, Role.PrimaryDistrictAdmin);
        using var person = await bed.SignInAsync(email);
        var link = await bed.InviteAsync(new Invitation(ConsoleBed.Riverside, Role.Viewer, email));
        (await person.SubmitAsync(link, "accept")).Location.ShouldBe("/d/riverside");
        (await person.GetAsync("/d/riverside")).Status.ShouldBe(200);

        var lesser = await bed.InviteAsync(new Invitation(ConsoleBed.Lakeside, Role.Viewer, email));
        (await person.SubmitAsync(lesser, "accept")).Status.ShouldBe(302);
        (await person.GetAsync("/d/lakeside/administration/admins")).Status.ShouldBe(200, "an invitation never takes anything away");
    }

    [Fact]
    public async Task Only_a_primary_grants_primary_and_touches_one()
    {
        var primary = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        var viewer = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var invited = await admin.SubmitAsync(
            $"{Admins}/invite",
            "invite",
            ("Input.Email", "x@riverside.example"),
            ("Input.Role", "PrimaryDistrictAdmin")
        );
        invited.Main.ShouldContain("Only a Primary District Admin can do this.");
        invited.Text.ShouldNotContain("/setup/");
        (
            await admin.SubmitAsync($"{Admins}/invite", "invite", ("Input.Email", "x@riverside.example"), ("Input.Role", "Operator"))
        ).Text.ShouldNotContain("/setup/");

        var promoted = await admin.SubmitAsync($"{Admins}/{await bed.IdAsync(viewer)}", "role", ("Input.Role", "PrimaryDistrictAdmin"));
        promoted.Main.ShouldContain("Only a Primary District Admin can do this.");
        var page = $"{Admins}/{await bed.IdAsync(primary)}";
        (await admin.GetAsync(page)).Text.ShouldNotContain("value=\"remove\"");

        // The form of another page has a token that is good here: only the rule stands in the way.
        var token = await admin.TokenAsync(Admins);
        foreach (var form in new[] { "role", "remove", "factor" })
        {
            await admin.PostAsync(page, ("_handler", form), (Visitor.Field, token), ("Input.Role", "Viewer"));
        }

        using var still = await bed.SignInAsync(primary);
        (await still.GetAsync(page)).Main.ShouldContain("Role Primary District Admin");
    }

    [Fact]
    public async Task The_last_primary_stays()
    {
        await using var alone = new ConsoleBed();
        await alone.InitializeAsync();
        var email = await alone.AddPersonAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        using var primary = await alone.SignInAsync(email);
        var page = $"{Admins}/{await alone.IdAsync(email)}";
        (await primary.SubmitAsync(page, "remove")).Main.ShouldContain("is the last Primary District Admin");
        (await primary.SubmitAsync(page, "role", ("Input.Role", "DistrictAdmin"))).Main.ShouldContain("is the last Primary District Admin");
        (await primary.GetAsync(Admins)).Status.ShouldBe(200);

        await alone.AddPersonAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        (await primary.SubmitAsync(page, "role", ("Input.Role", "DistrictAdmin"))).Status.ShouldBe(302);
    }

    [Fact]
    public async Task Who_is_removed_finds_the_district_gone()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        using var primary = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        (await primary.SubmitAsync($"{Admins}/{await bed.IdAsync(email)}", "remove")).Status.ShouldBe(302);
        using var removed = await bed.SignInAsync(email);
        (await removed.GetAsync("/d/riverside")).Status.ShouldBe(404);
        var told = await bed.Log.ReadAsync(new AuditQuery(ConsoleBed.Riverside) { Action = AuditActions.RoleRemoved }, 1, Token);
        told.ShouldHaveSingleItem().Entry.Subject.ShouldBe(email);
    }

    [Fact]
    public async Task Personal_data_is_granted_to_a_viewer_by_name_and_told()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var page = $"{Admins}/{await bed.IdAsync(email)}";
        (await admin.SubmitAsync(page, "role", ("Input.Role", "Viewer"), ("Input.Personal", "true"))).Status.ShouldBe(302);
        var told = await bed.Log.ReadAsync(new AuditQuery(ConsoleBed.Riverside) { Action = AuditActions.PersonalDataGranted }, 1, Token);
        var entry = told.ShouldHaveSingleItem().Entry;
        (entry.Subject, entry.OldValue, entry.NewValue).ShouldBe((email, "false", "true"));
    }

    [Fact]
    public async Task The_second_factor_of_an_account_with_a_role_elsewhere_is_the_operators_affair()
    {
        var both = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        var here = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        await bed.GiveAsync(both, ConsoleBed.Lakeside, Role.PrimaryDistrictAdmin);
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        (await admin.SubmitAsync($"{Admins}/{await bed.IdAsync(both)}", "factor")).Main.ShouldContain("can only be reset by your operator");
        (await admin.SubmitAsync($"{Admins}/{await bed.IdAsync(here)}", "factor")).Status.ShouldBe(302);
    }

    [Fact]
    public async Task A_second_factor_that_was_reset_is_gone_with_the_sessions_and_the_district_is_told()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var person = await bed.SignInAsync(email);
        var (key, recovery) = await person.AddAuthenticatorAsync();
        await bed.AddPasskeyAsync(email);
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        (await admin.GetAsync(Admins)).Main.ShouldContain("Authenticator app, 1 passkey");
        (await admin.SubmitAsync($"{Admins}/{await bed.IdAsync(email)}", "factor")).Status.ShouldBe(302);

        (await person.GetAsync("/account")).Status.ShouldBe(302, "the sessions have ended");
        (await bed.WithUsersAsync(async users => await users.GetPasskeysAsync((await users.FindByEmailAsync(email))!))).ShouldBeEmpty();
        using var again = bed.Visit();
        (await again.SignInAsync(email, ConsoleBed.Password)).Location.ShouldBe("/");
        (await again.GetAsync("/account")).Main.ShouldContain("Authenticator app Off");
        (await again.AuthenticatorKeyAsync()).ShouldNotBe(key);
        recovery.ShouldNotBeEmpty();
        var told = await bed.Log.ReadAsync(new AuditQuery(ConsoleBed.Riverside) { Action = AuditActions.SecondFactorRemoved }, 1, Token);
        var entry = told.ShouldHaveSingleItem().Entry;
        (entry.Subject, entry.OldValue, entry.NewValue, entry.How).ShouldBe((email, "\"everything\"", "\"reset by an admin\"", AuditChannel.Console));
    }

    [Fact]
    public async Task A_command_that_resets_it_is_told_in_each_district_of_the_person()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        await bed.GiveAsync(email, ConsoleBed.Lakeside, Role.DistrictAdmin);
        await using var scope = bed.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Recovery>().ResetSecondFactorAsync(await UserIn(scope, email), "an operator");
        foreach (var district in new[] { ConsoleBed.Riverside, ConsoleBed.Lakeside })
        {
            var told = await bed.Log.ReadAsync(new AuditQuery(district) { Action = AuditActions.SecondFactorRemoved }, 1, Token);
            var entry = told.ShouldHaveSingleItem().Entry;
            (entry.Subject, entry.Who, entry.How).ShouldBe((email, Environment.UserName, AuditChannel.Command));
        }

        static async Task<User> UserIn(AsyncServiceScope scope, string email) =>
            (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByEmailAsync(email))!;
    }

    [Fact]
    public async Task Someone_of_another_district_is_not_found_among_the_people()
    {
        var stranger = await bed.AddPersonAsync(ConsoleBed.Lakeside, Role.Viewer);
        using var primary = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        var page = $"{Admins}/{await bed.IdAsync(stranger)}";
        (await primary.GetAsync(page)).Status.ShouldBe(404);
        var token = await primary.TokenAsync(Admins);
        await primary.PostAsync(page, ("_handler", "remove"), (Visitor.Field, token));
        using var still = await bed.SignInAsync(stranger);
        (await still.GetAsync("/d/lakeside")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_operator_makes_a_district_and_invites_its_first_admin()
    {
        using var operating = await bed.SignInAsync("", Role.Operator);
        var wrong = await operating.SubmitAsync(
            "/operator/districts",
            "district",
            ("Input.Id", "Hill Side"),
            ("Input.Name", ""),
            ("Input.Zone", "Nowhere")
        );
        wrong.Main.ShouldContain("Enter up to 40 lower-case letters");
        (
            await operating.SubmitAsync(
                "/operator/districts",
                "district",
                ("Input.Id", "hillside"),
                ("Input.Name", "Hillside"),
                ("Input.Zone", "America/Chicago")
            )
        ).Status.ShouldBe(302);
        var again = await operating.SubmitAsync(
            "/operator/districts",
            "district",
            ("Input.Id", "hillside"),
            ("Input.Name", "Other"),
            ("Input.Zone", "UTC")
        );
        again.Main.ShouldContain("There is a district hillside already");

        var answer = await operating.SubmitAsync("/operator/districts/hillside/invite", "invite", ("Input.Email", "first@hillside.example"));
        using var first = bed.Visit();
        (await CreateAsync(first, LinkIn(answer))).Location.ShouldBe("/d/hillside");
        (await first.GetAsync("/d/hillside/administration/audit-log")).Main.ShouldContain("District created");
        (await operating.GetAsync("/d/hillside")).Status.ShouldBe(404);
    }

    private static async Task<string> InviteAsync(Visitor admin, string email, string role) =>
        LinkIn(await admin.SubmitAsync($"{Admins}/invite", "invite", ("Input.Email", email), ("Input.Role", role)));

    private static string LinkIn(Answer answer)
    {
        var link = Regex.Match(answer.Text, "value=\"http[^\"]+(/setup/[0-9a-f]+)\"").Groups[1].Value;
        link.ShouldNotBeEmpty(answer.Main);
        return link;
    }

    /// <summary>Another installation on the same kind of database.</summary>
    protected abstract ConsoleBed Another();

    private static Task<Answer> CreateAsync(Visitor visitor, string link, string email = "", string name = "New Person") =>
        visitor.SubmitAsync(
            link,
            "set-up",
            ("Input.Name", name),
            ("Input.Email", email),
            ("Input.Password", ConsoleBed.Password),
            ("Input.Again", ConsoleBed.Password)
        );
}

public sealed class PeopleTestsOnSqlite(ConsoleBed bed) : PeopleTests(bed), IClassFixture<ConsoleBed>
{
    protected override ConsoleBed Another() => new();
}

public sealed class PeopleTestsOnPostgres(PostgresBed bed) : PeopleTests(bed), IClassFixture<PostgresBed>
{
    protected override ConsoleBed Another() => new PostgresBed();
}
