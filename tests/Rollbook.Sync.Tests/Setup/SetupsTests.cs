using System.Security.Cryptography;
using Rollbook.Sources.Synergy;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Setup;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Setup;

/// <summary>From a draft to an app in force: nothing is lost, and whoever is late is told.</summary>
public sealed class SetupsTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> NoSecrets = [];
    private static readonly Dictionary<string, string> Secret = new() { ["clientSecret"] = "s3cret" };

    private readonly MemoryAuditLog audit = new();
    private TestDistrict district = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDistrictStore Store => district.Store;

    public async ValueTask InitializeAsync() => district = await TestDistrict.StartAsync(GuardTests.Filled());

    public ValueTask DisposeAsync() => district.DisposeAsync();

    [Fact]
    public async Task Several_apps_of_one_type_get_numbers()
    {
        var setups = NewSetups();
        (await setups.ActivateAsync(Store, "synergy", "ada", Token)).App.ShouldBe("synergy");
        (await setups.ActivateAsync(Store, "synergy", "ada", Token)).ShouldSatisfyAllConditions(
            second => second.App.ShouldBe("synergy-2"),
            second => second.Configuration.Name.ShouldBe("Synergy 2"),
            second => second.Configuration.Schools.Auto.ShouldBeFalse()
        );
        (await setups.DraftsAsync(Store, Token)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_at_one_step_are_told_and_two_at_different_steps_do_not_meet(bool isDraft)
    {
        var setups = NewSetups();
        var opened = await ReadyAsync(setups, isDraft);
        var schedule = new SyncSchedule { Times = [new TimeOnly(2, 0)] };
        (await SaveAsync(setups, opened, SetupStep.Schedule, app => app with { Schedule = schedule })).ShouldBeOfType<SaveResult.Saved>();
        (
            await SaveAsync(setups, opened, SetupStep.SchoolsMapping, app => app with { Schools = SchoolsMapping.Automatic })
        ).ShouldBeOfType<SaveResult.Saved>();
        (await SaveAsync(setups, opened, SetupStep.Schedule, app => app with { Schedule = null })).ShouldBeOfType<SaveResult.Conflict>();
        var now = (await setups.OpenAsync(Store, "synergy", Token))!;
        now.Configuration.Schedule.ShouldBe(schedule);
        now.Configuration.Schools.ShouldBe(SchoolsMapping.Automatic);
        (await SaveAsync(setups, now, SetupStep.Schedule, app => app with { Schedule = null })).ShouldBeOfType<SaveResult.Saved>();
    }

    [Fact]
    public async Task What_was_looked_at_is_saved_on_nothing_else()
    {
        var setups = NewSetups();
        var opened = await ReadyAsync(setups, isDraft: false);
        (
            await SaveAsync(setups, opened, SetupStep.SchoolsMapping, app => app with { Schools = SchoolsMapping.Automatic })
        ).ShouldBeOfType<SaveResult.Saved>();
        var moved = (await NameAsync(opened.Configuration.ToDocument())).ShouldBeOfType<SaveResult.Moved>();
        moved.Now.Configuration.Schools.ShouldBe(SchoolsMapping.Automatic);
        (await setups.OpenAsync(Store, "synergy", Token))!.Configuration.Name.ShouldNotBe("First");
        (await NameAsync(moved.Now.Configuration.ToDocument())).ShouldBeOfType<SaveResult.Saved>();

        Task<SaveResult> NameAsync(string seen) =>
            setups.SaveAsync(
                Store,
                "synergy",
                SetupStep.Done,
                opened.Opened(SetupStep.Done),
                app => app with { Name = "First" },
                NoSecrets,
                SetupStep.Done,
                "ada",
                Token,
                seen
            );
    }

    [Fact]
    public async Task Two_who_name_an_app_at_once_are_told()
    {
        var setups = NewSetups();
        var opened = await ReadyAsync(setups, isDraft: false);
        (await SaveAsync(setups, opened, SetupStep.Done, app => app with { Name = "First" })).ShouldBeOfType<SaveResult.Saved>();
        (await SaveAsync(setups, opened, SetupStep.Done, app => app with { Name = "Second" })).ShouldBeOfType<SaveResult.Conflict>();
    }

    [Fact]
    public async Task What_someone_saves_while_another_finishes_is_in_force_too()
    {
        var setups = NewSetups();
        await ReadyAsync(setups, isDraft: true);
        var schedule = new SyncSchedule { Times = [new TimeOnly(3, 0)] };
        var isFirst = true;
        audit.BeforeWrite = async entry =>
        {
            // The configuration is in force and the draft is not gone yet.
            if (entry.Action == AuditActions.ConfigurationSaved && isFirst)
            {
                isFirst = false;
                var draft = (await setups.OpenAsync(Store, "synergy", Token))!;
                (await SaveAsync(setups, draft, SetupStep.Schedule, app => app with { Schedule = schedule })).ShouldBeOfType<SaveResult.Saved>();
            }
        };
        (await setups.FinishAsync(Store, "synergy", "bo", Token)).ShouldBeEmpty();
        isFirst.ShouldBeFalse();
        var finished = (await setups.OpenAsync(Store, "synergy", Token))!;
        finished.IsDraft.ShouldBeFalse();
        finished.Configuration.Schedule.ShouldBe(schedule);
    }

    [Fact]
    public async Task A_secret_is_not_kept_for_another_address_than_it_was_entered_for()
    {
        var setups = NewSetups();
        var opened = await ReadyAsync(setups, isDraft: true);
        var other = opened.Configuration.Delivery.ToDictionary();
        other["pageSize"] = "500";
        var same = (await DeliverAsync(opened, NoSecrets)).ShouldBeOfType<SaveResult.Saved>().Setup;
        same.Configuration.Secrets.ShouldBe(["clientSecret"]);

        // Going back in the wizard saves what is not right yet.
        other["tokenUrl"] = "https://mine.example/token";
        var moved = (await DeliverAsync(same, NoSecrets)).ShouldBeOfType<SaveResult.Saved>().Setup;
        moved.Configuration.Secrets.ShouldBeEmpty();
        (await Store.Configuration.GetSecretAsync("synergy/clientSecret", Token)).ShouldBeNull();

        var entered = (await DeliverAsync(moved, Secret)).ShouldBeOfType<SaveResult.Saved>().Setup;
        entered.Configuration.Secrets.ShouldBe(["clientSecret"]);

        Task<SaveResult> DeliverAsync(AppSetup now, Dictionary<string, string> secret) =>
            SaveAsync(setups, now, SetupStep.DeliveryConfig, app => app with { Delivery = new Dictionary<string, string>(other) }, secret);
    }

    [Fact]
    public async Task No_secret_of_before_is_kept_at_the_moment_when_another_address_is_in_force()
    {
        var setups = NewSetups();
        await ReadyAsync(setups, isDraft: false);
        var now = (await setups.OpenAsync(Store, "synergy", Token))!;
        var isInForce = false;
        audit.BeforeWrite = async entry =>
        {
            if (entry.Action == AuditActions.ConfigurationSaved && !isInForce)
            {
                isInForce = true;
                (await Store.Configuration.GetSecretAsync("synergy/clientSecret", Token)).ShouldBeNull();
            }
        };
        var other = new Dictionary<string, string>(now.Configuration.Delivery) { ["apiUrl"] = "https://mine.example" };
        (await SaveAsync(setups, now, SetupStep.DeliveryConfig, app => app with { Delivery = other }, Secret)).ShouldBeOfType<SaveResult.Saved>();
        isInForce.ShouldBeTrue();
        (await Store.Configuration.GetSecretAsync("synergy/clientSecret", Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_missing_is_named_and_nothing_is_put_in_force()
    {
        var setups = NewSetups();
        await setups.ActivateAsync(Store, "synergy", "ada", Token);
        (await setups.FinishAsync(Store, "synergy", "ada", Token))
            .Select(problem => problem.Field)
            .ShouldBe(["apiUrl", "clientId", "clientSecret", "acceptTerms"], ignoreOrder: true);
        (await setups.OpenAsync(Store, "synergy", Token))!.IsDraft.ShouldBeTrue();
    }

    [Fact]
    public async Task A_secret_that_can_not_be_read_any_more_is_a_problem_that_says_what_to_do()
    {
        var setup = await ReadyAsync(NewSetups(), isDraft: true);
        var problem = (await NewSetups(new LostKeys()).ProblemsAsync(Store, setup, Token)).ShouldHaveSingleItem();
        problem.Step.ShouldBe(SetupStep.DeliveryConfig);
        problem.Message.ShouldContain("Enter it again");
    }

    [Fact]
    public async Task Who_accepted_the_terms_is_kept()
    {
        var setups = NewSetups();
        await ReadyAsync(setups, isDraft: true);
        var acceptance = (await setups.AcceptanceAsync(Store, "synergy", Token)).ShouldNotBeNull();
        acceptance.Entry.Who.ShouldBe("ada");
        acceptance.Entry.NewValue!.ShouldContain(TermsOfUse.Terms);
        audit.Entries.ShouldContain(entry => entry.Action == AuditActions.SecretSet && entry.NewValue == null);
    }

    [Fact]
    public async Task A_file_takes_the_place_of_a_set_up_that_was_begun()
    {
        var setups = NewSetups();
        await ReadyAsync(setups, isDraft: true);
        var file = new DistrictConfiguration { Id = TestDistrict.Id, Name = "Riverside" }.With(
            "synergy",
            new AppConfiguration { Type = "synergy", Name = "By file" }
        );
        await NewConfigurations().ApplyAsync(new ConfigurationFileResult.Read(file, new Dictionary<(string, string), string>()), "root", Token);
        var now = (await setups.OpenAsync(Store, "synergy", Token))!;
        (now.IsDraft, now.Configuration.Name).ShouldBe((false, "By file"));
        audit.Entries.ShouldContain(entry => entry.Action == AuditActions.AppDiscarded && entry.Subject == "apps.synergy");
    }

    [Fact]
    public async Task Discarding_a_set_up_leaves_an_app_in_force_alone()
    {
        var setups = NewSetups();
        var inForce = await ReadyAsync(setups, isDraft: false);
        var draft = inForce with { IsDraft = true };
        await Store.Drafts.SaveAsync("synergy", 0, draft.ToDraftDocument(), "ada", TimeProvider.System.GetUtcNow(), Token);
        var deactivations = new Deactivations(district.Imports, NewConfigurations(), [new SynergyConnector()], audit, TimeProvider.System);
        await deactivations.DiscardAsync(Store, "synergy", "bo", Token);
        (await setups.OpenAsync(Store, "synergy", Token))!.IsDraft.ShouldBeFalse();
        (await Store.Configuration.GetSecretAsync("synergy/clientSecret", Token)).ShouldNotBeNull();

        await setups.ActivateAsync(Store, "synergy", "ada", Token);
        await Store.Configuration.SetSecretAsync("synergy-2/clientSecret", [1], Token);
        await deactivations.DiscardAsync(Store, "synergy-2", "bo", Token);
        (await setups.OpenAsync(Store, "synergy-2", Token)).ShouldBeNull();
        (await Store.Configuration.GetSecretAsync("synergy-2/clientSecret", Token)).ShouldBeNull();
    }

    /// <summary>A set-up with which nothing is wrong.</summary>
    private async Task<AppSetup> ReadyAsync(Setups setups, bool isDraft)
    {
        var activated = await setups.ActivateAsync(Store, "synergy", "ada", Token);
        var saved = await SaveAsync(
            setups,
            activated,
            SetupStep.DeliveryConfig,
            app =>
                app with
                {
                    AcceptTerms = true,
                    Delivery = new Dictionary<string, string> { ["apiUrl"] = "https://sis.riverside.example", ["clientId"] = "rollbook" },
                },
            Secret
        );
        saved.ShouldBeOfType<SaveResult.Saved>();
        if (!isDraft)
        {
            (await setups.FinishAsync(Store, "synergy", "ada", Token)).ShouldBeEmpty();
        }

        return (await setups.OpenAsync(Store, "synergy", Token))!;
    }

    private Task<SaveResult> SaveAsync(
        Setups setups,
        AppSetup opened,
        SetupStep step,
        Func<AppConfiguration, AppConfiguration> change,
        Dictionary<string, string>? secret = null
    ) => setups.SaveAsync(Store, opened.App, step, opened.Opened(step), change, secret ?? NoSecrets, step, "ada", Token);

    private Configurations NewConfigurations() => new(district.Installation, new PlainSecrets(), audit, TimeProvider.System);

    private Setups NewSetups(ISecrets? secrets = null) =>
        new([new SynergyConnector()], [], NewConfigurations(), secrets ?? new PlainSecrets(), audit, TimeProvider.System);

    private sealed class LostKeys : ISecrets
    {
        public byte[] Protect(string secret) => [];

        public string Unprotect(byte[] encrypted) => throw new CryptographicException("The key is gone.");
    }
}
