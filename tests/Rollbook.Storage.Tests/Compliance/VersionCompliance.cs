using CsCheck;
using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Whatever was published, every version, change and history is what a naive model in memory says.</summary>
public abstract class VersionCompliance(TestBed bed)
{
    private static readonly Kind[] SomeKinds = [Kind.School, Kind.Student, Kind.Teacher, Kind.Enrollment];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Random_publications_read_back_as_a_naive_model_says() => await Gen.Int.Array[14].SampleAsync(CheckAsync, iter: 12, threads: 1);

    [Fact]
    public async Task Versions_are_listed_newest_first()
    {
        var store = await bed.NewDistrictAsync();
        for (var i = 0; i < 5; i++)
        {
            await store.PublishAsync(Records.Create(Kind.School, $"s{i}"));
        }

        (await store.Roster.VersionsAsync(null, 2, Token)).Select(version => version.Number).ShouldBe([5, 4]);
        (await store.Roster.VersionsAsync(4, 10, Token)).Select(version => version.Number).ShouldBe([3, 2, 1]);
        (await store.Roster.VersionAsync(3, Token))!.Totals[Kind.School].ShouldBe(3);
        (await store.Roster.VersionAsync(6, Token)).ShouldBeNull();
    }

    private async Task CheckAsync(int[] seeds)
    {
        var store = await bed.NewDistrictAsync();
        var model = new NaiveRoster();
        foreach (var seed in seeds)
        {
            var changes = model.Next(new Random(seed), SomeKinds);
            var version = await store.PublishAsync(changes);
            model.Apply(version, changes);
        }

        for (var version = 1; version <= seeds.Length; version++)
        {
            foreach (var kind in SomeKinds)
            {
                (await store.Roster.ReadAsync(kind, version, Token).ToListAsync(Token)).ShouldBe(model.Read(version, kind));
                (await PagedAsync(store, version, kind, null)).ShouldBe(model.Changes(version, kind, null));
                foreach (var operation in Enum.GetValues<Operation>())
                {
                    (await PagedAsync(store, version, kind, operation)).ShouldBe(model.Changes(version, kind, operation));
                }

                (await store.Roster.VersionAsync(version, Token))!.Totals[kind].ShouldBe(model.Read(version, kind).Count);
            }
        }

        foreach (var kind in SomeKinds)
        {
            (await store.Roster.ReadAsync(kind, null, Token).ToListAsync(Token)).ShouldBe(model.Read(seeds.Length, kind));
            (await store.Roster.HashesAsync(kind, [.. NaiveRoster.Ids(kind)], Token))
                .Select(record => (record.Key, record.Value))
                .ShouldBe(model.Read(seeds.Length, kind).Select(record => (record.Id, record.Row.Hash)), ignoreOrder: true);
            var hashes = new List<(RollbookId Id, UInt128 Hash)>();
            await store.Roster.HashesAsync(kind, (id, hash) => hashes.Add((id, hash)), Token);
            hashes.ShouldBe(model.Read(seeds.Length, kind).Select(record => (record.Id, record.Row.Hash)), ignoreOrder: true);
            foreach (var id in NaiveRoster.Ids(kind))
            {
                var history = await store.Roster.HistoryAsync(kind, id, Token);
                history.Select(change => (change.Version.Number, change.Change)).ShouldBe(model.History(kind, id));
            }
        }
    }

    private static async Task<List<PublishedChange>> PagedAsync(IDistrictStore store, int version, Kind kind, Operation? operation)
    {
        var all = new List<PublishedChange>();
        while (true)
        {
            var page = await store.Roster.ChangesAsync(version, kind, operation, all.Count == 0 ? null : all[^1].Id, 3, Token);
            all.AddRange(page);
            if (page.Count < 3)
            {
                return all;
            }
        }
    }
}
