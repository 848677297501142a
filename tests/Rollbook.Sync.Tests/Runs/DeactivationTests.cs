using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Setup;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Runs;

/// <summary>An app is taken out of a district, with what it feeds or without.</summary>
public sealed class DeactivationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_its_data_nothing_of_the_app_is_left_but_history()
    {
        var source = GuardTests.Filled();
        await using var district = await ActivatedAsync(source);
        await district.ImportAsync();
        var audit = new MemoryAuditLog();
        var result = await DeactivateAsync(district, source, audit, removeData: true);
        result.ShouldBe(new DeactivationResult.Deactivated(2));
        (await district.RosterAsync()).ShouldBeEmpty();
        await NothingIsLeftAsync(district);
        (await district.Store.Runs.ListAsync(TestDistrict.App, null, 10, Token)).Count.ShouldBe(2);
        audit
            .Entries.Select(entry => (entry.Action, entry.Subject, entry.NewValue))
            .ShouldBe([(AuditActions.ConfigurationSaved, "apps.sis", null), (AuditActions.AppDeactivated, "apps.sis", """{"removeData":true}""")]);
    }

    [Fact]
    public async Task Without_its_data_the_records_stay_and_it_goes_on_from_there_when_it_comes_back()
    {
        var source = GuardTests.Filled();
        await using var district = await ActivatedAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();
        (await DeactivateAsync(district, source, new MemoryAuditLog(), removeData: false)).ShouldBe(new DeactivationResult.Deactivated(null));
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
        await NothingIsLeftAsync(district);
        await district.ConfigureAsync(source.Type, bulk: true, prefix: "");
        (await district.ImportAsync()).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task While_an_import_runs_nothing_is_done()
    {
        var gate = new TaskCompletionSource();
        var source = GuardTests.Filled();
        await using var district = await ActivatedAsync(source);
        await district.ImportAsync();
        source.BeforePage = (_, token) => gate.Task.WaitAsync(token);
        var import = (
            await district.Imports.StartAsync(TestDistrict.Id, TestDistrict.App, "command", "test", Token)
        ).ShouldBeOfType<StartResult.Started>();
        (await DeactivateAsync(district, source, new MemoryAuditLog(), removeData: true)).ShouldBeOfType<DeactivationResult.Refused>();
        gate.SetResult();
        await district.Imports.WaitAsync(TestDistrict.Id, import.Run, Token);
        DistrictConfiguration.FromDocument((await district.Store.Configuration.LatestAsync(Token))!.Document).Apps.ShouldNotBeEmpty();
        (await district.Store.Configuration.GetSecretAsync("sis/clientSecret", Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_app_that_was_never_imported_or_never_finished_goes_too()
    {
        var source = GuardTests.Filled();
        await using var district = await ActivatedAsync(source);
        (await DeactivateAsync(district, source, new MemoryAuditLog(), removeData: true)).ShouldBe(new DeactivationResult.Deactivated(null));
        await NothingIsLeftAsync(district);
        await district.Store.Drafts.SaveAsync(TestDistrict.App, 0, "{}", "ada", TimeProvider.System.GetUtcNow(), Token);
        (await DeactivateAsync(district, source, new MemoryAuditLog(), removeData: false)).ShouldBe(new DeactivationResult.Deactivated(null));
        await NothingIsLeftAsync(district);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_for_a_person_goes_with_the_app(bool removeData)
    {
        var source = GuardTests.Filled();
        await using var district = await ActivatedAsync(source);
        await district.ConfigureAsync(source.Type, bulk: true, prefix: "", preview: true);
        var waiting = await district.ImportOnceAsync();
        waiting.State.ShouldBe("waiting");

        (await DeactivateAsync(district, source, new MemoryAuditLog(), removeData)).ShouldBe(new DeactivationResult.Deactivated(null));

        (await district.Store.Runs.GetAsync(waiting.Number, Token))!.State.ShouldBe("declined");
        (await district.Store.Staged.CountsAsync(waiting.Number, Token)).ShouldBeEmpty();
        (await district.RosterAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Asked_for_twice_at_once_it_is_done_once_and_both_are_told()
    {
        var source = GuardTests.Filled();
        await using var district = await ActivatedAsync(source);
        await district.ImportAsync();
        var results = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => Task.Run(() => DeactivateAsync(district, source, new MemoryAuditLog(), removeData: true), Token))
        );
        results.ShouldAllBe(result => result is DeactivationResult.Deactivated);
        (await district.RosterAsync()).ShouldBeEmpty();
        await NothingIsLeftAsync(district);
    }

    private static async Task<TestDistrict> ActivatedAsync(ScriptedSource source)
    {
        var district = await TestDistrict.StartAsync(source);
        await district.ConfigureAsync(new AppConfiguration { Type = source.Type, Secrets = ["clientSecret"] });
        await district.Store.Configuration.SetSecretAsync("sis/clientSecret", [1], Token);
        await district.Store.Drafts.SaveAsync(TestDistrict.App, 0, "{}", "ada", TimeProvider.System.GetUtcNow(), Token);
        await district.Store.Jobs.AddAsync(TestDistrict.App, "preview", "ada", TimeProvider.System.GetUtcNow(), Token);
        return district;
    }

    private static async Task NothingIsLeftAsync(TestDistrict district)
    {
        DistrictConfiguration.FromDocument((await district.Store.Configuration.LatestAsync(Token))!.Document).Apps.ShouldBeEmpty();
        (await district.Store.Configuration.GetSecretAsync("sis/clientSecret", Token)).ShouldBeNull();
        (await district.Store.Drafts.GetAsync(TestDistrict.App, Token)).ShouldBeNull();
        (await district.Store.Jobs.LatestAsync(TestDistrict.App, "preview", Token)).ShouldBeNull();
    }

    private static Task<DeactivationResult> DeactivateAsync(TestDistrict district, ScriptedSource source, MemoryAuditLog audit, bool removeData) =>
        new Deactivations(
            district.Imports,
            new Configurations(district.Installation, new PlainSecrets(), audit, TimeProvider.System),
            [source],
            audit,
            TimeProvider.System
        ).DeactivateAsync(district.Store, TestDistrict.App, removeData, keepIds: true, "ada", Token);
}
