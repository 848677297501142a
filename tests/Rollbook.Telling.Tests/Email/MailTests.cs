using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using MimeKit;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Runs;
using Rollbook.Telling.Email;
using Rollbook.Testing;
using static Rollbook.Telling.Tests.TellingBed;

namespace Rollbook.Telling.Tests.Email;

/// <summary>E-mail through a real mail server, which wants StartTLS and a sign-in.</summary>
public sealed class MailTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_goes_to_each_person_once_with_what_happened_and_a_link()
    {
        await using var server = await SmtpServer.StartAsync();
        await using var bed = await StartAsync(
            new TellingOptions { Mail = MailSettings.Of(server), ConsoleUrl = "https://rollbook.riverside.example" }
        );
        await bed.AddPersonAsync("ada@riverside.example", Role.PrimaryDistrictAdmin);
        await bed.AddPersonAsync("bo@riverside.example", Role.PrimaryDistrictAdmin);
        await bed.RunAsync(RunState.Held, Held("a"));
        for (var again = 0; again < 3; again++)
        {
            await SendAsync(bed);
        }

        var messages = server.Messages.Select(Parse).ToList();
        messages.Select(message => message.To.ToString()).Order().ShouldBe(["ada@riverside.example", "bo@riverside.example"]);
        var first = messages[0];
        first.Subject.ShouldBe("Riverside Unified: An import of Synergy is held");
        first.From.ToString().ShouldBe("\"Rollbook of Riverside\" <rollbook@riverside.example>");
        first.Headers[HeaderId.AutoSubmitted].ShouldBe("auto-generated");
        first.TextBody!.ShouldContain("600 of the 5,000 students would be deleted.");
        first.TextBody!.ShouldContain("Look at it: https://rollbook.riverside.example/d/riverside/history/1");
        first.TextBody!.ShouldContain("https://rollbook.riverside.example/d/riverside/administration/email-notifications");
        messages[1].MessageId.ShouldNotBe(first.MessageId);
    }

    [Fact]
    public async Task Where_the_console_is_unknown_the_message_says_where_to_look()
    {
        await using var server = await SmtpServer.StartAsync(tls: true);
        await using var bed = await StartAsync(new TellingOptions { Mail = MailSettings.Of(server, MailTls.Tls) });
        await bed.AddPersonAsync("ada@riverside.example", Role.PrimaryDistrictAdmin);
        await bed.RunAsync(RunState.Failed, Failed());
        await SendAsync(bed);
        var message = Parse(server.Messages.ShouldHaveSingleItem());
        message.TextBody!.ShouldContain("Look at it in Rollbook: Riverside Unified, Data Sync History, run 1.");
        message.TextBody!.ShouldNotContain("http");
    }

    [Fact]
    public async Task While_the_server_is_down_it_is_tried_again_with_growing_pauses_and_nothing_is_lost()
    {
        var port = SmtpServer.FreePort();
        await using var later = await SmtpServer.StartAsync();
        await using var bed = await StartAsync(new TellingOptions { Mail = MailSettings.Of(later) with { Port = port } });
        await bed.AddPersonAsync("ada@riverside.example", Role.PrimaryDistrictAdmin);
        await bed.RunAsync(RunState.Failed, Failed());
        var pauses = new List<double>();
        for (var attempt = 0; attempt < 12; attempt++)
        {
            var before = bed.Time.GetUtcNow();
            await SendAsync(bed);
            var last = (await bed.Store.Notifications.LastTriedAsync(DeliveryChannel.Email, Token))!;
            last.Attempts.ShouldBe(attempt + 1);
            last.Trouble.ShouldBe(
                $"The mail server localhost:{port} can't be reached. Check ROLLBOOK_SMTP_HOST and ROLLBOOK_SMTP_PORT, and whether it runs."
            );
            pauses.Add((last.DueAt - before).TotalMinutes);

            // A look too early changes nothing.
            bed.Time.SetUtcNow(last.DueAt.AddSeconds(-1));
            await SendAsync(bed);
            (await bed.Store.Notifications.LastTriedAsync(DeliveryChannel.Email, Token))!.Attempts.ShouldBe(attempt + 1);
            bed.Time.SetUtcNow(last.DueAt);
        }

        pauses.ShouldBe([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]);

        // The server is there again, for another program that goes on from the store.
        await using var server = await SmtpServer.StartAsync(port);
        var settings = MailSettings.Of(server);
        await new Outbox(
            bed.Recipients,
            new Rollbook.Telling.Webhook.WebhookCaller(bed.Options),
            new PlainSecrets(),
            bed.Options with
            {
                Mail = settings,
            },
            bed.Time
        ).SendAsync(bed.Store, DeliveryChannel.Email, Token);
        server.Messages.ShouldHaveSingleItem();
        (await bed.Store.Notifications.LastTriedAsync(DeliveryChannel.Email, Token))!.IsSent.ShouldBeTrue();
    }

    [Fact]
    public async Task A_program_that_dies_between_sending_and_noting_sends_that_one_again_as_the_same_message()
    {
        await using var server = await SmtpServer.StartAsync();
        await using var bed = await StartAsync(new TellingOptions { Mail = MailSettings.Of(server) });
        await bed.AddPersonAsync("ada@riverside.example", Role.PrimaryDistrictAdmin);
        await bed.RunAsync(RunState.Failed, Failed());
        var dying = Interrupted.Of(bed.Store, new InvalidOperationException("The program is gone."));
        await Should.ThrowAsync<InvalidOperationException>(() => bed.NewOutbox().SendAsync(dying, DeliveryChannel.Email, Token));
        await SendAsync(bed);
        await SendAsync(bed);
        server
            .Messages.Select(Parse)
            .Select(message => message.MessageId)
            .ShouldBe([Parse(server.Messages[0]).MessageId, Parse(server.Messages[0]).MessageId]);
    }

    [Fact]
    public async Task While_the_database_is_busy_what_was_sent_is_noted_later_and_does_not_go_twice()
    {
        await using var server = await SmtpServer.StartAsync();
        await using var bed = await StartAsync(new TellingOptions { Mail = MailSettings.Of(server), Look = TimeSpan.Zero });
        await bed.AddPersonAsync("ada@riverside.example", Role.PrimaryDistrictAdmin);
        await bed.RunAsync(RunState.Failed, Failed());
        var busy = Interrupted.Of(bed.Store, new SqliteException("database is locked", 5), new SqliteException("database is locked", 5));
        await bed.NewOutbox().SendAsync(busy, DeliveryChannel.Email, Token);
        await SendAsync(bed);
        server.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_three_days_old_is_given_up()
    {
        await using var bed = await StartAsync(new TellingOptions { Mail = MailSettings.Any with { Port = SmtpServer.FreePort() } });
        await bed.AddPersonAsync("ada@riverside.example", Role.PrimaryDistrictAdmin);
        await bed.RunAsync(RunState.Failed, Failed());
        await SendAsync(bed);
        bed.Time.Advance(TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1));
        await SendAsync(bed);
        var last = (await bed.Store.Notifications.LastTriedAsync(DeliveryChannel.Email, Token))!;
        (last.IsSent, last.SettledAt).ShouldBe((false, bed.Time.GetUtcNow()));
    }

    [Fact]
    public async Task A_refused_recipient_is_given_up_and_the_others_get_theirs()
    {
        await using var server = await SmtpServer.StartAsync();
        await using var bed = await StartAsync(new TellingOptions { Mail = MailSettings.Of(server) });
        await bed.AddPersonAsync(SmtpServer.Refused, Role.PrimaryDistrictAdmin);
        await bed.AddPersonAsync("ada@riverside.example", Role.PrimaryDistrictAdmin);
        var left = await bed.AddPersonAsync("left@riverside.example", Role.PrimaryDistrictAdmin);
        await bed.RunAsync(RunState.Failed, Failed());
        await bed.RemovePersonAsync(left);
        await SendAsync(bed);
        Parse(server.Messages.ShouldHaveSingleItem()).To.ToString().ShouldBe("ada@riverside.example");
        (await bed.Store.Notifications.DueAsync(DeliveryChannel.Email, bed.Time.GetUtcNow().AddYears(1), 10, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_test_email_says_what_is_wrong_and_never_the_password()
    {
        await using var server = await SmtpServer.StartAsync();
        (await TestAsync(MailSettings.Of(server))).ShouldBeNull();
        Parse(server.Messages.ShouldHaveSingleItem()).Subject.ShouldBe("Rollbook: test e-mail");

        (await TestAsync(MailSettings.Of(server, password: "wr0ng-and-s3cret"))).ShouldBe(
            $"The mail server localhost:{server.Port} refuses the user name or the password. Check ROLLBOOK_SMTP_USER and ROLLBOOK_SMTP_PASSWORD."
        );
        (await TestAsync(MailSettings.Of(server, password: null))).ShouldNotBeNull().ShouldContain("wants a user and a password");
        (await TestAsync(MailSettings.Of(server, trusted: false))).ShouldNotBeNull().ShouldContain("certificate");
        (await TestAsync(MailSettings.Of(server) with { Host = "127.0.0.1" })).ShouldNotBeNull().ShouldContain("it is for another host name");
        (await TestAsync(MailSettings.Of(server, MailTls.Tls))).ShouldNotBeNull().ShouldContain("ROLLBOOK_SMTP_TLS");
        (await TestAsync(MailSettings.Of(server), SmtpServer.Refused)).ShouldNotBeNull().ShouldContain("did not accept the recipient");
        (await TestAsync(MailSettings.Of(server) with { Host = "nowhere.invalid" })).ShouldNotBeNull().ShouldContain("can't be reached");
        (await TestAsync(null)).ShouldNotBeNull().ShouldContain("ROLLBOOK_SMTP_HOST");
        server.Messages.Count.ShouldBe(1);

        await using var tls = await SmtpServer.StartAsync(tls: true);
        (await TestAsync(MailSettings.Of(tls, MailTls.Tls))).ShouldBeNull();
        tls.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_silent_is_not_waited_for_for_ever()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var settings = MailSettings.Any with { Port = ((IPEndPoint)listener.LocalEndpoint).Port, Patience = TimeSpan.FromMilliseconds(200) };
        (await TestAsync(settings)).ShouldNotBeNull().ShouldContain("did not answer");
    }

    [Fact]
    public async Task No_personal_data_of_a_pupil_and_no_secret_is_in_a_message()
    {
        await using var server = await SmtpServer.StartAsync();
        await using var bed = await StartAsync(new TellingOptions { Mail = MailSettings.Of(server) });
        await bed.AddPersonAsync("ada@riverside.example", Role.PrimaryDistrictAdmin);

        // Everything else of the report, and the records of the change set, stay on the run's page.
        await bed.RunAsync(RunState.Held, Held("a") with { Notices = ["Sofia Ramirez was passed over."] });
        await SendAsync(bed);
        var message = server.Messages.ShouldHaveSingleItem();
        message.ShouldNotContain("Sofia");
        message.ShouldNotContain(SmtpServer.Password);
    }

    private static Task SendAsync(TellingBed bed) => bed.NewOutbox().SendAsync(bed.Store, DeliveryChannel.Email, Token);

    private static Task<string?> TestAsync(MailOptions? mail, string to = "operator@riverside.example") =>
        new TestEmail(new TellingOptions { Mail = mail }, TimeProvider.System).SendAsync(to, Token);

    private static MimeMessage Parse(string text) => MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Token);
}
