using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sync.Map;
using Rollbook.Sync.Replay;

namespace Rollbook.Sync.Tests.Derive;

public sealed class ReplayTests
{
    [Fact]
    public async Task The_kept_upload_replayed_is_what_the_source_last_said()
    {
        var random = new Random(5);
        var source = GuardTests.Filled(5);
        var small = new SmallDistrict(random);
        await using var district = await TestDistrict.StartAsync(source);
        for (var import = 0; import < 5; import++)
        {
            await district.ImportAsync();
            source.Records[Collection.Users].Remove(small.Id(Collection.Users));
            var id = small.Id(Collection.Classes);
            source.Records[Collection.Classes][id] = small.Record(Collection.Classes, id);
            var next = small.Id(Collection.Enrollments);
            source.Records[Collection.Enrollments][next] = small.Record(Collection.Enrollments, next);
        }

        await district.ImportAsync();
        var ids = new IdScopes(TestDistrict.Id, TestDistrict.App, "");
        var replayed = await ReadAsync(KeptUploadReplay.ReadAsync(district.Store.Uploads, TestDistrict.App, ids, default));
        var direct = await ReadAsync(
            source.ReadAsync(
                new ReadRequest(new SourceSettings(new Dictionary<string, string>(StringComparer.Ordinal)), family => ids[family]),
                default
            )
        );
        replayed.ShouldBe(direct, ignoreOrder: true);
    }

    [Fact]
    public async Task The_same_upload_again_writes_nothing()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await SegmentsAsync(district);
        (await district.ImportAsync()).State.ShouldBe("unchanged");
        (await SegmentsAsync(district)).ShouldBe(before);
        (await district.Store.Roster.VersionsAsync(null, 10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Another_prefix_derives_everything_again_from_the_same_records()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        await district.ConfigureAsync(source.Type, bulk: true, prefix: "B-");
        (await district.ImportAsync()).State.ShouldBe("published");
        (await district.RosterAsync()).ShouldBe(SlowReference.Derive(source.Records, TestDistrict.Id, TestDistrict.App, "B-"), ignoreOrder: true);
        await district.ConfigureAsync(source.Type, bulk: true, prefix: "");
        await district.ImportAsync();
        (await district.RosterAsync()).ShouldBe(await district.RosterAsync(1), ignoreOrder: true);
    }

    private static async Task<List<int>> SegmentsAsync(TestDistrict district)
    {
        var numbers = new List<int>();
        foreach (var collection in Collections.InOrder)
        {
            await foreach (var segment in district.Store.Uploads.ReadIndexAsync(TestDistrict.App, collection, default))
            {
                numbers.Add(segment.Number);
            }
        }

        return numbers;
    }

    private static async Task<List<(Collection Collection, RollbookId Key, UInt128 Hash)>> ReadAsync(IAsyncEnumerable<SourceMessage> messages)
    {
        var records = new List<(Collection Collection, RollbookId Key, UInt128 Hash)>();
        await foreach (var message in messages)
        {
            if (message is SourceMessage.Batch batch)
            {
                records.AddRange(batch.Records.Records.Select(record => (batch.Collection, record.Key, record.Hash)));
                batch.Records.Dispose();
            }
        }

        return records;
    }
}
