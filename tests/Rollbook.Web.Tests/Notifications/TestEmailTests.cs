using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Telling;
using Rollbook.Testing;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Notifications;

/// <summary>Send test e-mail, through a real mail server.</summary>
public sealed class TestEmailTests(TestEmailTests.MailBed bed) : IClassFixture<TestEmailTests.MailBed>
{
    private const string Page = "/operator/email";

    [Fact]
    public async Task The_operator_sends_one_and_is_told_what_becomes_of_it()
    {
        using var operating = await bed.SignInAsync("", Role.Operator);
        var page = await operating.GetAsync(Page);
        page.Main.ShouldContain($"localhost, port {bed.Server!.Port}");
        page.Main.ShouldContain("StartTLS, trusting your own CA certificate too");
        page.Text.ShouldNotContain(SmtpServer.Password);
        (await operating.SubmitAsync(Page, "test", ("Input.To", "nobody"))).Main.ShouldContain("Enter an e-mail address");
        (await operating.SubmitAsync(Page, "test", ("Input.To", SmtpServer.Refused))).Main.ShouldContain("did not accept the recipient");
        bed.Server.Messages.ShouldBeEmpty();

        (await operating.SubmitAsync(Page, "test", ("Input.To", "ada@riverside.example"))).Status.ShouldBe(302);
        (await operating.GetAsync(Page)).Main.ShouldContain("The mail server took the test e-mail for ada@riverside.example.");
        bed.Server.Messages.ShouldHaveSingleItem().ShouldContain("To: ada@riverside.example");
        var told = await bed.Log.ReadAsync(new AuditQuery(null) { Action = AuditActions.EmailTested }, 9, TestContext.Current.CancellationToken);
        told.Select(record => record.Entry.Subject).ShouldBe(["ada@riverside.example", SmtpServer.Refused]);
        told[0].Entry.NewValue.ShouldBe("\"sent\"");

        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        (await admin.GetAsync(Page)).Status.ShouldBe(403);
    }

    /// <summary>A console whose operator has set the mail server.</summary>
    public sealed class MailBed : ConsoleBed
    {
        internal SmtpServer? Server { get; private set; }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await (Server?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        protected override async Task ReplaceStorageAsync(IServiceCollection services, string data)
        {
            Server = await SmtpServer.StartAsync();
            services.AddSingleton(
                TellingServices.Options(
                    new ConfigurationBuilder()
                        .AddInMemoryCollection(
                            new Dictionary<string, string?>
                            {
                                ["ROLLBOOK_SMTP_HOST"] = "localhost",
                                ["ROLLBOOK_SMTP_PORT"] = $"{Server.Port}",
                                ["ROLLBOOK_SMTP_USER"] = SmtpServer.User,
                                ["ROLLBOOK_SMTP_PASSWORD"] = SmtpServer.Password,
                                ["ROLLBOOK_SMTP_FROM"] = "Rollbook <rollbook@riverside.example>",
                                ["ROLLBOOK_SMTP_CA_CERTIFICATE"] = Server.AuthorityFile,
                            }
                        )
                        .Build()
                )
            );
        }
    }
}
