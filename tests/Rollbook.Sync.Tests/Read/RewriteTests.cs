using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;
using Rollbook.Sync.Replay;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Read;

/// <summary>The kept upload does not grow for ever, however often its records change.</summary>
public sealed class RewriteTests
{
    private const int Users = 500;

    [Fact]
    public async Task However_often_records_change_the_kept_upload_stays_in_proportion_and_says_the_same()
    {
        var source = Source();
        await using var district = await TestDistrict.StartAsync(source);
        for (var import = 0; import < 9; import++)
        {
            Change(source, import);
            (await district.ImportAsync()).State.ShouldBe("published");
            (await EntriesAsync(district)).ShouldBeLessThanOrEqualTo((2 * Users) + 1_000);
            (await KeptAsync(district)).ShouldBe(Said(source), ignoreOrder: true);
            (await district.ImportAsync()).State.ShouldBe("unchanged");
        }

        (await district.RosterAsync()).ShouldBe(SlowReference.Derive(source.Records, TestDistrict.Id, TestDistrict.App, ""), ignoreOrder: true);
    }

    [Fact]
    public async Task A_run_that_fails_after_rewriting_leaves_the_old_segments()
    {
        var source = Source();
        await using var district = await TestDistrict.StartAsync(source);
        for (var import = 0; import < 4; import++)
        {
            Change(source, import);
            (await district.ImportAsync()).State.ShouldBe("published");
        }

        var (before, entries) = (Said(source), await EntriesAsync(district));
        entries.ShouldBe(4 * Users);
        Change(source, 4);
        source.Failure = (Users + 1, new SourceException(SourceFailure.Transient, CheckPart.Roster, "The connection was cut."));
        (await district.ImportAsync()).State.ShouldBe("failed");
        (await EntriesAsync(district)).ShouldBe(entries);
        (await KeptAsync(district)).ShouldBe(before, ignoreOrder: true);

        source.Failure = null;
        (await district.ImportAsync()).State.ShouldBe("published");
        (await EntriesAsync(district)).ShouldBe(Users);
        (await KeptAsync(district)).ShouldBe(Said(source), ignoreOrder: true);
    }

    private static ScriptedSource Source()
    {
        var source = new ScriptedSource(new Random(3));
        source.Records[Collection.Orgs]["o1"] = new()
        {
            ["sourcedId"] = "o1",
            ["name"] = "Lincoln High",
            ["type"] = "school",
        };
        source.Records[Collection.Enrollments]["e1"] = new() { ["sourcedId"] = "e1" };
        return source;
    }

    private static void Change(ScriptedSource source, int import)
    {
        for (var i = 0; i < Users; i++)
        {
            var id = FormattableString.Invariant($"u{i}");
            source.Records[Collection.Users][id] = new()
            {
                ["sourcedId"] = id,
                ["role"] = "student",
                ["givenName"] = FormattableString.Invariant($"name {import}"),
                ["orgs"] = new JsonArray(new JsonObject { ["sourcedId"] = "o1" }),
            };
        }
    }

    private static async Task<long> EntriesAsync(TestDistrict district)
    {
        long entries = 0;
        await foreach (var segment in district.Store.Uploads.ReadIndexAsync(TestDistrict.App, Collection.Users, default))
        {
            entries += segment.Index.Length / UploadIndex.EntrySize;
        }

        return entries;
    }

    private static async Task<List<string>> KeptAsync(TestDistrict district)
    {
        var found = new List<string>();
        await foreach (
            var message in KeptUploadReplay.ReadAsync(
                district.Store.Uploads,
                TestDistrict.App,
                new IdScopes(TestDistrict.Id, TestDistrict.App, ""),
                default
            )
        )
        {
            if (message is SourceMessage.Batch batch)
            {
                using var records = batch.Records;
                found.AddRange(records.Records.Select(record => System.Text.Encoding.UTF8.GetString(records.Json(record).Span)));
            }
        }

        return found;
    }

    private static List<string> Said(ScriptedSource source) =>
        [.. source.Records.Values.SelectMany(records => records.Values).Select(record => record.ToJsonString())];
}
