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
