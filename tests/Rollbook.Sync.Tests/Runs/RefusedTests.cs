using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Runs;

/// <summary>An import that can't begin: whoever asks is told, and what the schedule asks for is a failed run.</summary>
public sealed class RefusedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("no app", "has no app sis")]
    [InlineData("no connector", "of type fax, which is not one that imports")]
    [InlineData("no key", "can't be decrypted")]
    public async Task A_scheduled_import_that_can_not_begin_is_a_failed_run_that_says_why(string what, string why)
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ConfigureAsync(
            what is "no app" ? null
            : what is "no connector" ? new AppConfiguration { Type = "fax" }
            : new AppConfiguration { Type = source.Type, Secrets = ["clientSecret"] }
        );
        await district.Store.Configuration.SetSecretAsync("sis/clientSecret", [1], Token);
        await using var imports = new Imports(
            district.Installation,
            [source],
            new LostKeys(),
            new ImportOptions(district.WorkFolder),
            TimeProvider.System,
            NullLogger<Imports>.Instance
        );

        var shown = await imports.StartAsync(TestDistrict.Id, TestDistrict.App, "console", "ada", Token);
        shown.ShouldBeOfType<StartResult.Refused>().Message.ShouldContain(why);
        (await district.Store.Runs.ListAsync(null, null, 10, Token)).ShouldBeEmpty("the person was told");

        var refused = await imports.StartAsync(TestDistrict.Id, TestDistrict.App, Imports.Schedule, "Schedule", Token);
        var message = refused.ShouldBeOfType<StartResult.Refused>().Message;
        var run = (await district.Store.Runs.ListAsync(TestDistrict.App, null, 10, Token)).ShouldHaveSingleItem();
        run.ShouldSatisfyAllConditions(
            () => run.State.ShouldBe("failed"),
            () => run.Trigger.ShouldBe("schedule"),
            () => run.EndedAt.ShouldNotBeNull(),
            () => RunReport.FromJson(run.Report).Failure.ShouldBe(new RunFailure("settings", message, Retry: false))
        );

        // The lock is free.
        (await imports.StartAsync(TestDistrict.Id, TestDistrict.App, "console", "ada", Token)).ShouldBeOfType<StartResult.Refused>();
    }

    /// <summary>The keys with which secrets were encrypted are gone.</summary>
    private sealed class LostKeys : ISecrets
    {
        public byte[] Protect(string secret) => throw new CryptographicException();

        public string Unprotect(byte[] encrypted) => throw new CryptographicException();
    }
}
