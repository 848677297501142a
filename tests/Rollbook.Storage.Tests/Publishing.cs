using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Publications in one line.</summary>
internal static class Publishing
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static readonly UnresolvedChanges NothingUnresolved = new(ClearAll: false, [], []);

    public static async Task<long> StartRunAsync(this IDistrictStore store, string app = "synergy")
    {
        var token = TestContext.Current.CancellationToken;
        var run = await store.Runs.AddAsync(app, "command", "ada", 1, Noon, token);
        (await store.Runs.MoveAsync(run.Number, "queued", "publishing", null, null, token)).ShouldBeTrue();
        return run.Number;
    }

    public static Publication Publication(
        long run,
        int baseVersion,
        IChangeSet changes,
        UnresolvedChanges? unresolved = null,
        string app = "synergy"
    ) =>
        new(
            run,
            app,
            baseVersion,
            3,
            "fingerprint " + run,
            "ada",
            () => Noon,
            "because",
            changes,
            unresolved ?? NothingUnresolved,
            [],
            (version, _) => $$"""{"version":{{version?.ToString() ?? "null"}}}"""
        );

    public static Publication Publication(long run, int baseVersion, MemberChanges members) =>
        Publication(run, baseVersion, new MemoryChangeSet()) with
        {
            Members = members,
        };

    public static async Task<int> PublishAsync(this IDistrictStore store, params IEnumerable<StagedChange> changes)
    {
        var token = TestContext.Current.CancellationToken;
        var latest = (await store.Roster.LatestAsync(token))?.Number ?? 0;
        var result = await store.Roster.PublishAsync(Publication(await store.StartRunAsync(), latest, new MemoryChangeSet(changes)), token);
        return result.ShouldBeOfType<PublishResult.Published>().Version;
    }
}
