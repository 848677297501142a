using Rollbook.Storage;
using Rollbook.Storage.Sqlite;
using Rollbook.Sync.Configuration;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Configuration;

/// <summary>A configuration is saved in one way, by the file and by the console, and what changed is told to the audit log.</summary>
public sealed class ConfigurationsTests : IAsyncDisposable
{
    private const string Id = "riverside";
    private readonly string folder = Directory.CreateTempSubdirectory("rollbook-configurations-").FullName;
    private readonly SqliteInstallationStore installation;
    private readonly MemoryAuditLog audit = new();
    private readonly Configurations configurations;

    public ConfigurationsTests()
    {
        installation = SqliteInstallationStore.Open(folder, TimeProvider.System);
        configurations = new Configurations(installation, new PlainSecrets(), audit, TimeProvider.System);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await installation.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_change_that_makes_no_difference_writes_nothing()
    {
        await configurations.ApplyAsync(File("s3cret"), "ada", Token);
        var told = audit.Entries.Count;
        (await configurations.ChangeAsync(Id, "bob", old => old with { Apps = old.Apps }, Token)).ShouldBe(new AppliedConfiguration(Id, 1, false));
        (await configurations.ApplyAsync(File("s3cret"), "ada", Token)).ShouldBe(new AppliedConfiguration(Id, 1, false));
        audit.Entries.Count.ShouldBe(told);
    }

    [Fact]
    public async Task A_change_is_made_to_what_someone_else_saved_meanwhile()
    {
        await configurations.ApplyAsync(File("s3cret"), "ada", Token);
        var isFirst = true;
        var applied = await configurations.ChangeAsync(
            Id,
            "bob",
            old =>
            {
                if (isFirst)
                {
                    isFirst = false;
                    configurations.ChangeAsync(Id, "eve", other => other with { TimeZone = "Asia/Tokyo" }, Token).GetAwaiter().GetResult();
                }

                return old with
                {
                    Name = "Riverside Unified",
                };
            },
            Token
        );
        applied.ShouldBe(new AppliedConfiguration(Id, 3, Changed: true));
        var store = (await installation.OpenAsync(Id, Token))!;
        store.District.ShouldBe(new DistrictInfo(Id, "Riverside Unified", "Asia/Tokyo"));
        audit
            .Entries.TakeLast(2)
            .Select(entry => (entry.Who, entry.How, entry.Subject, entry.OldValue, entry.NewValue))
            .ShouldBe([
                ("eve", AuditChannel.Console, "district.timeZone", "\"UTC\"", "\"Asia/Tokyo\""),
                ("bob", AuditChannel.Console, "district.name", "\"Riverside\"", "\"Riverside Unified\""),
            ]);
    }

    [Fact]
    public async Task Many_changes_at_the_same_moment_are_all_made()
    {
        await configurations.ApplyAsync(File("s3cret"), "ada", Token);
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Task.Run(
                        () =>
                            configurations.ChangeAsync(
                                Id,
                                "ada",
                                old =>
                                    old with
                                    {
                                        Apps = new Dictionary<string, AppConfiguration>(old.Apps, StringComparer.Ordinal)
                                        {
                                            [$"app-{i}"] = new AppConfiguration { Type = "synergy" },
                                        },
                                    },
                                Token
                            ),
                        Token
                    )
                )
        );
        var latest = (await (await installation.OpenAsync(Id, Token))!.Configuration.LatestAsync(Token))!;
        latest.Number.ShouldBe(9);
        DistrictConfiguration.FromDocument(latest.Document).Apps.Count.ShouldBe(9);
        audit.Entries.Count(entry => entry.Subject.StartsWith("apps.app-", StringComparison.Ordinal)).ShouldBe(8);
    }

    [Fact]
    public async Task A_new_secret_is_told_without_its_value()
    {
        await configurations.ApplyAsync(File("s3cret"), "ada", Token);
        (await configurations.ApplyAsync(File("other"), "ada", Token)).ShouldBe(new AppliedConfiguration(Id, 1, Changed: true));
        var entry = audit.Entries[^1];
        (entry.Subject, entry.OldValue, entry.NewValue, entry.Action).ShouldBe(
            ("apps.sis.delivery.clientSecret", "\"set\"", "\"changed\"", AuditActions.ConfigurationSaved)
        );
        audit.Entries.ShouldAllBe(each => !$"{each}".Contains("s3cret") && !$"{each}".Contains("other"));
    }

    [Fact]
    public async Task A_district_that_has_only_been_made_gets_its_first_version_from_a_change()
    {
        await installation.CreateAsync(new DistrictInfo(Id, "Riverside", "UTC"), Token);
        (await configurations.ChangeAsync(Id, "ada", old => old, Token)).Version.ShouldBe(1);
        await Should.ThrowAsync<ArgumentException>(() => configurations.ChangeAsync(Id, "ada", old => old with { Id = "other" }, Token));
        await Should.ThrowAsync<ArgumentException>(() => configurations.ChangeAsync("nobody", "ada", old => old, Token));
    }

    [Fact]
    public async Task What_was_found_for_the_pages_of_an_app_goes_when_a_file_no_longer_has_it()
    {
        var file = File("s3cret");
        await configurations.ApplyAsync(file, "ada", Token);
        var store = (await installation.OpenAsync(Id, Token))!;
        await store.Jobs.AddAsync("sis", "survey", "ada", TimeProvider.System.GetUtcNow(), Token);
        var without = new ConfigurationFileResult.Read(file.Configuration.Without("sis"), new Dictionary<(string App, string Setting), string>());
        await configurations.ApplyAsync(without, "ada", Token);
        (await store.Jobs.LatestAsync("sis", "survey", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_webhook_goes_with_its_secret_by_the_file_and_by_the_console()
    {
        const string Secret = "a-secret-of-more-than-24-letters";
        var file = File("s3cret");
        var with = new ConfigurationFileResult.Read(
            file.Configuration with
            {
                Webhook = new WebhookSettings("https://hooks.riverside.example"),
            },
            new Dictionary<(string App, string Setting), string>(file.Secrets) { [(WebhookSettings.Owner, WebhookSettings.Secret)] = Secret }
        );
        await configurations.ApplyAsync(with, "ada", Token);
        (await configurations.ApplyAsync(with, "ada", Token)).Changed.ShouldBeFalse();
        var store = (await installation.OpenAsync(Id, Token))!;
        (await store.Configuration.GetSecretAsync(WebhookSettings.SecretName, Token)).ShouldBe(new PlainSecrets().Protect(Secret));

        await configurations.SetWebhookAsync(Id, new WebhookSettings("https://other.riverside.example"), secret: null, "bob", Token);
        (await store.Configuration.GetSecretAsync(WebhookSettings.SecretName, Token)).ShouldBe(new PlainSecrets().Protect(Secret));
        await configurations.SetWebhookAsync(
            Id,
            new WebhookSettings("https://other.riverside.example"),
            "another-secret-of-many-letters",
            "bob",
            Token
        );
        audit
            .Entries.Where(entry => entry.Who == "bob")
            .Select(entry => (entry.Action, entry.Subject, entry.OldValue, entry.NewValue))
            .ShouldBe([
                (
                    AuditActions.ConfigurationSaved,
                    "district.notifications.webhook.url",
                    "\"https://hooks.riverside.example\"",
                    "\"https://other.riverside.example\""
                ),
                (AuditActions.SecretSet, "district.notifications.webhook.secret", null, null),
            ]);
        audit.Entries.ShouldAllBe(entry =>
            !$"{entry}".Contains("another-secret", StringComparison.Ordinal) && !$"{entry}".Contains(Secret, StringComparison.Ordinal)
        );

        await configurations.ApplyAsync(with, "ada", Token);
        audit
            .Entries[^1]
            .ShouldSatisfyAllConditions(
                last => last.Subject.ShouldBe("district.notifications.webhook.secret"),
                last => last.NewValue.ShouldBe("\"changed\"")
            );
        await configurations.ApplyAsync(file, "ada", Token);
        (await store.Configuration.GetSecretAsync(WebhookSettings.SecretName, Token)).ShouldBeNull();
        await configurations.ApplyAsync(with, "ada", Token);
        await configurations.SetWebhookAsync(Id, null, null, "bob", Token);
        (await store.Configuration.GetSecretAsync(WebhookSettings.SecretName, Token)).ShouldBeNull();
        DistrictConfiguration.FromDocument((await store.Configuration.LatestAsync(Token))!.Document).Webhook.ShouldBeNull();
    }

    private static ConfigurationFileResult.Read File(string secret) =>
        new(
            new DistrictConfiguration
            {
                Id = Id,
                Name = "Riverside",
                Apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
                {
                    ["sis"] = new() { Type = "synergy", Secrets = ["clientSecret"] },
                },
            },
            new Dictionary<(string App, string Setting), string> { [("sis", "clientSecret")] = secret }
        );
}
