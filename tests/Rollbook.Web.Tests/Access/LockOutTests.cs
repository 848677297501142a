using System.Net;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Access;

/// <summary>Guessing is slowed down by account and by network address, and learns nothing.</summary>
public sealed class LockOutTests(ConsoleBed bed) : IClassFixture<ConsoleBed>
{
    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var visitor = bed.Visit();
        for (var i = 0; i < PasswordRules.AttemptsBeforeLock; i++)
        {
            (await visitor.SignInAsync(email, "wrong password")).Status.ShouldBe(200);
        }

        (await visitor.SignInAsync(email, ConsoleBed.Password)).Main.ShouldContain("is not right");
        var user = await bed.UserAsync(email);
        var now = TimeProvider.System.GetUtcNow();
        user.LockoutEnd.ShouldNotBeNull().ShouldBeInRange(now + PasswordRules.LockedFor - TimeSpan.FromMinutes(2), now + PasswordRules.LockedFor);
        var told = await bed.Log.ReadAsync(
            new AuditQuery(ConsoleBed.Riverside) { Action = AuditActions.LockedOut },
            10,
            TestContext.Current.CancellationToken
        );
        told.Count(record => record.Entry.Subject == email).ShouldBe(2, "the fifth, and the right one after it");
    }

    [Fact]
    public async Task The_answer_does_not_tell_whether_there_is_such_an_account()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var visitor = bed.Visit();
        var unknown = (await visitor.SignInAsync("nobody@riverside.example", "wrong password")).Main;
        var known = (await visitor.SignInAsync(email, "wrong password")).Main;
        for (var i = 0; i < PasswordRules.AttemptsBeforeLock; i++)
        {
            await visitor.SignInAsync(email, "wrong password");
        }

        var locked = (await visitor.SignInAsync(email, "wrong password")).Main;
        known.ShouldBe(unknown);
        locked.ShouldBe(unknown);
    }

    [Fact]
    public async Task Four_wrong_passwords_lock_nothing()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var visitor = bed.Visit();
        for (var i = 0; i < PasswordRules.AttemptsBeforeLock - 1; i++)
        {
            await visitor.SignInAsync(email, "wrong password");
        }

        (await bed.UserAsync(email)).LockoutEnd.ShouldBeNull();
        (await visitor.SignInAsync(email, ConsoleBed.Password)).Status.ShouldBe(302);
    }

    [Theory]
    [InlineData("nobody@riverside.example")]
    [InlineData("no address")]
    [InlineData(null)]
    public async Task Refusing_takes_the_same_time_whether_there_is_such_an_account(string? email)
    {
        email ??= await bed.AddPersonAsync(ConsoleBed.Riverside, Role.Viewer);
        using var visitor = bed.Visit();
        var token = await visitor.TokenAsync();
        var began = TimeProvider.System.GetTimestamp();
        var answer = await visitor.PostAsync(
            "/sign-in",
            ("_handler", "sign-in"),
            (Visitor.Field, token),
            ("Input.Email", email),
            ("Input.Password", "wrong password")
        );
        // A timer may ring a millisecond or two before the clock that measures it here has come so far.
        TimeProvider.System.GetElapsedTime(began).ShouldBeGreaterThan(SignIns.RefusalTakes * 0.95);
        answer.Main.ShouldContain("is not right");
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.7", "::ffff:192.0.2.8", false)]
    [InlineData("2001:db8:1:2::7", "2001:db8:1:2:aaaa:bbbb:cccc:dddd", true)]
    [InlineData("2001:db8:1:2::7", "2001:db8:1:3::7", false)]
    public void A_network_that_one_machine_may_have_all_of_is_one_address(string one, string other, bool same) =>
        (SignInRateLimit.Partition(IPAddress.Parse(one)) == SignInRateLimit.Partition(IPAddress.Parse(other))).ShouldBe(same);

    [Fact]
    public async Task What_was_typed_for_an_unknown_account_is_not_repeated_in_the_log()
    {
        using var visitor = bed.Visit();
        await visitor.SignInAsync("my-password-by-mistake@x", "another one");
        var told = await bed.Log.ReadAsync(new AuditQuery(null), 1000, TestContext.Current.CancellationToken);
        told.ShouldContain(record => record.Entry.Action == AuditActions.SignInFailed);
        told.ShouldAllBe(record => !$"{record.Entry}".Contains("mistake", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_may_try_so_often_a_minute_all_ways_together_and_no_other_address_is_held_up()
    {
        using var visitor = bed.Visit();
        var token = await visitor.TokenAsync();
        string[] ways = ["/sign-in", "/sign-in/code", "/sign-in/passkey-options", "/setup/0000"];
        var answers = new List<int>();
        for (var i = 0; i < SignInRateLimit.PerMinute + 2; i++)
        {
            answers.Add((await visitor.PostAsync(ways[i % ways.Length], (Visitor.Field, token))).Status);
        }

        answers.Take(SignInRateLimit.PerMinute).ShouldAllBe(status => status != 429);
        answers.Skip(SignInRateLimit.PerMinute).ShouldAllBe(status => status == 429);
        using var other = bed.Visit();
        (await other.SignInAsync("nobody@riverside.example", "wrong password")).Status.ShouldBe(200);
    }
}
