using CsCheck;
using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Versions compared, brought back and purged.</summary>
public abstract class RollbackCompliance(TestBed bed)
{
    private static readonly Kind[] SomeKinds = [Kind.School, Kind.Student, Kind.Teacher, Kind.Enrollment];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_two_of_random_versions_differ_as_a_naive_model_says() =>
        await Gen.Int.Array[8].SampleAsync(CompareAsync, iter: 8, threads: 1);

    [Fact]
    public async Task After_random_publications_and_rollbacks_what_is_set_aside_laid_over_the_roster_is_what_the_last_publication_gave() =>
        await Gen.Int.Array[14].SampleAsync(SetAsideAsync, iter: 10, threads: 1);

    [Fact]
    public async Task A_rollback_accepts_no_upload_and_says_of_its_version_what_it_restored()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.School, "s1", ("name", "Lincoln")));
        await store.PublishAsync(Records.Update(Kind.School, "s1", ("name", "Linkoln")), Records.Create(Kind.School, "s2"));
        var accepted = await store.Uploads.AcceptedAsync("synergy", Token);

        await RollBackAsync(store, 1);

        var version = (await store.Roster.LatestAsync(Token))!;
        (version.Number, version.Restored, version.App, version.Totals[Kind.School]).ShouldBe((3, 1, RunRecord.NoApp, 1));
        (await store.Roster.VersionAsync(2, Token))!.Restored.ShouldBeNull();
        (await store.Uploads.AcceptedAsync("synergy", Token)).ShouldBe(accepted);
        (await store.Uploads.AcceptedAsync(RunRecord.NoApp, Token)).ShouldBeNull();
        (await store.SetAside.PendingAsync(Token))!.Number.ShouldBe(3);
        var record = (await store.Roster.GetAsync(Kind.School, Records.Id(Kind.School, "s1"), null, Token))!;
        (record.Row["name"], record.Since).ShouldBe(("Lincoln", 3));
        (await store.Roster.HashesAsync(Kind.School, [record.Id], Token))[record.Id].ShouldBe(record.Row.Hash);

        await store.PublishAsync(Records.Create(Kind.School, "s3"));
        (await store.SetAside.PendingAsync(Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_purge_frees_what_only_old_versions_need_and_leaves_their_entries()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.Student, "u1", ("givenName", "Amy")), Records.Create(Kind.Student, "u2"));
        await store.PublishAsync(Records.Update(Kind.Student, "u1", ("givenName", "Amara")));
        await store.PublishAsync(Records.Update(Kind.Student, "u1", ("givenName", "Amira")), Records.Delete(Kind.Student, "u2"));
        await store.PublishAsync(Records.Update(Kind.Student, "u1", ("givenName", "Ada")));
        var third = await store.Roster.ReadAsync(Kind.Student, 3, Token).ToListAsync(Token);
        (await store.Roster.VersionAsync(1, Token))!.IsPurged.ShouldBeFalse();

        (await store.Roster.PurgeAsync(3, Token)).ShouldBe(3);

        var versions = await store.Roster.VersionsAsync(null, 10, Token);
        versions
            .Select(version => (version.Number, version.IsPurged, version.HasChanges))
            .ShouldBe([(4, false, true), (3, false, false), (2, true, false), (1, true, false)]);
        versions[^1].Changes[Kind.Student].Create.ShouldBe(2);
        (await store.Roster.ReadAsync(Kind.Student, 3, Token).ToListAsync(Token)).ShouldBe(third);
        (await store.Roster.ChangesAsync(4, Kind.Student, null, null, 10, Token)).ShouldHaveSingleItem().Old!.Value["givenName"].ShouldBe("Amira");
        (await store.Roster.HistoryAsync(Kind.Student, Records.Id(Kind.Student, "u1"), Token)).Select(change => change.Version.Number).ShouldBe([4]);
        (await store.Roster.CountDifferencesAsync(3, 4, Token))[Kind.Student].Update.ShouldBe(1);
        (await store.Roster.PurgeAsync(2, Token)).ShouldBe(0);
        (await store.Roster.VersionAsync(3, Token))!.OldestKept.ShouldBe(3);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => store.Roster.PurgeAsync(5, Token));

        // What was cut off is finished by the next one.
        await bed.SqlAsync(store.District.Id, "UPDATE counter SET value = 4 WHERE name = 'oldest'");
        (await store.Roster.PurgeAsync(4, Token)).ShouldBe(1);
        await store.PublishAsync(Records.Create(Kind.Student, "u3"));
        (await store.Roster.ChangesAsync(5, Kind.Student, null, null, 10, Token)).Count.ShouldBe(1);
    }

    private async Task CompareAsync(int[] seeds)
    {
        var store = await bed.NewDistrictAsync();
        var model = new NaiveRoster();
        var random = new Random(seeds[0]);
        for (var step = 0; step < seeds.Length; step++)
        {
            // Every third brings something back, so that records differ between neighbours and not between others.
            var changes = step > 1 && step % 3 == 2 ? model.Between(step, random.Next(step)) : model.Next(new Random(seeds[step]), SomeKinds);
            changes = changes.Count == 0 ? model.Next(new Random(seeds[step]), SomeKinds) : changes;
            model.Apply(await store.PublishAsync(changes), changes);
        }

        for (var from = 1; from <= seeds.Length; from++)
        {
            for (var to = 1; to <= seeds.Length; to++)
            {
                var counts = await store.Roster.CountDifferencesAsync(from, to, Token);
                foreach (var kind in SomeKinds)
                {
                    var expected = model.Differences(from, to, kind);
                    (await PagedAsync(store, from, to, kind, operation: null)).ShouldBe(expected);
                    var ofKind = counts.GetValueOrDefault(kind) ?? new ChangeCounts();
                    ofKind.ShouldBe(
                        new ChangeCounts(
                            Of(expected, Operation.Create),
                            Of(expected, Operation.Update),
                            Of(expected, Operation.Delete),
                            Of(expected, Operation.Rekey)
                        )
                    );
                    foreach (var operation in Enum.GetValues<Operation>())
                    {
                        (await PagedAsync(store, from, to, kind, operation)).ShouldBe(expected.Where(change => change.Operation == operation));
                    }

                    if (to < from)
                    {
                        (await store.Roster.BackAsync(from, to, kind, Token).ToListAsync(Token))
                            .Select(change => (change.Operation, change.Id, change.Operation == Operation.Delete ? null : (Row?)change.Row))
                            .ShouldBe(expected.Select(change => (change.Operation, change.Id, change.New)));
                    }
                }
            }
        }
    }

    private async Task SetAsideAsync(int[] seeds)
    {
        var store = await bed.NewDistrictAsync();
        var model = new NaiveRoster();
        var given = 0;
        for (var step = 0; step < seeds.Length; step++)
        {
            var random = new Random(seeds[step]);
            if (step > 0 && random.Next(3) > 0)
            {
                var target = random.Next(1, step + 1);
                var changes = model.Between(step, target);
                if (changes.Count == 0)
                {
                    changes = model.Next(random, SomeKinds);
                    model.Apply(await store.PublishAsync(changes), changes);
                    given = step + 1;
                }
                else
                {
                    model.Apply(await RollBackAsync(store, target), changes);
                }
            }
            else
            {
                var changes = model.Next(random, SomeKinds);
                model.Apply(await store.PublishAsync(changes), changes);
                given = step + 1;
            }

            var expected = SomeKinds.SelectMany(kind => model.Differences(step + 1, given, kind)).ToList();
            var actual = new List<SetAside>();
            foreach (var kind in SomeKinds)
            {
                var ofKind = await store.SetAside.ReadAsync(kind, Token).ToListAsync(Token);
                (await store.SetAside.GetAsync(kind, [.. NaiveRoster.Ids(kind)], Token)).Values.OrderBy(record => record.Id).ShouldBe(ofKind);
                actual.AddRange(ofKind);
            }

            actual.ShouldBe(expected.Select(change => new SetAside(change.Kind, change.Id, change.New)));
            (await store.SetAside.PendingAsync(Token) is null).ShouldBe(expected.Count == 0);
        }
    }

    private static async Task<int> RollBackAsync(IDistrictStore store, int version)
    {
        var latest = (await store.Roster.LatestAsync(Token))!.Number;
        var changes = new List<StagedChange>();
        foreach (var kind in Kinds.All)
        {
            changes.AddRange(await store.Roster.BackAsync(latest, version, kind.Kind, Token).ToListAsync(Token));
        }

        var run = await store.StartRunAsync(RunRecord.NoApp);
        var publication = Publishing.Publication(run, latest, new MemoryChangeSet(changes), app: RunRecord.NoApp) with { Restores = version };
        return (await store.Roster.PublishAsync(publication, Token)).ShouldBeOfType<PublishResult.Published>().Version;
    }

    private static long Of(List<PublishedChange> changes, Operation operation) => changes.LongCount(change => change.Operation == operation);

    private static async Task<List<PublishedChange>> PagedAsync(IDistrictStore store, int from, int to, Kind kind, Operation? operation)
    {
        var all = new List<PublishedChange>();
        while (true)
        {
            var page = await store.Roster.DifferencesAsync(from, to, kind, operation, all.Count == 0 ? null : all[^1].Id, 4, Token);
            all.AddRange(page);
            if (page.Count < 4)
            {
                return all;
            }
        }
    }
}
