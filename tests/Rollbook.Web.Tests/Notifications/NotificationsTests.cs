using Microsoft.Extensions.DependencyInjection;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Telling;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.Notifications;

/// <summary>What people read and choose about notifications, and who may do what.</summary>
public abstract class NotificationsTests(ConsoleBed bed)
{
    private const string List = "/d/riverside/notifications";
    private const string Choices = "/d/riverside/administration/email-notifications";
    private const string Choose = "/account/notifications/riverside/choices";
    private const string Read = "/account/notifications/riverside/read";

    private static int events;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Role.PrimaryDistrictAdmin)]
    [InlineData(Role.Viewer)]
    public async Task Each_person_reads_the_list_and_marks_it_as_read_alone(Role role)
    {
        var (store, number) = await TellAsync();
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, role);
        using var visitor = await bed.SignInAsync(email);
        var page = await visitor.GetAsync(List);
        page.Main.ShouldContain("An import of Synergy is held New");
        page.Main.ShouldContain("37 of 361 students would be deleted.");
        page.Text.ShouldContain("href=\"/d/riverside/history/4\"");
        (await visitor.GetAsync("/d/riverside")).Text.ShouldContain("<span class=\"visually-hidden\"> new</span>");
        var read = await visitor.PostAsync(Read, ("number", $"{number}"), (Visitor.Field, await visitor.TokenAsync(List)));
        (read.Status, read.Location).ShouldBe((302, List));
        (await visitor.GetAsync(List)).Main.ShouldNotContain("is held New");
        (await visitor.GetAsync("/d/riverside")).Text.ShouldNotContain("<span class=\"visually-hidden\"> new</span>");
        (await store.Notifications.ReadUpToAsync(await bed.IdAsync(email), Token)).ShouldBe(number);

        // A number of the future marks nothing that is to come.
        await visitor.PostAsync(Read, ("number", "99999"), (Visitor.Field, await visitor.TokenAsync(Choices)));
        (await store.Notifications.ReadUpToAsync(await bed.IdAsync(email), Token)).ShouldBeLessThan(90_000);
        using var other = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        (await other.GetAsync(List)).Main.ShouldContain("is held New");
    }

    [Fact]
    public async Task A_primary_admin_gets_the_urgent_ones_until_choosing_otherwise_and_that_is_kept_and_told()
    {
        var email = await bed.AddPersonAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        using var visitor = await bed.SignInAsync(email);
        On((await visitor.GetAsync(Choices)).Text).ShouldBe(["held", "waiting", "failed", "connectivity"]);
        var saved = await visitor.PostAsync(
            Choose,
            ("failed", "on"),
            ("schedule", "on"),
            ("made-up", "on"),
            (Visitor.Field, await visitor.TokenAsync(Choices))
        );
        (saved.Status, saved.Location).ShouldBe((302, Choices));
        On((await visitor.GetAsync(Choices)).Text).ShouldBe(["failed", "schedule"]);
        var id = await bed.IdAsync(email);
        var kept = await (await StoreAsync()).Notifications.ChoicesAsync(Token);
        kept.Keys.Where(key => key.Person == id).Select(key => key.Topic).ShouldBe(EmailChoice.All.Select(choice => choice.Key), ignoreOrder: true);
        var told = (
            await bed.Log.ReadAsync(new AuditQuery(ConsoleBed.Riverside) { Who = email, Action = AuditActions.NotificationsChosen }, 9, Token)
        )
            .ShouldHaveSingleItem()
            .Entry;
        told.NewValue.ShouldBe("""["Failed import","Schedule ended"]""");
        told.OldValue.ShouldBe("""["Held sync","Preview waiting","Failed import","Connectivity problem"]""");
    }

    [Fact]
    public async Task A_viewer_chooses_too_and_gets_nothing_before_that()
    {
        using var viewer = await bed.SignInAsync(ConsoleBed.Riverside, Role.Viewer);
        var page = await viewer.GetAsync(Choices);
        On(page.Text).ShouldBeEmpty();
        page.Main.ShouldNotContain("Webhook");
        page.Main.ShouldContain("This installation sends no e-mail yet");
        await viewer.PostAsync(Choose, ("held", "on"), (Visitor.Field, await viewer.TokenAsync(Choices)));
        On((await viewer.GetAsync(Choices)).Text).ShouldBe(["held"]);
    }

    [Theory]
    [InlineData("/account/notifications/lakeside/choices")]
    [InlineData("/account/notifications/lakeside/read")]
    [InlineData("/account/notifications/nowhere/choices")]
    public async Task Of_a_district_in_which_one_has_no_role_there_is_nothing_to_choose_or_read(string address)
    {
        using var stranger = await bed.SignInAsync(ConsoleBed.Riverside, Role.PrimaryDistrictAdmin);
        (await stranger.PostAsync(address, ("held", "on"), (Visitor.Field, await stranger.TokenAsync(Choices)))).Status.ShouldBe(404);
        using var operating = await bed.SignInAsync("", Role.Operator);
        (await operating.PostAsync(address, ("held", "on"), (Visitor.Field, await operating.TokenAsync("/account")))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_admin_sets_a_webhook_whose_secret_is_never_shown_again()
    {
        const string Secret = "a-secret-of-more-than-24-letters";
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        var refused = await admin.SubmitAsync(Choices, "webhook", ("Input.Url", "ftp://x"), ("Input.Secret", "short"));
        refused.Main.ShouldContain("Enter an address that begins with https://");
        refused.Main.ShouldContain("Enter at least 24 letters");
        (await admin.SubmitAsync(Choices, "webhook", ("Input.Url", "https://hooks.example/a"), ("Input.Secret", ""))).Main.ShouldContain(
            "Enter a signing secret"
        );
        (await SettingsAsync()).ShouldBeNull();

        (await admin.SubmitAsync(Choices, "webhook", ("Input.Url", "https://hooks.example/a"), ("Input.Secret", Secret))).Status.ShouldBe(302);
        (await SettingsAsync()).ShouldBe(new WebhookSettings("https://hooks.example/a"));
        var store = await StoreAsync();
        bed.Services.GetRequiredService<ISecrets>()
            .Unprotect((await store.Configuration.GetSecretAsync(WebhookSettings.SecretName, Token))!)
            .ShouldBe(Secret);
        var page = await admin.GetAsync(Choices);
        page.Text.ShouldContain("value=\"https://hooks.example/a\"");
        page.Text.ShouldNotContain(Secret);

        (await admin.SubmitAsync(Choices, "webhook", ("Input.Url", ""), ("Input.Secret", ""))).Status.ShouldBe(302);
        (await SettingsAsync()).ShouldBeNull();
        (await store.Configuration.GetSecretAsync(WebhookSettings.SecretName, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task What_became_of_the_last_call_is_said()
    {
        using var admin = await bed.SignInAsync(ConsoleBed.Riverside, Role.DistrictAdmin);
        await admin.SubmitAsync(Choices, "webhook", ("Input.Url", "https://hooks.example/b"), ("Input.Secret", "a-secret-of-more-than-24-letters"));
        var (store, _) = await TellAsync();
        var due = (await store.Notifications.DueAsync(DeliveryChannel.Webhook, bed.Time.GetUtcNow(), 100, Token))[^1];
        await store.Notifications.PutOffAsync(
            due.Number,
            "The webhook answered with status 500.",
            bed.Time.GetUtcNow(),
            bed.Time.GetUtcNow().AddHours(1),
            Token
        );
        var page = await admin.GetAsync(Choices);
        page.Main.ShouldContain("The webhook answered with status 500.");
        page.Main.ShouldContain("Is tried again");
        await store.Notifications.SentAsync(due.Number, bed.Time.GetUtcNow(), Token);
        (await admin.GetAsync(Choices)).Main.ShouldContain("Came through");
        await admin.SubmitAsync(Choices, "webhook", ("Input.Url", ""), ("Input.Secret", ""));
    }

    [Fact]
    public async Task The_operator_is_told_that_no_mail_server_is_set()
    {
        using var operating = await bed.SignInAsync("", Role.Operator);
        var page = await operating.GetAsync("/operator/email");
        page.Main.ShouldContain("No mail server is set");
        page.Main.ShouldNotContain("Send test e-mail");
    }

    private static IReadOnlyList<string> On(string html) =>
        [
            .. EmailChoice
                .All.Select(choice => choice.Key)
                .Where(key => System.Text.RegularExpressions.Regex.IsMatch(html, $"id=\"{key}\"[^>]* checked")),
        ];

    private async Task<WebhookSettings?> SettingsAsync() =>
        (await (await StoreAsync()).Configuration.LatestAsync(Token)) is { } latest
            ? DistrictConfiguration.FromDocument(latest.Document).Webhook
            : null;

    private async Task<IDistrictStore> StoreAsync() =>
        (await bed.Services.GetRequiredService<IInstallationStore>().OpenAsync(ConsoleBed.Riverside, Token))!;

    private async Task<(IDistrictStore Store, long Number)> TellAsync()
    {
        var store = await StoreAsync();
        await store.Notifications.TellAsync(
            [
                new NewNotification(
                    "held",
                    "synergy",
                    4,
                    bed.Time.GetUtcNow(),
                    "An import of Synergy is held",
                    ["37 of 361 students would be deleted."],
                    "",
                    $"held/{Interlocked.Increment(ref events)}",
                    [(DeliveryChannel.Webhook, "")]
                ),
            ],
            null,
            Token
        );
        return (store, (await store.Notifications.ListAsync(null, null, null, 1, Token))[0].Number);
    }
}

public sealed class NotificationsTestsOnSqlite(ConsoleBed bed) : NotificationsTests(bed), IClassFixture<ConsoleBed>;

public sealed class NotificationsTestsOnPostgres(PostgresBed bed) : NotificationsTests(bed), IClassFixture<PostgresBed>;
